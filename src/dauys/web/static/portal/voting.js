// The ballot: choose, check, cast, receipt. One page, so that nothing is lost on the way.
//
// Encryption begins while the voter checks the choice and is no step of its own. Casting sends one
// request that may be repeated; when its receipt holds, the ballot's key is erased. A ballot that
// was not sent can be opened instead (opening.js).

import { choiceVector } from "../booth/ballot.js";
import { parseElection } from "../booth/election.js";
import { freshCredential } from "../booth/credential.js";
import { Encryption } from "../booth/encrypt.js";
import { Refusal, insist } from "./ask.js";
import { checkedReceipt, showReceipt } from "./casting.js";
import { eraseCredential, keptCredential } from "./keeping.js";
import { noCode, offerOpening, showCode } from "./opening.js";
import { allAnswered, fieldsOf } from "./questions.js";
import { showReview } from "./reviewing.js";
import { clearProblem, one, showProblem } from "./words.js";

const root = one("[data-ballot]");
const { election, api, contest, credential: signedFor, reclaims } = root.dataset;
const opened = performance.now();
const PATIENCE_MS = 1500;

const form = one("[data-choices]", root);
const fields = fieldsOf(form);
const status = one("[data-status]", root);
const castButton = one("[data-cast]", root);
const againButton = one("[data-try-again]", root);

/** @type {import("../booth/credential.js").Credential | null} */
let credential = signedFor ? keptCredential(election) : freshCredential();
/** @type {Encryption | null} */
let encryption = null;
/** @type {Promise<string> | null} code of the ballot that is prepared */
let prepared = null;
/** @type {{ballot: string, tracker: string} | null} the ballot once it is signed to be cast */
let signed = null;
/** @type {object | null} */
let permit = null;
let casting = false;
/** Tracker of the ballot that was sent, for the help line. */
let tried = "";

if (signedFor && credential?.public !== signedFor) {
  show("lost");
} else {
  const published = fetchElection();
  published.then(() => { one("[data-check]", root).disabled = false; }, () => showProblem("booth"));
  form.addEventListener("submit", (/** @type {Event} */ event) => {
    event.preventDefault();
    published.then(review);
  });
  castButton.addEventListener("click", cast);
  againButton.addEventListener("click", cast);
  offerOpening(root, { open, again: () => show("choose") });
}

/** @typedef {{text: string, questions: readonly import("../booth/election.js").Question[]}} Published */

/** @returns {Promise<Published>} the published election, if the page shows the same questions */
async function fetchElection() {
  const response = await fetch(`${api}contests/${contest}/election`);
  if (!response.ok) throw new Error("no election");
  const text = await response.text();
  const { questions } = parseElection(text);
  const fits = questions.length === fields.length && fields.every((field, i) => field.fits(questions[i]));
  if (!fits) throw new Error("other questions");
  encryption = new Encryption(text); // it makes its tables while the voter reads
  return { text, questions };
}

/** @param {Published} published */
function review({ text, questions }) {
  if (!allAnswered(fields)) return;
  showReview(root, fields, (field) => {
    if (casting) return;
    show("choose");
    if (fields.length > 1) field.root.querySelector("input:checked, input")?.focus();
  });
  signed = null;
  encryption ??= new Encryption(text);
  prepared = encryption.prepare({
    credentialSecret: /** @type {any} */ (credential).secret,
    choices: questions.map((question, i) => choiceVector(question, fields[i].chosen())),
  });
  showCode(root, prepared, tried === "");
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
  noCode(root);
  status.textContent = status.dataset.making;
  try {
    signed ??= await sign();
    status.textContent = status.dataset.asking;
    const receipt = await send(signed);
    if (!receipt.ok) throw new Refusal("receipt", 0);
    await finish(receipt);
  } catch (error) {
    fail(error);
  } finally {
    casting = false;
    delete document.body.dataset.casting;
    castButton.removeAttribute("aria-disabled");
  }
}

/** @returns {Promise<{ballot: string, tracker: string}>} the prepared ballot: never to be opened now */
async function sign() {
  try {
    await prepared;
    return await /** @type {Encryption} */ (encryption).sign();
  } catch {
    throw new Refusal("booth", 0);
  } finally {
    encryption = null;
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

/**
 * Open the prepared ballot instead of casting it. It was not signed, so nobody can cast it; and no
 * permit was asked for its key. The next ballot has a key of its own, unless the voter's signature
 * names this one.
 *
 * @returns {Promise<string>} see booth/opened.js
 */
async function open() {
  if (casting || signed !== null) throw new Error("this ballot was sent");
  const text = await /** @type {Encryption} */ (encryption).open();
  encryption = null;
  prepared = null;
  if (!signedFor) credential = freshCredential();
  form.reset();
  for (const field of fields) field.root.dispatchEvent(new Event("change"));
  show("opened");
  return text;
}

/**
 * The receipt comes once the server knows that this visit is over, so that whoever takes the
 * telephone next starts anew; but an answer that is lost or slow does not hold it back.
 *
 * @param {import("./casting.js").Checked} receipt
 */
async function finish(receipt) {
  credential = null;
  prepared = null;
  signed = null;
  permit = null;
  eraseCredential(election);
  form.reset();
  one("[data-chosen]", root).replaceChildren();
  document.dispatchEvent(new Event("dauys:cast"));
  const token = one("[name=csrfmiddlewaretoken]").value;
  const told = fetch(root.dataset.done, { method: "POST", headers: { "X-CSRFToken": token }, keepalive: true });
  await Promise.race([told.catch(() => {}), new Promise((over) => { setTimeout(over, PATIENCE_MS); })]);
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

/** @param {"choose" | "review" | "opened" | "receipt" | "lost"} step */
function show(step) {
  for (const section of root.querySelectorAll("[data-step]")) {
    section.hidden = section.dataset.step !== step;
  }
  scrollTo(0, 0);
  one(`[data-step=${step}] [data-heading]`, root).focus();
}
