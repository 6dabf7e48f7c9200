// The answer to a question in which some of the answers are chosen, or a blank vote is cast
// (Belenios specification 3.0, sections "Homomorphic answers" and "Proofs of possibly-blank votes").

import { addCiphertexts, memberPrefix, printCiphertext, wholeContext } from "./ciphertext.js";
import { addSecrets, drawSecrets, encrypt, openings, printProof } from "./encryption.js";
import { proveOneOf } from "./proofs.js";

/** @typedef {import("./election.js").ChoiceQuestion} ChoiceQuestion */
/** @typedef {import("./encryption.js").Secret} Secret */
/** @typedef {import("./group.js").FixedBase} FixedBase */
/** @typedef {import("./group.js").RandomBytes} RandomBytes */

/**
 * The 0-or-1 vector that the ciphertexts hide. Where a blank vote is allowed it has a leading
 * place for it.
 *
 * @param {ChoiceQuestion} question
 * @param {readonly number[] | "blank"} chosen indices of the chosen answers, from 0
 * @returns {number[] | null} null when there is no such answer
 */
export function choicesVector({ answers, blank }, chosen) {
  if (chosen === "blank" ? !blank : !chosen.every((i) => i in answers)) return null;
  const vector = answers.map((_, i) => (chosen !== "blank" && chosen.includes(i) ? 1 : 0));
  return blank ? [chosen === "blank" ? 1 : 0, ...vector] : vector;
}

/**
 * @param {ChoiceQuestion} question
 * @param {readonly any[]} vector
 * @returns {string} why the vector is not permitted; empty when it is
 */
export function choicesFault({ answers, blank, min, max }, vector) {
  if (vector.length !== answers.length + (blank ? 1 : 0)) return "wrong length";
  if (!vector.every((plain) => plain === 0 || plain === 1)) return "not 0 or 1";
  const chosen = vector.slice(blank ? 1 : 0).filter((plain) => plain === 1).length;
  if (blank && vector[0] === 1) return chosen ? "blank, and yet something is chosen" : "";
  return chosen < min || chosen > max ? `not ${min} to ${max} chosen` : "";
}

/**
 * @param {FixedBase} key the election's public key y
 * @param {ChoiceQuestion} question
 * @param {string} context S_0 of the specification
 * @param {readonly number[]} vector permitted
 * @param {RandomBytes} random
 * @param {() => void} onStep called after each choice
 * @returns {{answer: object, nonces: bigint[]}} `answer_h` in the order of its fields, and every r
 */
export function encryptChoices(key, question, context, vector, random, onStep) {
  const secrets = drawSecrets(vector, random);
  const ciphertexts = secrets.map((secret) => encrypt(key, secret));
  const choices = ciphertexts.map(printCiphertext);
  const individual = secrets.map((secret, i) => {
    const prefix = memberPrefix(context, choices[i]);
    const proof = proveOneOf(key, prefix, openings(secret, 0, 1), secret.plain, random);
    onStep();
    return proof.map(printProof);
  });
  const whole = wholeContext(context, choices);
  const sumPrefix = memberPrefix(whole, printCiphertext(addCiphertexts(ciphertexts)));
  const proofs = question.blank
    ? proveWithBlank(key, question, whole, secrets, random)
    : proveSum(key, question, sumPrefix, secrets, random);
  const answer = { choices, individual_proofs: individual, ...proofs };
  return { answer, nonces: secrets.map(({ nonce }) => nonce) };
}

/**
 * @param {FixedBase} key
 * @param {ChoiceQuestion} question
 * @param {string} prefix of the hash
 * @param {readonly Secret[]} secrets
 * @param {RandomBytes} random
 * @returns {object} the overall proof
 */
function proveSum(key, { min, max }, prefix, secrets, random) {
  const sum = addSecrets(secrets);
  const overall = proveOneOf(key, prefix, openings(sum, min, max), sum.plain - min, random);
  return { overall_proof: overall.map(printProof) };
}

/**
 * @param {FixedBase} key
 * @param {ChoiceQuestion} question
 * @param {string} whole S of the specification
 * @param {readonly Secret[]} secrets
 * @param {RandomBytes} random
 * @returns {object} the overall and the blank proof; the blank one draws first
 */
function proveWithBlank(key, { min, max }, whole, [first, ...others], random) {
  const sum = addSecrets(others);
  const isBlank = first.plain === 1;
  const either = [...openings(first, 0, 0), ...openings(sum, 0, 0)];
  const blank = proveOneOf(key, `bproof0|${whole}|`, either, isBlank ? 1 : 0, random);
  const cases = [...openings(first, 1, 1), ...openings(sum, min, max)];
  const place = isBlank ? 0 : 1 + sum.plain - min;
  const overall = proveOneOf(key, `bproof1|${whole}|`, cases, place, random);
  return { overall_proof: overall.map(printProof), blank_proof: blank.map(printProof) };
}
