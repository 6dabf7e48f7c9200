// The credential: a key pair made freshly in the voter's browser for one ballot. The registrar
// signs a permit over the public half and never learns the secret one.

import { generatorBase, pointText, randomScalar, systemRandom } from "./group.js";

/**
 * The secret is a bigint on purpose: JSON refuses it, so it cannot slip into a request or a log
 * that is made of JSON, while messages to a worker carry it.
 *
 * @typedef {{secret: bigint, public: string}} Credential `public` is 64 hex digits
 */

/**
 * @param {import("./group.js").RandomBytes} [random]
 * @returns {Credential}
 */
export function freshCredential(random = systemRandom) {
  let secret = 0n;
  while (secret === 0n) secret = randomScalar(random);
  return { secret, public: credentialPublic(secret) };
}

/**
 * @param {bigint} secret 0 < secret < ORDER
 * @returns {string} 64 hex digits
 */
export function credentialPublic(secret) {
  return pointText(generatorBase().times(secret));
}
