// The ballot: choose, check, cast, receipt. One page, so that nothing is lost on the way.
//
// Encryption begins while the voter checks the choice and is no step of its own. Casting sends one
// request that may be repeated; when its receipt holds, the ballot's key is erased.

import { choiceVector } from "../booth/ballot.js";
import { parseElection } from "../booth/election.js";
import { freshCredential } from "../booth/credential.js";
import { encryptInWorker } from "../booth/encrypt.js";
import { Refusal, insist } from "./ask.js";
import { checkedReceipt, showReceipt } from "./casting.js";
import { eraseCredential, keptCredential } from "./keeping.js";
import { clearProblem, fill, one, showProblem } from "./words.js";

const root = one("[data-ballot]");
const { election, api, contest, credential: signedFor, reclaims } = root.dataset;
const minimum = Number(root.dataset.minimum);
const maximum = Number(root.dataset.maximum);
const opened = performance.now();

const form = one("[data-choices]", root);
const marks = [...form.querySelectorAll("[name=choice]")];
const status = one("[data-status]", root);
const castButton = one("[data-cast]", root);
const againButton = one("[data-try-again]", root);

/** @type {import("../booth/credential.js").Credential | null} */
let credential = signedFor ? keptCredential(election) : freshCredential();
/** @type {Promise<{ballot: string, tracker: string}> | null} */
let encrypted = null;
/** @type {object | null} */
let permit = null;
let casting = false;
/** Tracker of the ballot that was sent, for the help line. */
let tried = "";

if (signedFor && credential?.public !== signedFor) {
  show("lost");
} else {
  const electionText = fetchElection();
  electionText.then(() => { one("[data-check]", root).disabled = false; }, () => showProblem("booth"));
  form.addEventListener("change", countChoices);
  form.addEventListener("submit", (/** @type {Event} */ event) => {
    event.preventDefault();
    review(electionText);
  });
  one("[data-change]", root).addEventListener("click", () => { if (!casting) show("choose"); });
  castButton.addEventListener("click", cast);
  againButton.addEventListener("click", cast);
  countChoices();
}

/** @returns {Promise<string>} the published election, if the page shows the same candidates */
async function fetchElection() {
  const response = await fetch(`${api}contests/${contest}/election`);
  if (!response.ok) throw new Error("no election");
  const text = await response.text();
  const [question] = parseElection(text).questions;
  const names = marks.filter((mark) => mark.value !== "blank").map((mark) => mark.dataset.name);
  if (question.answers.join("\n") !== names.join("\n")) throw new Error("other candidates");
  return text;
}

/** @returns {any[]} */
function chosenMarks() {
  return marks.filter((mark) => mark.checked);
}

/** @param {Event} [event] */
function countChoices(event) {
  const changed = /** @type {any} */ (event?.target);
  const blank = marks.find((mark) => mark.value === "blank");
  if (changed?.checked && blank && maximum > 1) {
    if (changed === blank) marks.forEach((mark) => { if (mark !== blank) mark.checked = false; });
    else blank.checked = false;
  }
  one("[data-none]", root).hidden = true;
  if (maximum === 1) return;
  const chosen = chosenMarks().filter((mark) => mark !== blank);
  const full = chosen.length >= maximum;
  marks.forEach((mark) => { mark.disabled = full && !mark.checked && mark !== blank; });
  const count = one("[data-count]", root);
  count.textContent = fill(count.dataset.words, { n: chosen.length }) + (full ? `. ${count.dataset.full}` : "");
}

/** @param {Promise<string>} electionText */
function review(electionText) {
  const chosen = chosenMarks();
  const blank = chosen.some((mark) => mark.value === "blank");
  const none = one("[data-none]", root);
  if (!chosen.length || (!blank && chosen.length < minimum)) {
    none.hidden = false;
    none.focus();
    return;
  }
  one("[data-chosen]", root).replaceChildren(...chosen.map((mark) => {
    const item = document.createElement("li");
    item.textContent = mark.dataset.name;
    item.translate = false;
    return item;
  }));
  const places = blank ? "blank" : chosen.map((mark) => Number(mark.value));
  encrypted = electionText.then((text) => encryptInWorker({
    electionText: text,
    credentialSecret: /** @type {any} */ (credential).secret,
    choices: [choiceVector(parseElection(text).questions[0], places)],
  }));
  encrypted.catch(() => {}); // said when it is needed
  clearProblem();
  show("review");
}

/** Cast; pressing again while it runs does nothing, pressing again after a failure repeats it. */
async function cast() {
  if (casting) return;
  casting = true;
  document.body.dataset.casting = "";
  clearProblem();
  castButton.setAttribute("aria-disabled", "true");
  againButton.hidden = true;
  status.textContent = status.dataset.making;
  try {
    const made = await /** @type {Promise<{ballot: string, tracker: string}>} */ (encrypted).catch(() => {
      throw new Refusal("booth", 0);
    });
    status.textContent = status.dataset.asking;
    const receipt = await send(made);
    if (!receipt.ok) throw new Refusal("receipt", 0);
    finish(receipt);
  } catch (error) {
    fail(error);
  } finally {
    casting = false;
    delete document.body.dataset.casting;
    castButton.removeAttribute("aria-disabled");
  }
}

/**
 * @param {{ballot: string, tracker: string}} made
 * @returns {Promise<import("./casting.js").Checked>}
 */
async function send({ ballot, tracker }) {
  tried = tracker;
  const lost = () => { status.textContent = status.dataset.again; };
  const asked = { credential: /** @type {any} */ (credential).public, reclaims: reclaims || null };
  // Asked for once: after a lost answer the ballot may be in the box, and then no other is given.
  permit ??= JSON.parse(await insist(`${api}permit`, asked, {}, lost));
  const dwell = Math.min(86_400, (performance.now() - opened) / 1000).toFixed(1);
  const text = await insist(`${api}cast`, { ballot, permit }, { "X-Dauys-Dwell": dwell }, lost);
  return checkedReceipt(text, tracker, root.dataset);
}

/** @param {import("./casting.js").Checked} receipt */
function finish(receipt) {
  credential = null;
  encrypted = null;
  permit = null;
  eraseCredential(election);
  form.reset();
  one("[data-chosen]", root).replaceChildren();
  document.dispatchEvent(new Event("dauys:cast"));
  const token = one("[name=csrfmiddlewaretoken]").value;
  fetch(root.dataset.done, { method: "POST", headers: { "X-CSRFToken": token }, keepalive: true }).catch(() => {});
  showReceipt(root, receipt);
  show("receipt");
}

/** @param {unknown} error */
function fail(error) {
  const unproved = error instanceof Refusal && error.code === "receipt";
  status.textContent = unproved ? tried : "";
  const offline = error instanceof TypeError;
  againButton.hidden = !(offline || unproved || (error instanceof Refusal && error.status >= 500));
  if (error instanceof Refusal) showProblem(error.code);
  else showProblem(offline ? "offline" : "server");
}

/** @param {"choose" | "review" | "receipt" | "lost"} step */
function show(step) {
  for (const section of root.querySelectorAll("[data-step]")) {
    section.hidden = section.dataset.step !== step;
  }
  scrollTo(0, 0);
  one(`[data-step=${step}] [data-heading]`, root).focus();
}
