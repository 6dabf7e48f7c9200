// The page that checks an opened ballot. The file stays in this browser; the elections come from
// the public log.

import { checkOpened } from "./opened_ballot.js";

const panel = /** @type {any} */ (document.querySelector("[data-opened]"));
const one = (/** @type {string} */ selector) => panel.querySelector(selector);
const { dataset } = panel;

panel.hidden = false;
one("[data-file]").addEventListener("change", async (/** @type {any} */ { target }) => {
  if (target.files.length) await check(await target.files[0].text());
  target.value = ""; // the same file may be chosen again
});
one("form").addEventListener("submit", async (/** @type {Event} */ event) => {
  event.preventDefault();
  await check(one("#text").value.trim());
});
one("[data-paste-part]").hidden = !navigator.clipboard?.readText;
one("[data-paste]").addEventListener("click", async () => {
  let text;
  try {
    text = await navigator.clipboard.readText();
  } catch { // refused by the person or the browser
    one("[data-by-hand]").open = true;
    one("[data-no-paste]").hidden = false;
    one("#text").focus();
    return;
  }
  await check(text.trim());
});
// Anywhere on the page: a file that misses would be shown by the browser in its place.
document.addEventListener("dragover", (event) => event.preventDefault());
document.addEventListener("drop", async (event) => {
  event.preventDefault();
  const [file] = event.dataTransfer?.files ?? [];
  const text = file ? await file.text() : event.dataTransfer?.getData("text").trim();
  if (text) await check(text);
});

/** @param {string} text */
async function check(text) {
  one("[data-report]").hidden = true;
  let elections = [];
  try {
    const response = await fetch(dataset.elections, { credentials: "omit" });
    if (!response.ok) throw new TypeError(String(response.status));
    const entry = await response.json();
    elections = entry.elections.map((/** @type {{election: string}} */ { election }) => election);
  } catch {
    say("unfinished");
    return;
  }
  show(checkOpened(text, elections));
}

/** @param {import("./opened_ballot.js").Report} report */
function show({ checks, code, said }) {
  for (const item of panel.querySelectorAll("[data-name]")) {
    const found = checks.find(({ name }) => name === item.dataset.name);
    item.dataset.state = found === undefined ? "waiting" : found.ok ? "holds" : "fails";
    for (const words of item.querySelectorAll("[data-when]")) words.hidden = words.dataset.when !== item.dataset.state;
    item.querySelector("[data-why]").textContent = found?.why ?? "";
  }
  one("[data-code]").textContent = (code.match(/.{1,4}/g) ?? []).join(" ");
  one("[data-code-part]").hidden = !code;
  one("[data-said]").replaceChildren(...said.map(sayAnswer));
  one("[data-said-part]").hidden = !said.length;
  one("[data-report]").hidden = false;
  say(checks.every(({ ok }) => ok) ? "ok" : "failed");
  one("[data-heading]").focus();
}

/** @param {import("./opened_ballot.js").Said} answer */
function sayAnswer({ question, list, chosen, blank }) {
  const part = one("template").content.firstElementChild.cloneNode(true);
  part.querySelector("[data-question]").textContent = question;
  part.querySelector("[data-list]").textContent = list;
  part.querySelector("[data-list]").hidden = !list;
  const names = blank ? [dataset.blank] : chosen.length ? chosen : [dataset.nobody];
  part.querySelector("ul").replaceChildren(...names.map((name) => {
    const item = document.createElement("li");
    item.textContent = name;
    item.translate = blank || !chosen.length;
    return item;
  }));
  return part;
}

/** @param {"ok" | "failed" | "unfinished"} verdict */
function say(verdict) {
  for (const words of panel.querySelectorAll("[data-say]")) words.hidden = words.dataset.say !== verdict;
}
