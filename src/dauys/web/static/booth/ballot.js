// Ballots of the Belenios protocol (specification 3.0, sections "Encrypted answers", "Signatures"
// and "Ballots"): made here, checked in ballot_check.js, named by their tracker. The Python twin
// is dauys.crypto.ballot; both print the same ballot from the same random bytes.
//
// Order of the random scalars: question by question, a nonce for each choice, then the
// individual proofs, then the blank proof if any, then the overall proof; last, the signature.

import { memberPrefix, printCiphertext, range, wholeContext } from "./ciphertext.js";
import { ChoiceError } from "./errors.js";
import { generatorBase, pointText, randomScalar, reduce } from "./group.js";
import { fingerprint } from "./hash.js";
import { proveOneOf, signHash } from "./proofs.js";

export { checkBallot } from "./ballot_check.js";

/** @typedef {import("./election.js").Election} Election */
/** @typedef {import("./election.js").Question} Question */
/** @typedef {import("./group.js").RandomBytes} RandomBytes */
/** @typedef {import("./proofs.js").Proof} Proof */
/** @typedef {{plain: number, nonce: bigint}} Secret of a ciphertext: what was encrypted, and r */

/**
 * The 0-or-1 vector that a question's ciphertexts hide. Where a blank vote is allowed it has a
 * leading place for it.
 *
 * @param {Question} question
 * @param {readonly number[] | "blank"} chosen indices of the chosen answers, from 0
 * @returns {number[]}
 * @throws {ChoiceError} when there is no such answer; makeBallot checks how many are chosen
 */
export function choiceVector(question, chosen) {
  if (chosen === "blank" ? !question.blank : !chosen.every((i) => i in question.answers)) {
    throw new ChoiceError(0, "no such answer");
  }
  const answers = question.answers.map((_, i) => (chosen !== "blank" && chosen.includes(i) ? 1 : 0));
  return question.blank ? [chosen === "blank" ? 1 : 0, ...answers] : answers;
}

/**
 * Encrypt and sign.
 *
 * @param {Election} election
 * @param {bigint} credentialKey secret key of the credential, 0 < key < ORDER
 * @param {readonly (readonly number[])[]} choices one 0-or-1 vector per question, see choiceVector
 * @param {RandomBytes} random
 * @param {(done: number, total: number) => void} [onStep] called after each encrypted choice
 * @returns {string} the ballot's JSON
 * @throws {ChoiceError} when the choices break a question's rules
 */
export function makeBallot(election, credentialKey, choices, random, onStep = () => {}) {
  checkChoices(election, choices);
  const credential = pointText(generatorBase().times(credentialKey));
  const context = `${election.fingerprint}|${credential}`; // S_0 of the specification
  const total = choices.reduce((sum, vector) => sum + vector.length, 0);
  let done = 0;
  const answers = election.questions.map((question, index) =>
    encryptAnswer(election, question, context, choices[index], random, () => {
      done += 1;
      onStep(done, total);
    }),
  );
  const unsigned = {
    election_uuid: election.uuid,
    election_hash: election.fingerprint,
    credential,
    answers,
  };
  const hash = fingerprint(JSON.stringify(unsigned));
  const proof = printProof(signHash(credentialKey, hash, random));
  return JSON.stringify({ ...unsigned, signature: { hash, proof } });
}

/**
 * @param {string} ballotText
 * @returns {string} 43 base64 characters: the voter's receipt
 */
export function tracker(ballotText) {
  return fingerprint(ballotText);
}

/**
 * @param {Election} election
 * @param {Question} question
 * @param {string} context S_0 of the specification
 * @param {readonly number[]} vector
 * @param {RandomBytes} random
 * @param {() => void} onStep
 * @returns {object} `answer_h` in the order of its fields
 */
function encryptAnswer(election, question, context, vector, random, onStep) {
  const { key } = election;
  /** @type {Secret[]} */
  const secrets = vector.map((plain) => ({ plain, nonce: randomScalar(random) }));
  const choices = secrets.map((secret) => printCiphertext(encrypt(election, secret)));
  const individual = secrets.map((secret, i) => {
    const prefix = memberPrefix(context, choices[i]);
    const proof = proveOneOf(key, prefix, openings(secret, 0, 1), secret.plain, random);
    onStep();
    return proof.map(printProof);
  });
  const whole = wholeContext(context, choices);
  const sum = addSecrets(secrets.slice(question.blank ? 1 : 0));
  const interval = openings(sum, question.min, question.max);
  const place = sum.plain - question.min;
  const answer = { choices, individual_proofs: individual };
  if (!question.blank) {
    const prefix = memberPrefix(whole, printCiphertext(encrypt(election, sum)));
    const overall = proveOneOf(key, prefix, interval, place, random);
    return { ...answer, overall_proof: overall.map(printProof) };
  }
  const [first] = secrets;
  const isBlank = first.plain === 1;
  const either = [...openings(first, 0, 0), ...openings(sum, 0, 0)];
  const blank = proveOneOf(key, `bproof0|${whole}|`, either, isBlank ? 1 : 0, random);
  const cases = [...openings(first, 1, 1), ...interval];
  const overall = proveOneOf(key, `bproof1|${whole}|`, cases, isBlank ? 0 : 1 + place, random);
  return { ...answer, overall_proof: overall.map(printProof), blank_proof: blank.map(printProof) };
}

/**
 * @param {Election} election
 * @param {readonly (readonly number[])[]} choices
 */
function checkChoices({ questions }, choices) {
  if (choices.length !== questions.length) {
    throw new ChoiceError(Math.min(choices.length, questions.length), "not one vector per question");
  }
  questions.forEach(({ answers, blank, min, max }, index) => {
    const vector = choices[index];
    if (vector.length !== answers.length + (blank ? 1 : 0)) throw new ChoiceError(index, "wrong length");
    if (!vector.every((plain) => plain === 0 || plain === 1)) throw new ChoiceError(index, "not 0 or 1");
    const chosen = vector.slice(blank ? 1 : 0).filter((plain) => plain === 1).length;
    if (blank && vector[0] === 1) {
      if (chosen) throw new ChoiceError(index, "blank, and yet something is chosen");
    } else if (chosen < min || chosen > max) {
      throw new ChoiceError(index, `not ${min} to ${max} chosen`);
    }
  });
}

/**
 * What the prover knows of each statement of `statements` in ciphertext.js.
 *
 * @param {Secret} secret
 * @param {number} least
 * @param {number} most
 * @returns {import("./proofs.js").Opening[]}
 */
function openings({ plain, nonce }, least, most) {
  return range(least, most).map((M) => ({ nonce, offset: plain - M }));
}

/**
 * @param {Election} election
 * @param {Secret} secret
 * @returns {import("./ciphertext.js").Ciphertext} (r·g, r·y + m·g)
 */
function encrypt({ key }, { plain, nonce }) {
  const g = generatorBase();
  return { alpha: g.times(nonce), beta: key.times(nonce).add(g.times(BigInt(plain))) };
}

/**
 * @param {readonly Secret[]} secrets
 * @returns {Secret} of the sum of the ciphertexts
 */
function addSecrets(secrets) {
  return {
    plain: secrets.reduce((sum, secret) => sum + secret.plain, 0),
    nonce: reduce(secrets.reduce((sum, secret) => sum + secret.nonce, 0n)),
  };
}

/** @param {Proof} proof */
function printProof({ challenge, response }) {
  return { challenge: String(challenge), response: String(response) };
}
