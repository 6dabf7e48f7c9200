// The receipt: checked on this device, shown, kept.

import { manifestLogKey } from "../booth/checkpoint.js";
import { checkReceipt, parseReceipt } from "../booth/receipt.js";
import { fill, one } from "./words.js";

/**
 * @typedef {object} Checked
 * @property {boolean} ok
 * @property {string} tracker of the ballot that this browser made
 * @property {number} index
 * @property {string} text of the receipt
 */

/**
 * @param {string} text the server's answer
 * @param {string} tracker of the ballot that was sent
 * @param {{logOrigin: string, logKey: string}} log from the page, not from the receipt
 * @returns {Checked}
 */
export function checkedReceipt(text, tracker, { logOrigin, logKey }) {
  try {
    const receipt = parseReceipt(text);
    const key = manifestLogKey({ log_origin: logOrigin, log_key: logKey });
    const ok = receipt.tracker === tracker && checkReceipt(receipt, key).ok;
    return { ok, tracker, index: receipt.index, text };
  } catch {
    return { ok: false, tracker, index: -1, text };
  }
}

/**
 * @param {any} root of the ballot's page
 * @param {Checked} receipt
 */
export function showReceipt(root, { tracker, index, text }) {
  const groups = tracker.match(/.{1,4}/g) ?? [];
  one("[data-tracker]", root).replaceChildren(...groups.flatMap((group) => {
    const part = document.createElement("span");
    part.textContent = group;
    return [part, " "];
  }));
  const proof = one("[data-proof]", root);
  proof.textContent = fill(proof.dataset.good, { n: index });
  const query = new URLSearchParams({ tracker });
  const look = new URL(`${root.dataset.lookUp}?${query}`, location.href).href;
  one("[data-look]", root).href = look;
  const picture = one("[data-qr]", root);
  picture.src = `${root.dataset.api}qr?${query}&lang=${root.dataset.language}`;
  picture.hidden = false;
  one("[data-save]", root).href = URL.createObjectURL(new Blob([text], { type: "application/json" }));
  const copy = one("[data-copy]", root);
  copy.addEventListener("click", async () => {
    await navigator.clipboard.writeText(tracker);
    copy.textContent = copy.dataset.done;
  });
  one("[data-print]", root).addEventListener("click", () => print());
  const share = one("[data-share]", root);
  share.hidden = !("share" in navigator);
  share.addEventListener("click", () => navigator.share({ text: tracker, url: look }).catch(() => {}));
}
