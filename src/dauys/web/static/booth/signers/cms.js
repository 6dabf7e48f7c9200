// A CMS signature as people hand it over: PEM, bare base64, or the bytes themselves. Only the
// wrapping is undone here; the server reads what is inside.

import { base64, unbase64 } from "../encoding.js";
import { MalformedError } from "../errors.js";

const PEM = /^-----BEGIN (CMS|PKCS7|PKCS #7 SIGNED DATA|SIGNATURE)-----\s+([A-Za-z0-9+/=\s]+?)\s*-----END \1-----\s*$/;
const MAX_BYTES = 256 * 1024;
const SEQUENCE = 0x30; // first byte of every CMS, RFC 5652 section 3

/**
 * @param {string} text PEM or base64, with line breaks or without
 * @returns {string} base64 without line breaks
 * @throws {MalformedError}
 */
export function cmsFromText(text) {
  const match = PEM.exec(text.trim());
  return checked(unbase64((match ? match[2] : text).replace(/\s+/g, ""), "CMS"));
}

/**
 * @param {Uint8Array} bytes DER or BER, or the text of `cmsFromText`
 * @returns {string} base64
 * @throws {MalformedError}
 */
export function cmsFromBytes(bytes) {
  if (bytes.length > MAX_BYTES * 2) throw new MalformedError("CMS", "too long");
  // A DER length or 0x80 (indefinite) follows the tag; in "0…" of a text a digit or letter does.
  if (bytes[0] === SEQUENCE && bytes[1] >= 0x80) return checked(bytes);
  return cmsFromText(new TextDecoder("utf-8").decode(bytes));
}

/**
 * @param {Uint8Array} bytes
 * @returns {string}
 */
function checked(bytes) {
  if (bytes.length > MAX_BYTES) throw new MalformedError("CMS", "too long");
  if (bytes.length < 100 || bytes[0] !== SEQUENCE) throw new MalformedError("CMS", "not a CMS");
  return base64(bytes);
}
