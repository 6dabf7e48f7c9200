// Zero-knowledge proofs of a ballot, Belenios specification 3.0, sections "Proofs of interval
// membership", "Proofs of possibly-blank votes" and "Signatures".
//
// The three disjunctions there (iprove, bproof0, bproof1) have one shape: of several statements
// "(alpha, beta) = (r·g, r·y) for some r" at least one is true. A statement about the plaintext
// M becomes one of these by taking M·g from beta. `proveOneOf` and `verifyOneOf` do this shape;
// ballot.js names the prefix and the statements.

import { FixedBase, generatorBase, hashToScalar, randomScalar, reduce } from "./group.js";

/** @typedef {import("./group.js").GroupPoint} GroupPoint */
/** @typedef {import("./group.js").RandomBytes} RandomBytes */
/** @typedef {{challenge: bigint, response: bigint}} Proof */
/** @typedef {{alpha: GroupPoint, beta: GroupPoint}} Statement what a verifier sees */

/**
 * What the prover knows of a statement: alpha = nonce·g and beta = nonce·y + offset·g.
 * The statement is true when the offset is 0.
 *
 * @typedef {{nonce: bigint, offset: number}} Opening
 */

/**
 * Prove that at least one statement is true without saying which.
 *
 * Random scalars are drawn in this order: challenge and response of every simulated statement,
 * first to last; then w of the true one.
 *
 * @param {FixedBase} key the election's public key y
 * @param {string} prefix of the hash, with its last vertical bar
 * @param {readonly Opening[]} openings
 * @param {number} chosen index of a statement with offset 0
 * @param {RandomBytes} random
 * @returns {Proof[]} as many as statements
 */
export function proveOneOf(key, prefix, openings, chosen, random) {
  const g = generatorBase();
  /** @type {Proof[]} */
  const proofs = openings.map((_, index) =>
    index === chosen
      ? { challenge: 0n, response: 0n }
      : { challenge: randomScalar(random), response: randomScalar(random) },
  );
  const w = randomScalar(random);
  const commitments = openings.flatMap(({ nonce, offset }, index) => {
    if (index === chosen) return [g.times(w), key.times(w)];
    const { challenge, response } = proofs[index];
    // response·g + challenge·alpha and response·y + challenge·beta, by the known nonce
    const exponent = reduce(response + challenge * nonce);
    const shift = reduce(challenge * BigInt(offset));
    return [g.times(exponent), key.times(exponent).add(g.times(shift))];
  });
  const simulated = proofs.reduce((sum, proof) => sum + proof.challenge, 0n);
  const challenge = reduce(hashToScalar(prefix, commitments) - simulated);
  proofs[chosen] = { challenge, response: reduce(w - openings[chosen].nonce * challenge) };
  return proofs;
}

/**
 * @param {FixedBase} key the election's public key y
 * @param {string} prefix of the hash, with its last vertical bar
 * @param {readonly Statement[]} statements
 * @param {readonly Proof[]} proofs as many as statements
 * @returns {boolean} whether the challenges add up to the hash of the commitments
 */
export function verifyOneOf(key, prefix, statements, proofs) {
  const g = generatorBase();
  const commitments = statements.flatMap(({ alpha, beta }, index) => {
    const { challenge, response } = proofs[index];
    return [
      g.times(response).add(alpha.multiply(challenge, false)),
      key.times(response).add(beta.multiply(challenge, false)),
    ];
  });
  const total = proofs.reduce((sum, proof) => sum + proof.challenge, 0n);
  return hashToScalar(prefix, commitments) === reduce(total);
}

/**
 * Schnorr signature of a ballot's hash by its credential; one random scalar is drawn.
 *
 * @param {bigint} secret of the credential
 * @param {string} hash base64, of the ballot without its signature
 * @param {RandomBytes} random
 * @returns {Proof}
 */
export function signHash(secret, hash, random) {
  const w = randomScalar(random);
  const challenge = hashToScalar(`sig|${hash}|`, [generatorBase().times(w)]);
  return { challenge, response: reduce(w - secret * challenge) };
}

/**
 * @param {GroupPoint} credential public
 * @param {string} hash base64, of the ballot without its signature
 * @param {Proof} proof
 * @returns {boolean}
 */
export function verifyHash(credential, hash, { challenge, response }) {
  const commitment = generatorBase().times(response).add(credential.multiply(challenge, false));
  return hashToScalar(`sig|${hash}|`, [commitment]) === challenge;
}
