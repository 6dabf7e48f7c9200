// The answer to a question in which one list is chosen and, in it, at least one candidate
// (Belenios specification 3.0, sections "Lists answers", "Proofs of list constraints" and
// "Proof of encryption of non-zero").
//
// Place 0 of each list stands for the list itself, the others for its candidates.

import { addCiphertexts, memberPrefix, printCiphertext, wholeContext } from "./ciphertext.js";
import { addSecrets, drawSecrets, encrypt, openings, printProof } from "./encryption.js";
import { pointText } from "./group.js";
import { proveNonzero, proveOneOf } from "./proofs.js";

/** @typedef {import("./election.js").ListQuestion} ListQuestion */
/** @typedef {import("./group.js").FixedBase} FixedBase */
/** @typedef {import("./group.js").RandomBytes} RandomBytes */
/** @typedef {{list: number, candidates: readonly number[]}} ListChoice indices from 0 */

/**
 * @param {ListQuestion} question
 * @param {ListChoice} chosen
 * @returns {number[][] | null} null when there is no such list or candidate
 */
export function listVector({ lists }, { list, candidates }) {
  if (!(list in lists) || !candidates.every((j) => j + 1 in lists[list])) return null;
  return lists.map((places, i) => places.map((_, j) => {
    const chosen = i === list && (j === 0 || candidates.includes(j - 1));
    return chosen ? 1 : 0;
  }));
}

/**
 * @param {ListQuestion} question
 * @param {readonly any[]} vectors one for each list
 * @returns {string} why the vectors are not permitted; empty when they are
 */
export function listFault({ lists }, vectors) {
  const fits = vectors.length === lists.length
    && vectors.every((vector, i) => Array.isArray(vector) && vector.length === lists[i].length);
  if (!fits) return "wrong length";
  if (!vectors.flat().every((plain) => plain === 0 || plain === 1)) return "not 0 or 1";
  const chosen = vectors.filter(([list]) => list === 1);
  if (chosen.length !== 1) return "not one list chosen";
  if (!chosen[0].slice(1).includes(1)) return "nobody of the list chosen";
  return vectors.some(([list, ...candidates]) => !list && candidates.includes(1))
    ? "somebody of another list chosen"
    : "";
}

/**
 * @param {FixedBase} key the election's public key y
 * @param {string} context S_0 of the specification
 * @param {readonly (readonly number[])[]} vectors permitted
 * @param {RandomBytes} random
 * @param {() => void} onStep called after each list or candidate
 * @returns {{answer: object, nonces: bigint[][]}} `answer_l` in the order of its fields, and every r
 */
export function encryptLists(key, context, vectors, random, onStep) {
  const secrets = vectors.map((vector) => drawSecrets(vector, random));
  const ciphertexts = secrets.map((list) => list.map((secret) => encrypt(key, secret)));
  const choices = ciphertexts.map((list) => list.map(printCiphertext));
  const individual = secrets.map((list, i) => list.map((secret, j) => {
    const prefix = memberPrefix(context, choices[i][j]);
    const proof = proveOneOf(key, prefix, openings(secret, 0, 1), secret.plain, random);
    onStep();
    return proof.map(printProof);
  }));
  const whole = wholeContext(context, choices.flat());
  const heads = addSecrets(secrets.map(([head]) => head));
  const headsPrefix = memberPrefix(whole, printCiphertext(addCiphertexts(ciphertexts.map(([head]) => head))));
  const [overall] = proveOneOf(key, headsPrefix, openings(heads, 1, 1), 0, random);
  const lists = secrets.map(([head, ...candidates]) => {
    const either = [...openings(head, 1, 1), ...openings(addSecrets(candidates), 0, 0)];
    return proveOneOf(key, `lproof|${whole}|`, either, head.plain === 1 ? 0 : 1, random).map(printProof);
  });
  const everybody = addSecrets(secrets.flatMap(([, ...candidates]) => candidates));
  const { commitment, challenge, responses } = proveNonzero(key, `nonzero|${whole}|`, everybody, random);
  const answer = {
    choices,
    individual_proofs: individual,
    overall_proof: printProof(overall),
    list_proofs: lists,
    nonzero_proof: {
      commitment: pointText(commitment),
      challenge: String(challenge),
      response: responses.map(String),
    },
  };
  return { answer, nonces: secrets.map((list) => list.map(({ nonce }) => nonce)) };
}
