// Ed25519 signatures (RFC 8032): those of the log, of the registrar, of the commission.

import * as noble from "../vendor/noble-ed25519-3.2.0/index.js";

import { sha512 } from "./hash.js";

noble.hashes.sha512 = sha512;

/**
 * Strict: encodings of y >= p, scalars >= the order and keys of small order are refused.
 *
 * @param {Uint8Array} signature 64 bytes
 * @param {Uint8Array} message
 * @param {Uint8Array} publicKey 32 bytes
 * @returns {boolean}
 */
export function verify(signature, message, publicKey) {
  if (signature.length !== 64 || publicKey.length !== 32) return false;
  return noble.verify(signature, message, publicKey, { zip215: false });
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
