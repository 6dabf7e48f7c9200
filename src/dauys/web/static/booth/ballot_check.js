// Whether a ballot is one of this election and its proofs hold: every check of the Belenios
// specification 3.0 that needs no list of voters. Anyone can run it on any ballot of the board.

import { readBallot } from "./ballot_text.js";
import { addCiphertexts, memberPrefix, printCiphertext, statements, wholeContext } from "./ciphertext.js";
import { parseElection } from "./election.js";
import { VerificationError } from "./errors.js";
import { pointText } from "./group.js";
import { fingerprint } from "./hash.js";
import { verifyHash, verifyNonzero, verifyOneOf } from "./proofs.js";

/** @typedef {import("./election.js").Election} Election */
/** @typedef {import("./group.js").FixedBase} FixedBase */
/** @typedef {import("./ballot_text.js").ChoiceAnswer} ChoiceAnswer */
/** @typedef {import("./ballot_text.js").ListAnswer} ListAnswer */
/** @typedef {import("./ballot_text.js").Choice} Choice */

/**
 * The error's `what` is one of "election uuid", "election hash", "signature hash", "signature",
 * "shape", "individual proof", "blank proof", "overall proof", "list proof", "nonzero proof", as in
 * dauys.crypto.ballot.
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
  const context = `${known.fingerprint}|${credential}`; // S_0 of the specification
  ballot.answers.forEach((answer, i) => {
    const [question, where] = [known.questions[i], `answer ${i + 1}`];
    if (question.kind === "lists" && answer.kind === "lists") {
      checkListAnswer(known.key, question, context, answer, where);
    } else if (question.kind === "choice" && answer.kind === "choice") {
      checkChoiceAnswer(known.key, question, context, answer, where);
    } else require(false, "shape", `${where}: of another kind`);
  });
  return { tracker: fingerprint(ballotText), credential };
}

/**
 * @param {FixedBase} key
 * @param {import("./election.js").ChoiceQuestion} question
 * @param {string} context S_0 of the specification
 * @param {ChoiceAnswer} answer
 * @param {string} where
 */
function checkChoiceAnswer(key, question, context, answer, where) {
  checkChoiceShape(question, answer, where);
  checkBits(key, context, answer.choices, answer.individual, where);
  const whole = wholeContext(context, answer.choices.map(({ printed }) => printed));
  const ciphertexts = answer.choices.map(({ ciphertext }) => ciphertext);
  const sum = addCiphertexts(ciphertexts.slice(question.blank ? 1 : 0));
  const interval = statements(sum, question.min, question.max);
  if (answer.blank === undefined) {
    const prefix = memberPrefix(whole, printCiphertext(sum));
    require(verifyOneOf(key, prefix, interval, answer.overall), "overall proof", where);
    return;
  }
  const [first] = ciphertexts;
  require(verifyOneOf(key, `bproof0|${whole}|`, [first, sum], answer.blank), "blank proof", where);
  const cases = [...statements(first, 1, 1), ...interval];
  require(verifyOneOf(key, `bproof1|${whole}|`, cases, answer.overall), "overall proof", where);
}

/**
 * @param {FixedBase} key
 * @param {import("./election.js").ListQuestion} question
 * @param {string} context S_0 of the specification
 * @param {ListAnswer} answer
 * @param {string} where
 */
function checkListAnswer(key, { lists }, context, answer, where) {
  checkListShape(lists, answer, where);
  checkBits(key, context, answer.choices.flat(), answer.individual.flat(), where);
  const whole = wholeContext(context, answer.choices.flat().map(({ printed }) => printed));
  const ciphertexts = answer.choices.map((list) => list.map(({ ciphertext }) => ciphertext));
  const heads = addCiphertexts(ciphertexts.map(([head]) => head));
  const prefix = memberPrefix(whole, printCiphertext(heads));
  require(verifyOneOf(key, prefix, statements(heads, 1, 1), [answer.overall]), "overall proof", where);
  ciphertexts.forEach(([head, ...candidates], i) => {
    const either = [...statements(head, 1, 1), addCiphertexts(candidates)];
    const holds = verifyOneOf(key, `lproof|${whole}|`, either, answer.lists[i]);
    require(holds, "list proof", `${where}, list ${i + 1}`);
  });
  const everybody = addCiphertexts(ciphertexts.flatMap(([, ...candidates]) => candidates));
  require(verifyNonzero(key, `nonzero|${whole}|`, everybody, answer.nonzero), "nonzero proof", where);
}

/**
 * @param {FixedBase} key
 * @param {string} context S_0 of the specification
 * @param {readonly Choice[]} choices
 * @param {readonly import("./proofs.js").Proof[][]} proofs of each choice, that it is 0 or 1
 * @param {string} where
 */
function checkBits(key, context, choices, proofs, where) {
  choices.forEach(({ ciphertext, printed }, i) => {
    const holds = verifyOneOf(key, memberPrefix(context, printed), statements(ciphertext, 0, 1), proofs[i]);
    require(holds, "individual proof", `${where}, choice ${i + 1}`);
  });
}

/**
 * @param {import("./election.js").ChoiceQuestion} question
 * @param {ChoiceAnswer} answer
 * @param {string} where
 */
function checkChoiceShape({ answers, blank, min, max }, answer, where) {
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
 * @param {readonly (readonly string[])[]} lists
 * @param {ListAnswer} answer
 * @param {string} where
 */
function checkListShape(lists, answer, where) {
  const widths = lists.map((list) => list.length).join();
  /** @param {readonly any[][]} found */
  const sameWidths = (found) => found.map((list) => list.length).join() === widths;
  require(sameWidths(answer.choices), "shape", `${where}: choices`);
  const inPairs = [...answer.individual.flat(), ...answer.lists].every((proofs) => proofs.length === 2);
  require(sameWidths(answer.individual) && inPairs, "shape", `${where}: individual proofs`);
  require(answer.lists.length === lists.length, "shape", `${where}: list proofs`);
}

/**
 * @param {boolean} holds
 * @param {string} claim
 * @param {string} [where]
 */
function require(holds, claim, where = "") {
  if (!holds) throw new VerificationError(claim, where);
}
