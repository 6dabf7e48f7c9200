// Signs with whatever the person likes: they take the challenge as a file, sign it elsewhere, and
// bring the signature back.

import { unbase64 } from "../encoding.js";
import { MalformedError } from "../errors.js";
import { cmsFromBytes } from "./cms.js";
import { SignerError } from "./errors.js";

/** @typedef {import("./errors.js").Signer} Signer */

/**
 * @param {(challenge: Blob, options: {locale: string}) => Promise<Blob | null>} exchange offers the
 *   challenge for download and gives the file that the person chose, or null when they gave up
 * @returns {Signer}
 */
export function fileSigner(exchange) {
  return {
    id: "file",
    async sign(challengeBase64, options) {
      const challenge = new Blob([unbase64(challengeBase64, "challenge")]);
      const file = await exchange(challenge, options);
      if (file === null) throw new SignerError("cancelled");
      try {
        return cmsFromBytes(new Uint8Array(await file.arrayBuffer()));
      } catch (error) {
        if (error instanceof MalformedError) throw new SignerError("refused", error.message);
        throw error;
      }
    },
  };
}
