// What a voter's page loads of the booth: support check, credential, encryption, receipt.

import { freshCredential } from "/static/booth/credential.js";
import { Encryption } from "/static/booth/encrypt.js";
import { checkReceipt } from "/static/booth/receipt.js";
import { supported } from "/static/booth/support.js";

globalThis.made = async (electionText, credentialSecret, choices) => {
  const encryption = new Encryption(electionText);
  await encryption.prepare({ credentialSecret, choices });
  return (await encryption.sign()).tracker;
};
globalThis.loaded = [freshCredential, checkReceipt, supported];
