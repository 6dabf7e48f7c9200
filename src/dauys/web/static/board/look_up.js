// Checks, on the reader's own device, that a ballot is in the log: the receipt that the server
// hands out, or one that the voter kept. Words are in the page; nothing is sent anywhere but
// questions for public data.

import { manifestLogKey, openCheckpoint } from "../booth/checkpoint.js";
import { sameBytes, unhex } from "../booth/encoding.js";
import { MalformedError, VerificationError } from "../booth/errors.js";
import { verifyConsistency } from "../booth/merkle.js";
import { checkReceipt, parseReceipt } from "../booth/receipt.js";
import { supported } from "../booth/support.js";

/** @typedef {import("../booth/checkpoint.js").LogKey} LogKey */
/** @typedef {{name: string, ok: boolean, why: string}} Check */

const panel = /** @type {HTMLElement} */ (document.querySelector("[data-check]"));
const { dataset } = panel;
const MEMORY = `dauys-board:${dataset.election}`;

/** The log of this election, as its page names it: never as a receipt does. */
const logKey = () => manifestLogKey({ log_origin: dataset.origin ?? "", log_key: dataset.key ?? "" });

/**
 * @param {string} address
 * @returns {Promise<string>}
 */
async function text(address) {
  const response = await fetch(address, { cache: "no-store", credentials: "same-origin" });
  if (!response.ok) throw new TypeError(`${address}: ${response.status}`);
  return response.text();
}

/**
 * Two signed checkpoints are of one log: the shorter is the beginning of the longer.
 *
 * @param {string} one signed note
 * @param {string} other signed note
 * @param {LogKey} key
 * @throws {VerificationError}
 */
async function requireOneLog(one, other, key) {
  const [older, newer] = [one, other]
    .map((note) => openCheckpoint(note, key))
    .sort((a, b) => a.size - b.size);
  if (older.size === newer.size) {
    if (!sameBytes(older.root, newer.root)) throw new VerificationError("consistency", "two roots");
    return;
  }
  const answer = JSON.parse(await text(`${dataset.consistency}?old=${older.size}&new=${newer.size}`));
  const proof = answer.proof.map((/** @type {string} */ hash) => unhex(hash, "proof"));
  if (!verifyConsistency(older.size, older.root, newer.size, newer.root, proof)) {
    throw new VerificationError("consistency", "the log was changed");
  }
}

/**
 * @param {string} name
 * @param {() => void | Promise<void>} claim throws when it does not hold
 */
async function checkOne(name, claim) {
  try {
    await claim();
    show({ name, ok: true, why: "" });
    return true;
  } catch (error) {
    if (!(error instanceof MalformedError || error instanceof VerificationError)) throw error;
    show({ name, ok: false, why: error.message });
    return false;
  }
}

/** @param {Check} check */
function show({ name, ok, why }) {
  const item = panel.querySelector(`[data-name="${name}"]`);
  if (!(item instanceof HTMLElement)) return;
  item.hidden = false;
  item.dataset.state = ok ? "holds" : "fails";
  for (const words of item.querySelectorAll("[data-when]")) {
    if (words instanceof HTMLElement) words.hidden = words.dataset.when !== item.dataset.state;
  }
  const reason = item.querySelector("[data-why]");
  if (reason) reason.textContent = why;
}

function reset() {
  for (const item of panel.querySelectorAll("[data-name]")) {
    if (!(item instanceof HTMLElement)) continue;
    item.dataset.state = "waiting";
    for (const words of item.querySelectorAll("[data-when]")) {
      if (words instanceof HTMLElement) words.hidden = words.dataset.when !== "waiting";
    }
  }
  const list = panel.querySelector("[data-list]");
  if (list instanceof HTMLElement) list.hidden = false;
}

/** @param {"working" | "ok" | "failed" | "unfinished" | "old"} verdict */
function say(verdict) {
  for (const words of panel.querySelectorAll("[data-say]")) {
    if (words instanceof HTMLElement) words.hidden = words.dataset.say !== verdict;
  }
}

/**
 * Check a receipt, and the log it belongs to.
 *
 * @param {() => Promise<string>} get the receipt's text
 * @param {{tracker?: string, index?: number}} expected what the page says of the ballot
 * @returns {Promise<string>} the receipt's tracker, empty when it could not be read
 */
async function check(get, expected) {
  reset();
  say("working");
  const key = logKey();
  /** @type {import("../booth/receipt.js").Receipt | undefined} */
  let receipt;
  const told = await get();
  const results = [
    await checkOne("receipt", () => {
      receipt = parseReceipt(told);
    }),
  ];
  if (receipt) {
    results.push(...showAll(receipt, checkReceipt(receipt, key).checks, expected));
    const newest = await text(dataset.checkpoint ?? "");
    const { checkpoint } = receipt;
    results.push(await checkOne("consistency", () => requireOneLog(checkpoint, newest, key)));
    results.push(await checkOne("memory", () => remember(newest, key)));
  }
  say(results.every(Boolean) ? "ok" : "failed");
  return receipt?.tracker ?? "";
}

/**
 * The receipt's own checks, with what the page says of the ballot: a receipt for another ballot
 * is good for nothing here.
 *
 * @param {import("../booth/receipt.js").Receipt} receipt
 * @param {Check[]} checks
 * @param {{tracker?: string, index?: number}} expected
 */
function showAll(receipt, checks, expected) {
  const other =
    (expected.tracker !== undefined && expected.tracker !== receipt.tracker) ||
    (expected.index !== undefined && expected.index !== receipt.index);
  const entry = checks.find(({ name }) => name === "entry");
  return checks
    .filter(({ name }) => name !== "entry")
    .map((one) => {
      let { ok, why } = one;
      if (one.name === "tracker") {
        ok = ok && !other && (entry?.ok ?? false);
        why = why || entry?.why || (other ? "receipt of another ballot" : "");
      }
      show({ name: one.name, ok, why: ok ? "" : why });
      return ok;
    });
}

/**
 * The board continues what this browser saw the last time; from now on it is this.
 *
 * @param {string} newest signed note
 * @param {LogKey} key
 */
async function remember(newest, key) {
  const kept = localStorage.getItem(MEMORY);
  if (kept) await requireOneLog(kept, newest, key);
  if (!kept || openCheckpoint(newest, key).size >= openCheckpoint(kept, key).size) {
    localStorage.setItem(MEMORY, newest);
  }
}

/**
 * @param {() => Promise<string>} get
 * @param {{tracker?: string, index?: number}} expected
 */
async function run(get, expected) {
  try {
    return await check(get, expected);
  } catch (error) {
    if (!(error instanceof TypeError || error instanceof SyntaxError)) throw error;
    say("unfinished"); // the network's errors
    return "";
  }
}

/** @param {Event} event */
async function ownReceipt(event) {
  const file = /** @type {HTMLInputElement} */ (event.target).files?.[0];
  if (!file) return;
  const found = await run(() => file.text(), {});
  const line = panel.querySelector("[data-own-tracker]");
  const link = panel.querySelector("[data-own-link]");
  if (line instanceof HTMLElement && link instanceof HTMLAnchorElement) {
    line.hidden = !found;
    link.textContent = found;
    link.href = `?tracker=${encodeURIComponent(found)}`;
  }
}

const summary = document.querySelector("[data-focus]");
if (summary instanceof HTMLElement) summary.focus();

panel.hidden = false;
if (!supported()) {
  say("old");
} else {
  panel.querySelector("[data-file]")?.addEventListener("change", ownReceipt);
  const { receipt, tracker, index } = dataset;
  if (receipt) await run(() => text(receipt), { tracker, index: Number(index) });
}
