// Asks the server: canonical JSON there and back, refusals as errors.

import { dump } from "../booth/canonical.js";

/** The server refused; `code` is a word of `dauys.web.portal.refusals`. */
export class Refusal extends Error {
  /**
   * @param {string} code
   * @param {number} status
   */
  constructor(code, status) {
    super(code);
    this.name = "Refusal";
    this.code = code;
    this.status = status;
  }
}

/**
 * @param {string} url
 * @param {object} body
 * @param {Record<string, string>} [headers]
 * @returns {Promise<string>} the answer's text
 * @throws {Refusal}
 * @throws {TypeError} when there is no connection
 */
export async function post(url, body, headers = {}) {
  const token = /** @type {HTMLInputElement} */ (document.querySelector("[name=csrfmiddlewaretoken]"));
  const response = await fetch(url, {
    method: "POST",
    headers: { "Content-Type": "application/json", "X-CSRFToken": token.value, ...headers },
    body: dump(body),
  });
  const text = await response.text();
  if (response.ok) return text;
  throw new Refusal(readCode(text), response.status);
}

/**
 * @param {string} text
 * @returns {string}
 */
function readCode(text) {
  try {
    return String(JSON.parse(text).error);
  } catch {
    return "server";
  }
}

/**
 * Post the very same body until there is an answer: the box takes a ballot once, however
 * often it comes.
 *
 * @param {string} url
 * @param {object} body
 * @param {Record<string, string>} headers
 * @param {() => void} onLost called before each new attempt
 * @returns {Promise<string>}
 */
export async function insist(url, body, headers, onLost) {
  const pauses = [1000, 2000, 3000, 5000, 8000];
  for (;;) {
    try {
      return await post(url, body, headers);
    } catch (error) {
      const lost = error instanceof TypeError || (error instanceof Refusal && error.status >= 500);
      const pause = pauses.shift();
      if (!lost || pause === undefined) throw error;
      onLost();
      await waitOrOnline(pause);
    }
  }
}

/**
 * @param {number} milliseconds
 * @returns {Promise<void>} over when the time is, or sooner when the connection is back
 */
function waitOrOnline(milliseconds) {
  return new Promise((resolve) => {
    const go = () => {
      clearTimeout(timer);
      removeEventListener("online", go);
      resolve();
    };
    const timer = setTimeout(go, milliseconds);
    addEventListener("online", go);
  });
}
