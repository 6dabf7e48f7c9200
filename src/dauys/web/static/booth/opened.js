// A ballot that is opened instead of cast: its text without a signature, and what was encrypted in
// it with which randomness (docs/protocol.md, "Opened ballots"). Whoever has it can encrypt the
// same again and compare. Nobody can cast it: a ballot without a signature is none.

import { dump } from "./canonical.js";

/**
 * @param {string} ballot its text without the signature
 * @param {readonly any[]} choices 0 and 1, in the shape of the ballot's choices
 * @param {readonly any[]} nonces the r of each, in the same shape
 * @returns {string} canonical JSON
 */
export function printOpened(ballot, choices, nonces) {
  return dump({ v: 1, ballot, choices, randomness: decimals(nonces) });
}

/**
 * @param {any} nonces a bigint, or arrays of them
 * @returns {any} the same in decimal
 */
function decimals(nonces) {
  return Array.isArray(nonces) ? nonces.map(decimals) : String(nonces);
}
