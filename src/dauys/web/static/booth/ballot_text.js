// The text of a ballot, read strictly: shape, order of fields, every point and scalar. What the
// proofs say is ballot.js's business.

import { expectFields, parseObject } from "./election.js";
import { MalformedError } from "./errors.js";
import { parsePoint, parseScalar } from "./group.js";
import { fingerprint } from "./hash.js";

/** @typedef {import("./election.js").Election} Election */
/** @typedef {import("./proofs.js").Proof} Proof */

/**
 * @typedef {object} Answer
 * @property {import("./proofs.js").Statement[]} choices ciphertexts
 * @property {Proof[][]} individual
 * @property {Proof[]} overall
 * @property {Proof[]} blank empty where no blank vote is allowed
 */

/**
 * @typedef {object} Ballot
 * @property {string} uuid
 * @property {string} electionHash
 * @property {import("./group.js").GroupPoint} credential
 * @property {string} credentialText
 * @property {Answer[]} answers
 * @property {{hash: string, proof: Proof}} signature
 * @property {string} hash what the signature's hash must be
 */

const HASH = /^[A-Za-z0-9+/]{43}$/;

/**
 * @param {string} text
 * @param {Election} election gives the number of answers and proofs
 * @returns {Ballot}
 * @throws {MalformedError}
 */
export function readBallot(text, election) {
  const value = parseObject(text, "ballot");
  expectFields(value, ["election_uuid", "election_hash", "credential", "answers", "signature"], "ballot");
  if (JSON.stringify(value) !== text) throw new MalformedError("ballot", "not compact");
  expectFields(value.signature, ["hash", "proof"], "signature");
  for (const hash of [value.election_hash, value.signature.hash]) {
    if (typeof hash !== "string" || !HASH.test(hash)) throw new MalformedError("ballot", "not a hash");
  }
  const { signature, ...unsigned } = value;
  const { questions } = election;
  return {
    uuid: value.election_uuid,
    electionHash: value.election_hash,
    credential: parsePoint(value.credential, "credential"),
    credentialText: value.credential,
    answers: list(value.answers, questions.length, "answers").map((answer, i) =>
      readAnswer(answer, questions[i]),
    ),
    signature: { hash: signature.hash, proof: readProof(signature.proof) },
    hash: fingerprint(JSON.stringify(unsigned)),
  };
}

/**
 * @param {any} value
 * @param {import("./election.js").Question} question
 * @returns {Answer}
 */
function readAnswer(value, { answers, blank, min, max }) {
  const fields = ["choices", "individual_proofs", "overall_proof", ...(blank ? ["blank_proof"] : [])];
  expectFields(value, fields, "answer");
  const places = answers.length + (blank ? 1 : 0);
  const cases = max - min + 1 + (blank ? 1 : 0);
  return {
    choices: list(value.choices, places, "choices").map((ciphertext) => {
      expectFields(ciphertext, ["alpha", "beta"], "ciphertext");
      return { alpha: parsePoint(ciphertext.alpha, "alpha"), beta: parsePoint(ciphertext.beta, "beta") };
    }),
    individual: list(value.individual_proofs, places, "individual proofs").map((proofs) =>
      list(proofs, 2, "individual proof").map(readProof),
    ),
    overall: list(value.overall_proof, cases, "overall proof").map(readProof),
    blank: blank ? list(value.blank_proof, 2, "blank proof").map(readProof) : [],
  };
}

/**
 * @param {any} value
 * @returns {Proof}
 */
function readProof(value) {
  expectFields(value, ["challenge", "response"], "proof");
  return {
    challenge: parseScalar(value.challenge, "challenge"),
    response: parseScalar(value.response, "response"),
  };
}

/**
 * @param {any} value
 * @param {number} length
 * @param {string} what named in the error
 * @returns {any[]}
 */
function list(value, length, what) {
  if (!Array.isArray(value) || value.length !== length) {
    throw new MalformedError("ballot", `${what} are not ${length}`);
  }
  return value;
}
