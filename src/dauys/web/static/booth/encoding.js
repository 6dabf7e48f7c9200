// Bytes to text and back: UTF-8, hexadecimal and base64, each with one accepted form.

import { MalformedError } from "./errors.js";

const encoder = new TextEncoder();

/**
 * @param {string} text
 * @returns {Uint8Array<ArrayBuffer>}
 */
export function utf8(text) {
  return encoder.encode(text);
}

/**
 * @param {...Uint8Array} parts
 * @returns {Uint8Array<ArrayBuffer>}
 */
export function concat(...parts) {
  const whole = new Uint8Array(parts.reduce((length, part) => length + part.length, 0));
  let offset = 0;
  for (const part of parts) {
    whole.set(part, offset);
    offset += part.length;
  }
  return whole;
}

/**
 * @param {Uint8Array} a
 * @param {Uint8Array} b
 * @returns {boolean}
 */
export function sameBytes(a, b) {
  return a.length === b.length && a.every((byte, i) => byte === b[i]);
}

/**
 * @param {Uint8Array} bytes
 * @returns {string} lower-case digits
 */
export function hex(bytes) {
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
}

/**
 * @param {string} text lower-case digits, an even number of them
 * @param {string} what named in the error
 * @returns {Uint8Array<ArrayBuffer>}
 */
export function unhex(text, what) {
  if (typeof text !== "string" || !/^(?:[0-9a-f]{2})*$/.test(text)) {
    throw new MalformedError(what, "not lower-case hexadecimal");
  }
  return Uint8Array.from(text.match(/../g) ?? [], (pair) => Number.parseInt(pair, 16));
}

/**
 * @param {Uint8Array} bytes
 * @returns {string} base64 with padding, RFC 4648 section 4
 */
export function base64(bytes) {
  let binary = "";
  for (const byte of bytes) binary += String.fromCharCode(byte);
  return btoa(binary);
}

/**
 * @param {string} text base64 with padding
 * @param {string} what named in the error
 * @returns {Uint8Array<ArrayBuffer>}
 */
export function unbase64(text, what) {
  if (typeof text !== "string" || !/^[A-Za-z0-9+/]*={0,2}$/.test(text) || text.length % 4) {
    throw new MalformedError(what, "not base64");
  }
  const bytes = Uint8Array.from(atob(text), (char) => char.charCodeAt(0));
  // Unused bits in the last digit must be zero, or one value would have several texts.
  if (base64(bytes) !== text) throw new MalformedError(what, "not canonical base64");
  return bytes;
}

/**
 * @param {Uint8Array} bytes
 * @returns {string} base64 without padding, as Belenios writes hashes
 */
export function bareBase64(bytes) {
  return base64(bytes).replace(/=+$/, "");
}
