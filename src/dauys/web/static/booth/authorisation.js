// What a voter is asked to sign with a digital signature (docs/protocol.md, "Permits"): the
// authorisation of one ballot key. Checked here before the signing program sees it: a server that
// slipped in a key of its own would get a signature under which it could vote in the voter's name.

import { load } from "./canonical.js";
import { unbase64 } from "./encoding.js";
import { MalformedError, VerificationError } from "./errors.js";

const FIELDS = ["credential", "election", "expires", "nonce", "purpose", "v"];
const INSTANT = /^[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}Z$/;

/**
 * @param {string} challengeBase64 as the server gave it, to be handed to a signer unchanged
 * @param {{election: string, credential: string, purpose?: string}} expected the election voted in
 *   and the public key that this browser made
 * @returns {{expires: string}} UTC, "2026-08-05T04:00:00Z"
 * @throws {MalformedError} when it is no authorisation
 * @throws {VerificationError} when it authorises something else: do not sign, and tell the help desk
 */
export function checkAuthorisation(challengeBase64, { election, credential, purpose = "vote" }) {
  const value = load(readText(challengeBase64), "authorisation");
  if (Object.keys(value).sort().join() !== FIELDS.join() || value.v !== 1) refuse("fields");
  if (typeof value.nonce !== "string" || !/^[0-9a-f]{32}$/.test(value.nonce)) refuse("nonce");
  if (typeof value.expires !== "string" || !INSTANT.test(value.expires)) refuse("expires");
  if (value.purpose !== purpose) throw new VerificationError("authorisation", "another purpose");
  if (value.election !== election) throw new VerificationError("authorisation", "another election");
  if (value.credential !== credential) throw new VerificationError("authorisation", "another ballot key");
  return { expires: value.expires };
}

/**
 * @param {string} challengeBase64
 * @returns {string}
 */
function readText(challengeBase64) {
  const bytes = unbase64(challengeBase64, "authorisation");
  try {
    return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    return refuse("not UTF-8");
  }
}

/**
 * @param {string} why
 * @returns {never}
 */
function refuse(why) {
  throw new MalformedError("authorisation", why);
}
