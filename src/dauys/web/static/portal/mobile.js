// Signing with an app on a phone: a QR code (or a link, on the phone itself), and a page that asks
// the server until the signature is there, then goes on by itself. It survives being loaded again.

import { checkAuthorisation } from "../booth/authorisation.js";
import { Refusal, post } from "./ask.js";
import { keepFreshCredential, keptCredential } from "./keeping.js";
import { clearProblem, fill, one, showProblem } from "./words.js";

const EVERY_MS = 2000;
const OVER = ["challenge_expired", "challenge_unknown", "challenge_used"];

/**
 * @typedef {object} Signing
 * @property {string} number
 * @property {string} secret lets this tab ask about it
 * @property {string} challenge
 * @property {string} code shown on both devices
 * @property {string} link opens the app on this device
 * @property {string} qr picture
 * @property {number} until in milliseconds, by this device's clock
 */

/**
 * @param {any} root of the page
 * @param {(next: string) => void} go called once the voter is identified
 */
export function mobileSigning(root, go) {
  const { election, api } = root.dataset;
  const box = one("[data-mobile]", root);
  const button = one("[data-mobile-begin]", root);
  const place = `dauys-mobile-${election}`;
  let timer = 0;
  let asking = false;

  button.addEventListener("click", begin);
  one("[data-mobile-cancel]", box).addEventListener("click", () => { stop(); button.focus(); });
  document.addEventListener("visibilitychange", () => { if (!document.hidden) ask(); });
  button.disabled = false;
  const kept = keptSigning();
  if (kept) show(kept);

  async function begin() {
    clearProblem();
    button.disabled = true;
    try {
      const credential = keepFreshCredential(election);
      const begun = JSON.parse(await post(`${api}mobile`, { credential: credential.public }));
      checkAuthorisation(begun.challenge, { election, credential: credential.public });
      const signing = { ...begun, until: Date.now() + begun.seconds * 1000 };
      sessionStorage.setItem(place, JSON.stringify(signing));
      show(signing);
      one("[data-mobile-heading]", box).focus();
    } catch (error) {
      showProblem(codeOf(error));
    } finally {
      button.disabled = false;
    }
  }

  /** @returns {Signing | null} what this tab waits for, if its ballot key is still the same */
  function keptSigning() {
    try {
      const signing = JSON.parse(sessionStorage.getItem(place) ?? "null");
      const credential = keptCredential(election);
      if (!signing || !credential || Date.now() > signing.until) return null;
      checkAuthorisation(signing.challenge, { election, credential: credential.public });
      return signing;
    } catch {
      return null;
    }
  }

  /** @param {Signing} signing */
  function show(signing) {
    one("[data-mobile-link]", box).href = signing.link;
    one("[data-mobile-qr]", box).src = signing.qr;
    const phone = /** @type {any} */ (box.querySelector("[data-mobile-demo]"));
    if (phone) {
      const number = one("#demo-number").value.replace(/\D/g, "");
      phone.href = `${phone.dataset.mobileDemo}?${new URLSearchParams({ link: signing.link, number })}`;
    }
    one("[data-mobile-code]", box).textContent = signing.code;
    box.hidden = false;
    button.hidden = true;
    say("waiting");
    clearTimeout(timer);
    timer = setTimeout(ask, EVERY_MS);
  }

  async function ask() {
    const signing = keptSigning();
    if (asking || box.hidden) return;
    if (!signing) {
      end("challenge_expired");
      return;
    }
    asking = true;
    try {
      const { number, secret } = signing;
      const { state, refusal, next } = JSON.parse(await post(`${api}mobile/${number}/ask`, { secret }));
      if (next) {
        sessionStorage.removeItem(place);
        go(next);
        return;
      }
      if (refusal) showProblem(refusal, { focus: false });
      say(state);
    } catch (error) {
      if (error instanceof Refusal && OVER.includes(error.code)) {
        end(error.code);
        return;
      }
      say("offline"); // goes on asking: a phone loses its connection while the app is in front
    } finally {
      asking = false;
    }
    clearTimeout(timer);
    timer = setTimeout(ask, EVERY_MS);
  }

  /** @param {string} state */
  function say(state) {
    const status = one("[data-mobile-status]", box);
    const minutes = Math.max(1, Math.ceil(((keptSigning()?.until ?? 0) - Date.now()) / 60000));
    const words = fill(status.dataset[state] ?? status.dataset.waiting, { n: minutes });
    if (status.textContent !== words) status.textContent = words;
  }

  /** @param {string} code */
  function end(code) {
    stop();
    showProblem(code);
  }

  function stop() {
    clearTimeout(timer);
    sessionStorage.removeItem(place);
    box.hidden = true;
    button.hidden = false;
  }
}

/**
 * @param {unknown} error
 * @returns {string}
 */
function codeOf(error) {
  if (error instanceof Refusal) return error.code;
  return error instanceof TypeError ? "offline" : "authorisation";
}
