// Zero-knowledge proofs of a ballot, Belenios specification 3.0, sections "Proofs of interval
// membership", "Proofs of possibly-blank votes", "Proofs of list constraints", "Proof of
// encryption of non-zero" and "Signatures".
//
// The four disjunctions there (iprove, bproof0, bproof1, lproof) have one shape: of several statements
// "(alpha, beta) = (r·g, r·y) for some r" at least one is true. A statement about the plaintext
// M becomes one of these by taking M·g from beta. `proveOneOf` and `verifyOneOf` do this shape;
// who calls them names the prefix and the statements.

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
 * That a ciphertext's plaintext is not 0. `commitment` is A_0, `responses` are t_1 and t_2.
 *
 * @typedef {{commitment: GroupPoint, challenge: bigint, responses: bigint[]}} NonzeroProof
 */

/**
 * Prove that the plaintext of (alpha, beta) = (r·g, r·y + m·g) is not 0, knowing it. Random scalars
 * are drawn in this order: s, again while it is 0; w_1; w_2.
 *
 * @param {FixedBase} key the election's public key y
 * @param {string} prefix of the hash, with its last vertical bar
 * @param {{plain: number, nonce: bigint}} secret
 * @param {RandomBytes} random
 * @returns {NonzeroProof}
 */
export function proveNonzero(key, prefix, { plain, nonce }, random) {
  const g = generatorBase();
  const m = BigInt(plain);
  let s = 0n;
  while (s === 0n) s = randomScalar(random);
  const commitment = g.times(reduce(s * m)); // s·beta - s·r·y
  const w1 = randomScalar(random);
  const w2 = randomScalar(random);
  const exponent = reduce(nonce * w1 + w2); // w_1·alpha + w_2·g, by the known nonce
  const A1 = g.times(exponent);
  const A2 = key.times(exponent).add(g.times(reduce(m * w1)));
  const challenge = hashToScalar(prefix, [commitment, A1, A2]);
  const responses = [reduce(w1 - s * challenge), reduce(w2 + s * nonce * challenge)];
  return { commitment, challenge, responses };
}

/**
 * @param {FixedBase} key the election's public key y
 * @param {string} prefix of the hash, with its last vertical bar
 * @param {Statement} ciphertext
 * @param {NonzeroProof} proof
 * @returns {boolean}
 */
export function verifyNonzero(key, prefix, { alpha, beta }, { commitment, challenge, responses: [t1, t2] }) {
  if (commitment.is0()) return false; // it is s·m·g
  const A1 = alpha.multiply(t1, false).add(generatorBase().times(t2));
  const A2 = beta.multiply(t1, false).add(key.times(t2)).add(commitment.multiply(challenge, false));
  return hashToScalar(prefix, [commitment, A1, A2]) === challenge;
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
