// Identification by digital signature: a fresh ballot key, the server's challenge that names it,
// the signature, and on to the ballot.

import { checkAuthorisation } from "../booth/authorisation.js";
import { MalformedError, VerificationError } from "../booth/errors.js";
import { SignerError } from "../booth/signers/errors.js";
import { fileSigner } from "../booth/signers/file.js";
import { ncalayerSigner } from "../booth/signers/ncalayer.js";
import { Refusal, post } from "./ask.js";
import { keepFreshCredential } from "./keeping.js";
import { mobileSigning } from "./mobile.js";
import { clearProblem, one, showProblem } from "./words.js";

/** @typedef {import("../booth/signers/errors.js").Signer} Signer */

const root = one("[data-signature]");
const { election, api, language, demo } = root.dataset;
const status = one("[data-status]", root);
const sendFile = one("[data-send-file]", root);

/** @type {Record<string, () => Promise<Signer>>} */
const SIGNERS = {
  ncalayer: async () => ncalayerSigner(),
  file: async () => fileSigner(exchange),
  demo: async () => {
    const { demoSigner } = await import("../demo/signer.js");
    return demoSigner(demo, () => one("#demo-number").value.replace(/\D/g, ""));
  },
};

for (const button of root.querySelectorAll("[data-sign]")) {
  button.disabled = false;
  button.addEventListener("click", () => identify(button));
}

if (root.querySelector("[data-mobile]")) mobileSigning(root, go);

/** @param {string} next page, as the server says */
function go(next) {
  location.assign(next === "ballot" ? root.dataset.ballot : root.dataset.already);
}

/** @param {HTMLButtonElement} button */
async function identify(button) {
  clearProblem();
  button.disabled = true;
  status.textContent = status.dataset.working;
  try {
    const signer = await SIGNERS[String(button.dataset.sign)]();
    const credential = keepFreshCredential(election);
    const { challenge } = JSON.parse(await post(`${api}challenge`, { credential: credential.public }));
    checkAuthorisation(challenge, { election, credential: credential.public });
    const cms = await signer.sign(challenge, { locale: language });
    status.textContent = status.dataset.checking;
    go(JSON.parse(await post(`${api}signature`, { cms })).next);
  } catch (error) {
    status.textContent = "";
    showProblem(codeOf(error));
  } finally {
    button.disabled = false;
  }
}

/**
 * @param {unknown} error
 * @returns {string}
 */
function codeOf(error) {
  if (error instanceof SignerError || error instanceof Refusal) return error.code;
  if (error instanceof VerificationError || error instanceof MalformedError) return "authorisation";
  return error instanceof TypeError ? "offline" : "server";
}

/**
 * Give the challenge as a file and wait until the person brings the signature.
 *
 * @param {Blob} challenge
 * @returns {Promise<Blob | null>}
 */
function exchange(challenge) {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(challenge);
  link.download = "vote.json";
  link.click();
  URL.revokeObjectURL(link.href);
  status.textContent = status.dataset.downloaded;
  const input = one("#cms", root);
  sendFile.disabled = false;
  return new Promise((resolve) => {
    sendFile.onclick = () => {
      if (!input.files.length) {
        input.focus();
        return;
      }
      sendFile.disabled = true;
      resolve(input.files[0]);
    };
  });
}
