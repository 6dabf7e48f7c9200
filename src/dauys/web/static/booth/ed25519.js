// Ed25519 signatures (RFC 8032): those of the log and of the commission. Verified as strictly as in
// dauys.crypto.signing, so that both give the same verdict on every input: S below the order, the
// key of prime order, R as it must be to the byte (no cofactor) and not the identity.

import * as noble from "../vendor/noble-ed25519-3.2.0/index.js";

import { concat, hex, sameBytes } from "./encoding.js";
import { MalformedError } from "./errors.js";
import { ORDER, generatorBase, parsePoint, reduce } from "./group.js";
import { sha512 } from "./hash.js";

noble.hashes.sha512 = sha512;

/**
 * @param {Uint8Array} signature 64 bytes
 * @param {Uint8Array} message
 * @param {Uint8Array} publicKey 32 bytes
 * @returns {boolean} false for a malformed key or signature too
 */
export function verify(signature, message, publicKey) {
  if (signature.length !== 64) return false;
  const key = readKey(publicKey);
  if (key === null) return false;
  const R = signature.slice(0, 32);
  const S = littleEndian(signature.slice(32));
  if (S >= ORDER) return false;
  const k = reduce(littleEndian(sha512(concat(R, publicKey, message)))); // RFC 8032 section 5.1.7
  const expected = generatorBase().times(S).subtract(key.multiply(k, false));
  return !expected.is0() && sameBytes(expected.toBytes(), R);
}

/**
 * @param {Uint8Array} message
 * @param {Uint8Array} seed 32 bytes
 * @returns {Uint8Array} 64 bytes
 */
export function sign(message, seed) {
  return noble.sign(message, seed);
}

/**
 * @param {Uint8Array} seed 32 bytes
 * @returns {Uint8Array} 32 bytes
 */
export function publicKeyOf(seed) {
  return noble.getPublicKey(seed);
}

/**
 * @param {Uint8Array} bytes
 * @returns {import("./group.js").GroupPoint | null} null when it is no key
 */
function readKey(bytes) {
  try {
    return parsePoint(hex(bytes.slice().reverse()));
  } catch (error) {
    if (error instanceof MalformedError) return null;
    throw error;
  }
}

/**
 * @param {Uint8Array} bytes
 * @returns {bigint}
 */
function littleEndian(bytes) {
  return BigInt(`0x${hex(bytes.slice().reverse())}`);
}
