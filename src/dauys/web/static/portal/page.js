// What every page of the portal does: focus, countdown, waiting button, number, session.

import { fill } from "./words.js";

const WARN_SECONDS = 120;
const started = performance.now();
/** @returns {number} whole seconds since the page came */
const elapsed = () => Math.floor((performance.now() - started) / 1000);

/** @type {HTMLElement | null} */ (document.querySelector("[data-focus]"))?.focus();
document.querySelectorAll("[data-countdown]").forEach(countDown);
document.querySelectorAll("[data-wait]").forEach(waitToSend);
document.querySelectorAll("[data-number]").forEach(watchNumber);
document.querySelectorAll("[data-session]").forEach(watchSession);

/** @param {any} place shows how much time is left */
function countDown(place) {
  const { countdown, days, hours, over } = place.dataset;
  const show = () => {
    const left = Number(countdown) - elapsed();
    const parts = { d: Math.floor(left / 86400), h: Math.floor((left % 86400) / 3600), m: Math.floor((left % 3600) / 60) };
    if (left <= 0) place.textContent = over;
    else if (parts.d) place.textContent = fill(days, parts);
    else place.textContent = fill(hours, parts);
  };
  show();
  setInterval(show, 20_000);
}

/** @param {any} button may be pressed once its seconds are over */
function waitToSend(button) {
  const { wait, words } = button.dataset;
  const ready = button.textContent;
  const show = () => {
    const left = Number(wait) - elapsed();
    button.disabled = left > 0;
    button.textContent = left > 0 ? fill(words, { n: left }) : ready;
    if (left <= 0) clearInterval(timer);
  };
  const timer = setInterval(show, 1000);
  show();
}

/** @param {any} input of an IIN or BIN: grouped while typed, checked when it is whole */
function watchNumber(input) {
  const count = /** @type {any} */ (document.querySelector("[data-number-count]"));
  const error = /** @type {any} */ (document.getElementById("number-error"));
  const show = () => {
    const before = input.value.slice(0, input.selectionStart).replace(/\D/g, "").length;
    const digits = input.value.replace(/\D/g, "").slice(0, 12);
    input.value = digits.replace(/(\d{4})(?=\d)/g, "$1 ");
    const caret = before + Math.floor(Math.max(0, Math.min(before, digits.length) - 1) / 4);
    if (document.activeElement === input) input.setSelectionRange(caret, caret);
    const whole = digits.length === 12;
    const slip = whole && !checkDigitHolds(digits);
    count.textContent = whole && !slip ? count.dataset.good : fill(count.dataset.words, { n: digits.length });
    error.hidden = !slip;
    if (slip) error.textContent = error.dataset.slip;
    input.classList.toggle("govuk-input--error", slip);
    input.setAttribute("aria-invalid", String(slip));
  };
  input.addEventListener("input", show);
  input.addEventListener("keydown", (/** @type {KeyboardEvent} */ event) => {
    if (event.key !== "Enter") return;
    event.preventDefault(); // the method is the person's choice, not the first button's
    /** @type {HTMLElement | null} */ (document.querySelector(".p-method"))?.focus();
  });
  if (input.value && error.hidden) show();
}

/**
 * @param {string} digits twelve
 * @returns {boolean} as dauys.identity.numbers.check_digit: weights 1 to 11, then 3 to 2
 */
function checkDigitHolds(digits) {
  for (const shift of [0, 2]) {
    let sum = 0;
    for (let i = 0; i < 11; i += 1) sum += Number(digits[i]) * (((i + shift) % 11) + 1);
    if (sum % 11 < 10) return sum % 11 === Number(digits[11]);
  }
  return false;
}

/** @param {any} place tells how long the voter stays identified; warns, extends, ends */
function watchSession(place) {
  const dialog = /** @type {any} */ (document.querySelector("[data-session-dialog]"));
  const status = dialog.querySelector("[data-session-status]");
  const token = place.querySelector("[name=csrfmiddlewaretoken]").value;
  let ends = Number(place.dataset.left);
  const look = () => {
    if ("casting" in document.body.dataset) return; // nobody is led away from a ballot on its way
    const left = ends - elapsed();
    if (left <= 0) location.assign(place.dataset.over);
    else if (left <= WARN_SECONDS) {
      if (!dialog.open) dialog.showModal();
      if (left % 20 === 0 || !status.textContent) status.textContent = fill(status.dataset.words, { n: left });
    }
  };
  dialog.querySelector("[data-session-stay]").addEventListener("click", async () => {
    const response = await fetch(place.dataset.stay, { method: "POST", headers: { "X-CSRFToken": token }, redirect: "error" });
    ends = elapsed() + (await response.json()).seconds;
    status.textContent = "";
    dialog.close();
  });
  // A vote that was cast needs no watching; the receipt stays on the screen.
  const timer = setInterval(look, 1000);
  document.addEventListener("dauys:cast", () => clearInterval(timer));
}
