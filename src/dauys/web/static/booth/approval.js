// A commission member's approval of a decision (docs/protocol.md, "Decisions"). The digest that is
// signed is made here, from the text of the decision that the member is shown: what they read is
// what they sign, whatever digest a server may name.

import { load } from "./canonical.js";
import { hex, utf8 } from "./encoding.js";
import { MalformedError, VerificationError } from "./errors.js";
import { sha256 } from "./hash.js";

const CONTEXT = "dauys approval v1\n";

/** @typedef {{number: number, digest: string, remedy: any, reason: any, entry: any}} ReadDecision */

/**
 * @param {string} text the decision's entry, canonical JSON
 * @returns {ReadDecision} `entry` is all of it: show the member this, not something beside it
 * @throws {MalformedError}
 */
export function readDecision(text) {
  const entry = /** @type {any} */ (load(text, "decision"));
  if (entry.kind !== "decision" || entry.v !== 1) throw new MalformedError("decision", "another kind");
  if (!Number.isSafeInteger(entry.number) || entry.number < 1) {
    throw new MalformedError("decision", "no number");
  }
  const { number, remedy, reason } = entry;
  return { number, digest: hex(sha256(utf8(text))), remedy, reason, entry };
}

/**
 * @param {import("./signing_key.js").SigningKey} key
 * @param {string} election its identifier, from the manifest
 * @param {string} text the decision's entry, canonical JSON
 * @param {string} publicKey the member's key in the manifest, 64 hex digits
 * @returns {{decision: number, digest: string, signature: string}}
 * @throws {VerificationError} when the key is not the member's
 */
export function approve(key, election, text, publicKey) {
  if (key.publicKey !== publicKey) throw new VerificationError("signing key", "not this member's");
  const { number, digest } = readDecision(text);
  const signature = key.sign(CONTEXT, utf8(`${election}\n${digest}\n`));
  return { decision: number, digest, signature };
}
