// The two hash functions of the booth. The only file that names the vendored hash library.

import { sha256, sha512 } from "../vendor/noble-hashes-2.4.0/sha2.js";

import { bareBase64, utf8 } from "./encoding.js";

export { sha256, sha512 };

/**
 * The fingerprint that Belenios gives to a text: an election, a ballot.
 *
 * @param {string} text
 * @returns {string} 43 base64 digits
 */
export function fingerprint(text) {
  return bareBase64(sha256(utf8(text)));
}
