// The ballot's key, kept in this tab between the signature and the cast, then erased.

import { credentialPublic, freshCredential } from "../booth/credential.js";

/** @typedef {import("../booth/credential.js").Credential} Credential */

/**
 * @param {string} election
 * @returns {Credential | null} the key kept for this election in this tab
 */
export function keptCredential(election) {
  const text = sessionStorage.getItem(place(election));
  if (!text || !/^[0-9a-f]{1,64}$/.test(text)) return null;
  const secret = BigInt(`0x${text}`);
  return { secret, public: credentialPublic(secret) };
}

/**
 * @param {string} election
 * @returns {Credential} a new key, kept
 */
export function keepFreshCredential(election) {
  const credential = freshCredential();
  sessionStorage.setItem(place(election), credential.secret.toString(16));
  return credential;
}

/** @param {string} election */
export function eraseCredential(election) {
  sessionStorage.removeItem(place(election));
}

/** @param {string} election */
function place(election) {
  return `dauys-ballot-key-${election}`;
}
