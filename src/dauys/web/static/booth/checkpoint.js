// Checkpoints of the board: the log's size and root under its signature
// (C2SP tlog-checkpoint, in a C2SP signed-note). Other people's signature lines (witnesses) may
// follow and are left to those who know their keys.

import { verify } from "./ed25519.js";
import { concat, hex, sameBytes, unbase64, unhex, utf8 } from "./encoding.js";
import { MalformedError, VerificationError } from "./errors.js";
import { sha256 } from "./hash.js";

/** @typedef {{name: string, publicKey: Uint8Array}} LogKey */
/** @typedef {{name: string, keyId: Uint8Array, signature: Uint8Array}} SignatureLine */
/** @typedef {{origin: string, size: number, root: Uint8Array}} Checkpoint */

const ED25519 = Uint8Array.of(1); // signature type, C2SP signed-note
const MAX_SIGNATURES = 64; // C2SP signed-note asks for 16 at least
const NAME = /^[^\s+\p{Cc}]+$/u;
const SIZE = /^(?:0|[1-9][0-9]{0,15})$/;

/**
 * @param {string} text `name+hash+base64`, the "vkey" of C2SP signed-note
 * @returns {LogKey}
 */
export function parseLogKey(text) {
  const match = typeof text === "string" ? /^([^+]+)\+([0-9a-f]{8})\+(.+)$/.exec(text) : null;
  if (!match || !NAME.test(match[1])) throw new MalformedError("log key", "not name+hash+key");
  const [, name, hash, encoded] = match;
  const typed = unbase64(encoded, "log key");
  if (typed.length !== 33 || typed[0] !== ED25519[0]) throw new MalformedError("log key", "not Ed25519");
  const key = { name, publicKey: typed.slice(1) };
  if (hex(keyId(key)) !== hash) throw new MalformedError("log key", "hash differs");
  return key;
}

/**
 * @param {{log_origin: string, log_key: string}} manifest entry 0 of the board
 * @returns {LogKey}
 */
export function manifestLogKey({ log_origin: name, log_key: key }) {
  const publicKey = unhex(key, "log key");
  if (!NAME.test(name) || publicKey.length !== 32) throw new MalformedError("log key", "not an Ed25519 key");
  return { name, publicKey };
}

/**
 * @param {LogKey} key
 * @returns {Uint8Array} first 4 bytes of SHA-256(name || 0x0A || 0x01 || key), C2SP signed-note
 */
export function keyId({ name, publicKey }) {
  return sha256(concat(utf8(`${name}\n`), ED25519, publicKey)).slice(0, 4);
}

/**
 * Read a checkpoint and check the log's signature. The origin line must be the key's name.
 *
 * @param {string} note
 * @param {LogKey} key
 * @returns {Checkpoint}
 * @throws {MalformedError}
 * @throws {VerificationError} when the log's signature is missing or wrong
 */
export function openCheckpoint(note, key) {
  const checkpoint = parseBody(openNote(note, key));
  if (checkpoint.origin !== key.name) throw new VerificationError("checkpoint", "of another log");
  return checkpoint;
}

/**
 * @param {string} note
 * @param {LogKey} key
 * @returns {string} the signed text, with its last line feed
 * @throws {MalformedError}
 * @throws {VerificationError} unless the key signed the note, first and once
 */
export function openNote(note, key) {
  const { body, signatures } = splitNote(note);
  const id = keyId(key);
  const own = signatures.filter((line) => line.name === key.name && sameBytes(line.keyId, id));
  if (own.length !== 1 || own[0] !== signatures[0]) {
    throw new VerificationError("checkpoint", "not signed first and once by the log");
  }
  if (!verify(own[0].signature, utf8(body), key.publicKey)) {
    throw new VerificationError("checkpoint", "signature does not hold");
  }
  return body;
}

/**
 * @param {string} note
 * @returns {{body: string, signatures: SignatureLine[]}} the body ends with its line feed
 */
function splitNote(note) {
  const gap = typeof note === "string" ? note.lastIndexOf("\n\n") : -1;
  if (gap < 0 || !note.endsWith("\n")) throw new MalformedError("checkpoint", "not a signed note");
  if (/[\0-\x09\x0b-\x1f\x7f]|\p{Surrogate}/u.test(note)) {
    throw new MalformedError("checkpoint", "control characters");
  }
  const lines = note.slice(gap + 2, -1).split("\n");
  if (lines.length > MAX_SIGNATURES) throw new MalformedError("checkpoint", "too many signatures");
  return { body: note.slice(0, gap + 1), signatures: lines.map(parseSignature) };
}

/**
 * @param {string} line
 * @returns {SignatureLine}
 */
function parseSignature(line) {
  const match = /^— (\S+) (\S+)$/.exec(line);
  if (!match || !NAME.test(match[1])) throw new MalformedError("checkpoint", "not a signature line");
  const bytes = unbase64(match[2], "checkpoint signature");
  if (bytes.length < 5) throw new MalformedError("checkpoint", "signature too short");
  return { name: match[1], keyId: bytes.slice(0, 4), signature: bytes.slice(4) };
}

/**
 * @param {string} body
 * @returns {Checkpoint}
 */
function parseBody(body) {
  const [origin, size, root, ...rest] = body.split("\n");
  if (rest.length !== 1 || rest[0] !== "") throw new MalformedError("checkpoint", "not three lines");
  if (!origin) throw new MalformedError("checkpoint", "no origin");
  if (!SIZE.test(size) || !Number.isSafeInteger(Number(size))) {
    throw new MalformedError("checkpoint", "not a size");
  }
  const hash = unbase64(root, "checkpoint root");
  if (hash.length !== 32) throw new MalformedError("checkpoint", "not a root");
  return { origin, size: Number(size), root: hash };
}
