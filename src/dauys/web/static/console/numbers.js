// Renews the numbers of the running election every fifteen seconds while the page is in sight.

const EVERY_MS = 15_000;
const place = document.querySelector("[data-numbers]");

/**
 * @param {Element} within
 * @param {Record<string, unknown>} values
 */
function write(within, values) {
  for (const cell of within.querySelectorAll("[data-value]")) {
    const value = values[cell.getAttribute("data-value") ?? ""];
    if (value !== undefined && cell.textContent !== String(value)) cell.textContent = String(value);
  }
}

/** @param {Element} place */
async function renew(place) {
  if (document.hidden) return;
  const answer = await fetch(place.getAttribute("data-numbers") ?? "", { credentials: "same-origin", redirect: "error" });
  if (!answer.ok) return;
  const numbers = await answer.json();
  const { contests, ...whole } = numbers;
  for (const contest of contests) {
    const row = place.querySelector(`[data-contest="${CSS.escape(contest.word)}"]`);
    if (!row) continue;
    row.querySelector(".c-bar__part")?.setAttribute("width", String(contest.bar));
    write(row, contest);
  }
  for (const cell of place.querySelectorAll("[data-value]")) {
    const value = whole[cell.getAttribute("data-value") ?? ""];
    const inRow = cell.closest("[data-contest]");
    if (!inRow && value !== undefined) cell.textContent = String(value);
  }
}

if (place) {
  setInterval(() => {
    // A lost connection is tried again the next time.
    renew(place).catch(() => undefined);
  }, EVERY_MS);
}
