// Whether a ballot is one of this election and its proofs hold: every check of the Belenios
// specification 3.0 that needs no list of voters. Anyone can run it on any ballot of the board.

import { readBallot } from "./ballot_text.js";
import { addCiphertexts, memberPrefix, statements, wholeContext } from "./ciphertext.js";
import { parseElection } from "./election.js";
import { VerificationError } from "./errors.js";
import { pointText } from "./group.js";
import { fingerprint } from "./hash.js";
import { verifyHash, verifyOneOf } from "./proofs.js";

/** @typedef {import("./election.js").Election} Election */
/** @typedef {import("./ballot_text.js").Answer} Answer */

/**
 * The error's `what` is one of "election uuid", "election hash", "signature hash", "signature",
 * "shape", "individual proof", "blank proof", "overall proof", as in dauys.crypto.ballot.
 *
 * @param {string} ballotText
 * @param {string | Election} election its JSON, or the election already read
 * @returns {{tracker: string, credential: string}}
 * @throws {import("./errors.js").MalformedError} when the text is not in the one accepted form
 * @throws {VerificationError} naming the first claim that does not hold
 */
export function checkBallot(ballotText, election) {
  const known = typeof election === "string" ? parseElection(election) : election;
  const ballot = readBallot(ballotText);
  require(ballot.uuid === known.uuid, "election uuid");
  require(ballot.electionHash === known.fingerprint, "election hash");
  require(ballot.signature.hash === ballot.hash, "signature hash");
  require(verifyHash(ballot.credential, ballot.hash, ballot.signature.proof), "signature");
  const expected = known.questions.length;
  require(ballot.answers.length === expected, "shape", `not ${expected} answers`);
  const credential = pointText(ballot.credential);
  ballot.answers.forEach((answer, index) => {
    checkAnswer(known, index, `${known.fingerprint}|${credential}`, answer);
  });
  return { tracker: fingerprint(ballotText), credential };
}

/**
 * @param {Election} election
 * @param {number} index of the question
 * @param {string} context S_0 of the specification
 * @param {Answer} answer
 */
function checkAnswer({ key, questions }, index, context, answer) {
  const question = questions[index];
  const where = `answer ${index + 1}`;
  checkShape(question, answer, where);
  answer.choices.forEach(({ ciphertext, printed }, i) => {
    const holds = verifyOneOf(
      key, memberPrefix(context, printed), statements(ciphertext, 0, 1), answer.individual[i],
    );
    require(holds, "individual proof", `${where}, choice ${i + 1}`);
  });
  const whole = wholeContext(context, answer.choices.map(({ printed }) => printed));
  const ciphertexts = answer.choices.map(({ ciphertext }) => ciphertext);
  const sum = addCiphertexts(ciphertexts.slice(question.blank ? 1 : 0));
  const interval = statements(sum, question.min, question.max);
  if (answer.blank === undefined) {
    const printed = { alpha: pointText(sum.alpha), beta: pointText(sum.beta) };
    const holds = verifyOneOf(key, memberPrefix(whole, printed), interval, answer.overall);
    require(holds, "overall proof", where);
    return;
  }
  const [first] = ciphertexts;
  require(verifyOneOf(key, `bproof0|${whole}|`, [first, sum], answer.blank), "blank proof", where);
  const cases = [...statements(first, 1, 1), ...interval];
  require(verifyOneOf(key, `bproof1|${whole}|`, cases, answer.overall), "overall proof", where);
}

/**
 * @param {import("./election.js").Question} question
 * @param {Answer} answer
 * @param {string} where
 */
function checkShape({ answers, blank, min, max }, answer, where) {
  const width = answers.length + (blank ? 1 : 0);
  require(answer.choices.length === width, "shape", `${where}: not ${width} choices`);
  const inPairs = answer.individual.every((proofs) => proofs.length === 2);
  require(answer.individual.length === width && inPairs, "shape", `${where}: individual proofs`);
  const cases = max - min + 1 + (blank ? 1 : 0);
  require(answer.overall.length === cases, "shape", `${where}: overall proof is not of ${cases}`);
  require((answer.blank !== undefined) === blank, "shape", `${where}: blank proof`);
  require(!blank || answer.blank?.length === 2, "shape", `${where}: blank proof is not of 2`);
}

/**
 * @param {boolean} holds
 * @param {string} claim
 * @param {string} [where]
 */
function require(holds, claim, where = "") {
  if (!holds) throw new VerificationError(claim, where);
}
