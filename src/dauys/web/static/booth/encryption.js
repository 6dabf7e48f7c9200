// What only the maker of a ballot knows of its ciphertexts, and how it encrypts (Belenios
// specification 3.0, section "Homomorphic answers").

import { range } from "./ciphertext.js";
import { generatorBase, randomScalar, reduce } from "./group.js";

/** @typedef {{plain: number, nonce: bigint}} Secret of a ciphertext: what was encrypted, and r */

/**
 * Draw the nonces of a vector, first to last.
 *
 * @param {readonly number[]} vector
 * @param {import("./group.js").RandomBytes} random
 * @returns {Secret[]}
 */
export function drawSecrets(vector, random) {
  return vector.map((plain) => ({ plain, nonce: randomScalar(random) }));
}

/**
 * @param {import("./group.js").FixedBase} key the election's public key y
 * @param {Secret} secret
 * @returns {import("./ciphertext.js").Ciphertext} (r·g, r·y + m·g)
 */
export function encrypt(key, { plain, nonce }) {
  const g = generatorBase();
  return { alpha: g.times(nonce), beta: key.times(nonce).add(g.times(BigInt(plain))) };
}

/**
 * @param {readonly Secret[]} secrets
 * @returns {Secret} of the sum of the ciphertexts
 */
export function addSecrets(secrets) {
  return {
    plain: secrets.reduce((sum, secret) => sum + secret.plain, 0),
    nonce: reduce(secrets.reduce((sum, secret) => sum + secret.nonce, 0n)),
  };
}

/**
 * What the prover knows of each statement of `statements` in ciphertext.js.
 *
 * @param {Secret} secret
 * @param {number} least
 * @param {number} most
 * @returns {import("./proofs.js").Opening[]}
 */
export function openings({ plain, nonce }, least, most) {
  return range(least, most).map((M) => ({ nonce, offset: plain - M }));
}

/** @param {import("./proofs.js").Proof} proof */
export function printProof({ challenge, response }) {
  return { challenge: String(challenge), response: String(response) };
}
