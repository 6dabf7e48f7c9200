// The text of a ballot, read strictly: fields and their order, every point and scalar. Whether it
// fits an election and what its proofs say is ballot_check.js's business.

import { expectFields, parseObject } from "./belenios_json.js";
import { isUuid } from "./election.js";
import { MalformedError } from "./errors.js";
import { parsePoint, parseScalar } from "./group.js";
import { fingerprint } from "./hash.js";

/** @typedef {import("./proofs.js").Proof} Proof */

/**
 * @typedef {object} Choice
 * @property {import("./ciphertext.js").Ciphertext} ciphertext
 * @property {{alpha: string, beta: string}} printed the same, as it stands in the ballot
 */

/**
 * @typedef {object} ChoiceAnswer
 * @property {"choice"} kind
 * @property {Choice[]} choices
 * @property {Proof[][]} individual
 * @property {Proof[]} overall
 * @property {Proof[] | undefined} blank
 */

/**
 * @typedef {object} ListAnswer
 * @property {"lists"} kind
 * @property {Choice[][]} choices
 * @property {Proof[][][]} individual
 * @property {Proof} overall
 * @property {Proof[][]} lists
 * @property {import("./proofs.js").NonzeroProof} nonzero
 */

/** @typedef {ChoiceAnswer | ListAnswer} Answer */

/**
 * @typedef {object} Ballot
 * @property {string} uuid
 * @property {string} electionHash
 * @property {import("./group.js").GroupPoint} credential
 * @property {Answer[]} answers
 * @property {{hash: string, proof: Proof}} signature
 * @property {string} hash what the signature's hash must be
 */

/**
 * @param {string} text
 * @returns {Ballot}
 * @throws {MalformedError}
 */
export function readBallot(text) {
  const value = parseObject(text, "ballot");
  expectFields(value, ["election_uuid", "election_hash", "credential", "answers", "signature"], "ballot");
  expectFields(value.signature, ["hash", "proof"], "signature");
  if (!isUuid(value.election_uuid)) throw new MalformedError("uuid", "not 14 or more base58 characters");
  for (const hash of [value.election_hash, value.signature.hash]) {
    if (typeof hash !== "string") throw new MalformedError("ballot", "a hash is not a string");
  }
  const { signature, ...unsigned } = value;
  const ballot = {
    uuid: value.election_uuid,
    electionHash: value.election_hash,
    credential: parsePoint(value.credential),
    answers: array(value.answers, "ballot").map(readAnswer),
    signature: { hash: signature.hash, proof: readProof(signature.proof) },
    hash: fingerprint(JSON.stringify(unsigned)),
  };
  // Points, scalars and names have one form each; this settles white space and doubled fields.
  if (JSON.stringify(value) !== text) throw new MalformedError("ballot", "not canonical");
  return ballot;
}

/**
 * @param {any} value
 * @returns {Answer}
 */
function readAnswer(value) {
  const isList = value !== null && typeof value === "object" && "list_proofs" in value;
  return isList ? readListAnswer(value) : readChoiceAnswer(value);
}

/**
 * @param {any} value
 * @returns {ChoiceAnswer}
 */
function readChoiceAnswer(value) {
  const hasBlank = value !== null && typeof value === "object" && "blank_proof" in value;
  const fields = ["choices", "individual_proofs", "overall_proof", ...(hasBlank ? ["blank_proof"] : [])];
  expectFields(value, fields, "answer");
  return {
    kind: "choice",
    choices: array(value.choices).map(readChoice),
    individual: array(value.individual_proofs).map(readProofs),
    overall: readProofs(value.overall_proof),
    blank: hasBlank ? readProofs(value.blank_proof) : undefined,
  };
}

/**
 * @param {any} value
 * @returns {ListAnswer}
 */
function readListAnswer(value) {
  const fields = ["choices", "individual_proofs", "overall_proof", "list_proofs", "nonzero_proof"];
  expectFields(value, fields, "answer");
  return {
    kind: "lists",
    choices: array(value.choices).map((list) => array(list).map(readChoice)),
    individual: array(value.individual_proofs).map((list) => array(list).map(readProofs)),
    overall: readProof(value.overall_proof),
    lists: array(value.list_proofs).map(readProofs),
    nonzero: readNonzero(value.nonzero_proof),
  };
}

/**
 * @param {any} value
 * @returns {import("./proofs.js").NonzeroProof}
 */
function readNonzero(value) {
  expectFields(value, ["commitment", "challenge", "response"], "nonzero proof");
  const responses = array(value.response, "nonzero proof").map(parseScalar);
  if (responses.length !== 2) throw new MalformedError("nonzero proof", "not two responses");
  // The identity is well formed; that it proves nothing is for the check to say.
  const commitment = parsePoint(value.commitment, { allowIdentity: true });
  return { commitment, challenge: parseScalar(value.challenge), responses };
}

/**
 * @param {any} value
 * @returns {Choice}
 */
function readChoice(value) {
  expectFields(value, ["alpha", "beta"], "ciphertext");
  return {
    ciphertext: { alpha: parsePoint(value.alpha), beta: parsePoint(value.beta) },
    printed: value,
  };
}

/**
 * @param {any} value
 * @returns {Proof}
 */
function readProof(value) {
  expectFields(value, ["challenge", "response"], "proof");
  return { challenge: parseScalar(value.challenge), response: parseScalar(value.response) };
}

/**
 * @param {any} value
 * @returns {Proof[]}
 */
function readProofs(value) {
  return array(value).map(readProof);
}

/**
 * @param {any} value
 * @param {string} [what] named in the error
 * @returns {any[]}
 */
function array(value, what = "answer") {
  if (!Array.isArray(value)) throw new MalformedError(what, "not an array");
  return value;
}
