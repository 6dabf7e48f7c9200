// The signing key of a commission member: made in the member's browser, kept in a file sealed
// under a passphrase, used to sign approvals of decisions. The server never sees it.
//
// The file is canonical JSON (RFC 8785) of
//   {"v":1, "kind":"dauys-signing-key", "public":…, "kdf":"PBKDF2-SHA256", "iterations":…,
//    "salt":…, "nonce":…, "ciphertext":…}
// with base64 (padded) for bytes: public 32, salt 16, nonce 12, ciphertext 48. Outside the file,
// keys and signatures are lower-case hex, as in the board's entries.
//   key        = PBKDF2-HMAC-SHA-256(UTF-8 of the passphrase in NFC, salt, iterations, 32 bytes)
//   ciphertext = AES-256-GCM(key, nonce, seed, additional data), tag of 16 bytes at the end
//   additional data = canonical JSON of the same object without "ciphertext"
// dauys.response.keys reads and writes the same file.
// The seed is the 32-byte Ed25519 secret key of RFC 8032. Iterations: 600,000 to 10,000,000.

import { dump, load } from "./canonical.js";
import { publicKeyOf, sign } from "./ed25519.js";
import { base64, concat, hex, sameBytes, unbase64, utf8 } from "./encoding.js";
import { MalformedError, VerificationError } from "./errors.js";
import { systemRandom } from "./group.js";

const KIND = "dauys-signing-key";
const KDF = "PBKDF2-SHA256";
const MIN_ITERATIONS = 600_000; // OWASP password storage, PBKDF2-HMAC-SHA256
const MAX_ITERATIONS = 10_000_000;
const FIELDS = ["ciphertext", "iterations", "kdf", "kind", "nonce", "public", "salt", "v"];

/** The passphrase does not open the file, or the file was changed. */
export class WrongPassphraseError extends Error {
  constructor() {
    super("the passphrase does not open this file");
    this.name = "WrongPassphraseError";
  }
}

/**
 * @typedef {object} SigningKey the secret stays inside
 * @property {string} publicKey 64 hex digits, as RFC 8032 encodes it
 * @property {(prefix: string, message: Uint8Array) => string} sign 128 hex digits: the Ed25519
 *   signature over the prefix's UTF-8 followed by the message; the prefix names the purpose
 */

/**
 * @param {string} passphrase
 * @param {{iterations?: number, random?: import("./group.js").RandomBytes}} [options]
 * @returns {Promise<{key: SigningKey, file: string}>} `file` is what the member keeps
 */
export async function makeSigningKey(passphrase, { iterations = MIN_ITERATIONS, random = systemRandom } = {}) {
  const seed = random(32);
  const salt = random(16);
  const nonce = random(12);
  const header = {
    v: 1, kind: KIND, public: base64(publicKeyOf(seed)), kdf: KDF, iterations,
    salt: base64(salt), nonce: base64(nonce),
  };
  checkIterations(iterations);
  const sealing = await sealingKey(passphrase, salt, iterations, "encrypt");
  const algorithm = { name: "AES-GCM", iv: nonce, additionalData: utf8(dump(header)) };
  const ciphertext = new Uint8Array(await crypto.subtle.encrypt(algorithm, sealing, seed));
  return { key: signingKey(seed), file: dump({ ...header, ciphertext: base64(ciphertext) }) };
}

/**
 * @param {string} file
 * @param {string} passphrase
 * @returns {Promise<SigningKey>}
 * @throws {MalformedError}
 * @throws {WrongPassphraseError}
 * @throws {VerificationError} when the public key is of another secret
 */
export async function openSigningKey(file, passphrase) {
  const value = load(file, "signing key");
  if (Object.keys(value).sort().join() !== FIELDS.join()) refuse("unknown or missing fields");
  if (value.v !== 1 || value.kind !== KIND || value.kdf !== KDF) refuse("not a signing key of version 1");
  const { ciphertext, ...header } = value;
  const iterations = checkIterations(value.iterations);
  const nonce = bytes(value.nonce, 12, "nonce");
  const algorithm = { name: "AES-GCM", iv: nonce, additionalData: utf8(dump(header)) };
  const sealed = bytes(ciphertext, 48, "ciphertext");
  const publicKey = bytes(value.public, 32, "public");
  const sealing = await sealingKey(passphrase, bytes(value.salt, 16, "salt"), iterations, "decrypt");
  let seed;
  try {
    seed = new Uint8Array(await crypto.subtle.decrypt(algorithm, sealing, sealed));
  } catch {
    throw new WrongPassphraseError();
  }
  if (!sameBytes(publicKeyOf(seed), publicKey)) {
    throw new VerificationError("signing key", "secret and public key differ");
  }
  return signingKey(seed);
}

/**
 * @param {Uint8Array} seed
 * @returns {SigningKey}
 */
function signingKey(seed) {
  return Object.freeze({
    publicKey: hex(publicKeyOf(seed)),
    sign: (prefix, message) => hex(sign(concat(utf8(prefix), message), seed)),
  });
}

/**
 * @param {string} passphrase
 * @param {Uint8Array<ArrayBuffer>} salt
 * @param {number} iterations
 * @param {"encrypt" | "decrypt"} use
 */
async function sealingKey(passphrase, salt, iterations, use) {
  const secret = utf8(passphrase.normalize("NFC"));
  const material = await crypto.subtle.importKey("raw", secret, "PBKDF2", false, ["deriveKey"]);
  return crypto.subtle.deriveKey(
    { name: "PBKDF2", hash: "SHA-256", salt, iterations },
    material, { name: "AES-GCM", length: 256 }, false, [use],
  );
}

/**
 * @param {unknown} value
 * @returns {number}
 */
function checkIterations(value) {
  if (!Number.isInteger(value)) refuse("iterations are not a number");
  const iterations = Number(value);
  if (iterations < MIN_ITERATIONS || iterations > MAX_ITERATIONS) refuse("iterations out of range");
  return iterations;
}

/**
 * @param {unknown} text
 * @param {number} length
 * @param {string} name
 * @returns {Uint8Array<ArrayBuffer>}
 */
function bytes(text, length, name) {
  const value = unbase64(/** @type {string} */ (text), "signing key");
  if (value.length !== length) refuse(`${name} is not ${length} bytes`);
  return value;
}

/**
 * @param {string} why
 * @returns {never}
 */
function refuse(why) {
  throw new MalformedError("signing key", why);
}
