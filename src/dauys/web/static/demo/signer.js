// Demonstration only: the server signs as a sample voter, with keys of a test authority.

import { SignerError } from "../booth/signers/errors.js";
import { Refusal, post } from "../portal/ask.js";

/**
 * @param {string} url of the demonstration's signer
 * @param {() => string} number of the sample voter
 * @returns {import("../booth/signers/errors.js").Signer}
 */
export function demoSigner(url, number) {
  return {
    id: "demo",
    async sign(challengeBase64) {
      try {
        return JSON.parse(await post(url, { content: challengeBase64, number: number() })).cms;
      } catch (error) {
        if (error instanceof Refusal) throw new SignerError("wrong_key", error.code);
        throw error;
      }
    },
  };
}
