// What a voter's page loads of the booth: support check, credential, encryption, receipt.

import { freshCredential } from "/static/booth/credential.js";
import { encryptInWorker } from "/static/booth/encrypt.js";
import { checkReceipt } from "/static/booth/receipt.js";
import { supported } from "/static/booth/support.js";

globalThis.made = async (electionText, credentialSecret, choices) =>
  (await encryptInWorker({ electionText, credentialSecret, choices })).tracker;
globalThis.loaded = [freshCredential, checkReceipt, supported];
