// ElGamal ciphertexts (alpha, beta) = (r·g, r·y + m·g) and what the proofs hash of them
// (Belenios specification 3.0, section "Homomorphic answers").

import { GENERATOR, IDENTITY, pointText } from "./group.js";

/** @typedef {import("./proofs.js").Statement} Ciphertext */

/**
 * @param {readonly Ciphertext[]} ciphertexts
 * @returns {Ciphertext} of the sum of the plaintexts
 */
export function addCiphertexts(ciphertexts) {
  return ciphertexts.reduce(
    (sum, { alpha, beta }) => ({ alpha: sum.alpha.add(alpha), beta: sum.beta.add(beta) }),
    { alpha: IDENTITY, beta: IDENTITY },
  );
}

/**
 * The statements "the plaintext is M" for each M from `least` to `most`: beta less M·g.
 *
 * @param {Ciphertext} ciphertext
 * @param {number} least
 * @param {number} most
 * @returns {import("./proofs.js").Statement[]}
 */
export function statements({ alpha, beta }, least, most) {
  return range(least, most).map((M) => ({
    alpha,
    beta: beta.subtract(GENERATOR.multiply(BigInt(M), false)),
  }));
}

/**
 * @param {number} least
 * @param {number} most
 * @returns {number[]} both ends included
 */
export function range(least, most) {
  return Array.from({ length: most - least + 1 }, (_, i) => least + i);
}

/**
 * @param {Ciphertext} ciphertext
 * @returns {{alpha: string, beta: string}}
 */
export function printCiphertext({ alpha, beta }) {
  return { alpha: pointText(alpha), beta: pointText(beta) };
}

/**
 * Prefix of the hash in iprove(S, …), with S = `context`.
 *
 * @param {string} context
 * @param {{alpha: string, beta: string}} printed
 * @returns {string}
 */
export function memberPrefix(context, { alpha, beta }) {
  return `prove|${context}|${alpha},${beta}|`;
}

/**
 * S of the specification: S_0, and all alphas and betas.
 *
 * @param {string} context S_0
 * @param {readonly {alpha: string, beta: string}[]} printed
 * @returns {string}
 */
export function wholeContext(context, printed) {
  return `${context}|${printed.map(({ alpha, beta }) => `${alpha},${beta}`).join(",")}`;
}
