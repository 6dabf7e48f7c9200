// A commission member makes a signing key: in this page, sealed under a passphrase, kept as a file.
// Only the public half is handed in.

import { makeSigningKey } from "../booth/signing_key.js";

const SHORTEST = 12;
const form = /** @type {HTMLFormElement | null} */ (document.querySelector("[data-make]"));

/** @param {string} id */
const passphrase = (id) => /** @type {HTMLInputElement} */ (document.getElementById(id));

/** @param {HTMLFormElement} form @param {string | undefined} text */
function say(form, text) {
  const status = form.querySelector("[data-status]");
  if (status) status.textContent = text ?? "";
}

/** @param {HTMLFormElement} form */
async function make(form) {
  const [first, second] = [passphrase("first"), passphrase("second")];
  if (first.value.length < SHORTEST) return say(form, form.dataset.short);
  if (first.value !== second.value) return say(form, form.dataset.mismatch);
  say(form, form.dataset.working);
  const { key, file } = await makeSigningKey(first.value);
  first.value = second.value = "";
  const save = /** @type {HTMLAnchorElement} */ (form.querySelector("[data-save]"));
  const handIn = /** @type {HTMLButtonElement} */ (form.querySelector("[data-hand-in]"));
  save.href = URL.createObjectURL(new Blob([file], { type: "application/json" }));
  save.download = form.dataset.name ?? "dauys-key.json";
  save.hidden = false;
  // Handing in a key whose file was not kept would leave the seat without a signature.
  save.addEventListener("click", () => { handIn.hidden = false; });
  const field = /** @type {HTMLInputElement} */ (form.elements.namedItem("key"));
  field.value = key.publicKey;
  say(form, form.dataset.made);
  save.focus();
}

if (form) {
  const begin = /** @type {HTMLButtonElement} */ (form.querySelector("[data-begin]"));
  begin.addEventListener("click", () => { make(form); });
}
