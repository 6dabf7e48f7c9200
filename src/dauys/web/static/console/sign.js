// A commission member signs a decision: the browser reads the entry, shows it, opens the key file
// and signs. Only the signature leaves this page.

import { approve, readDecision } from "../booth/approval.js";
import { MalformedError, VerificationError } from "../booth/errors.js";
import { openSigningKey, WrongPassphraseError } from "../booth/signing_key.js";

const form = /** @type {HTMLFormElement | null} */ (document.querySelector("[data-sign]"));

/** @param {string} id */
const input = (id) => /** @type {HTMLInputElement} */ (document.getElementById(id));

/** @param {HTMLFormElement} form */
function show(form) {
  const place = document.querySelector("[data-entry]");
  const { entry, digest } = readDecision(form.dataset.text ?? "");
  if (digest !== form.dataset.digest) throw new VerificationError("digest");
  if (place) place.textContent = JSON.stringify(entry, null, 1);
}

/** @param {HTMLFormElement} form */
async function sign(form) {
  const file = input("key-file").files?.[0];
  if (!file) throw new MalformedError("signing key", "no file");
  const key = await openSigningKey((await file.text()).trim(), input("passphrase").value);
  const { election = "", text = "", key: expected = "" } = form.dataset;
  return approve(key, election, text, expected).signature;
}

/** @param {HTMLFormElement} form @param {unknown} error */
function words(form, error) {
  if (error instanceof WrongPassphraseError) return form.dataset.wrongPassphrase;
  if (error instanceof VerificationError) return form.dataset.wrongKey;
  return form.dataset.wrongFile;
}

/** @param {HTMLFormElement} form @param {string | undefined} text */
function say(form, text) {
  const status = form.querySelector("[data-status]");
  if (status) status.textContent = text ?? "";
}

if (form) {
  const button = /** @type {HTMLButtonElement} */ (form.querySelector("button"));
  try {
    show(form);
  } catch {
    button.disabled = true;
    say(form, form.dataset.wrongText);
  }
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    button.disabled = true;
    say(form, form.dataset.working);
    try {
      const field = /** @type {HTMLInputElement} */ (form.elements.namedItem("signature"));
      field.value = await sign(form);
      input("passphrase").value = "";
      form.submit();
    } catch (error) {
      say(form, words(form, error));
      button.disabled = false;
    }
  });
}
