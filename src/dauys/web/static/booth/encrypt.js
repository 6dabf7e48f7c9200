// One call for the voter's page: encrypt in a worker, or on the page itself where the worker does
// not come up (an old browser, a blocked script). Either way the ballot is the same kind of ballot.

import { errorFrom } from "./errors.js";
import { WORKER_URL, trustedUrl } from "./trusted_urls.js";

const PATIENCE_MILLISECONDS = 8000; // to load the worker; the page has loaded the same files

/**
 * @typedef {object} Order
 * @property {string} electionText the election's JSON, byte for byte as published
 * @property {bigint} credentialSecret stays in memory: it is given to the worker and nowhere else
 * @property {number[][]} choices one 0-or-1 vector per question, see choiceVector in ballot.js
 */

/**
 * Encrypt a vote.
 *
 * @param {Order & {onProgress?: (progress: {done: number, total: number}) => void}} order
 * @returns {Promise<{ballot: string, tracker: string}>}
 * @throws {import("./errors.js").ChoiceError} when the choices break a question's rules
 * @throws {import("./errors.js").MalformedError} when the election is not in the one accepted form
 */
export async function encryptInWorker({ onProgress = () => {}, ...order }) {
  const worker = await startWorker();
  if (worker === null) return encryptOnPage(order, onProgress);
  try {
    return await askWorker(worker, order, onProgress);
  } finally {
    worker.terminate(); // and with it the memory that held the secret
  }
}

/**
 * @param {Order} order
 * @param {(progress: {done: number, total: number}) => void} onProgress
 * @returns {Promise<{ballot: string, tracker: string}>}
 */
export async function encryptOnPage({ electionText, credentialSecret, choices }, onProgress = () => {}) {
  // Loaded only when needed: usually the worker has its own copy.
  const [{ makeBallot, tracker }, { parseElection }, { systemRandom }] = await Promise.all([
    import("./ballot.js"), import("./election.js"), import("./group.js"),
  ]);
  const election = parseElection(electionText);
  const ballot = makeBallot(election, credentialSecret, choices, systemRandom, (done, total) => {
    onProgress({ done, total });
  });
  return { ballot, tracker: tracker(ballot) };
}

/** @returns {Promise<Worker | null>} a worker that is ready, or null where there is none */
function startWorker() {
  return new Promise((resolve) => {
    /** @type {Worker} */
    let worker;
    try {
      worker = new Worker(trustedUrl(WORKER_URL), { type: "module" });
    } catch {
      resolve(null);
      return;
    }
    const giveUp = () => {
      clearTimeout(timer);
      worker.terminate();
      resolve(null);
    };
    const timer = setTimeout(giveUp, PATIENCE_MILLISECONDS);
    worker.addEventListener("error", giveUp, { once: true });
    worker.addEventListener("message", () => {
      clearTimeout(timer);
      worker.removeEventListener("error", giveUp);
      resolve(worker);
    }, { once: true }); // "ready" is its first message
  });
}

/**
 * @param {Worker} worker
 * @param {Order} order
 * @param {(progress: {done: number, total: number}) => void} onProgress
 * @returns {Promise<{ballot: string, tracker: string}>}
 */
function askWorker(worker, order, onProgress) {
  return new Promise((resolve, reject) => {
    worker.addEventListener("message", ({ data: { kind, ...rest } }) => {
      if (kind === "progress") onProgress(rest);
      else if (kind === "done") resolve(rest);
      else if (kind === "failed") reject(errorFrom(rest));
    });
    worker.addEventListener("error", ({ message }) => reject(new Error(`worker: ${message}`)));
    worker.postMessage(order);
  });
}
