// Makes ballots for the voter's page: in a worker, or on the page itself where the worker does not
// come up (an old browser, a blocked script). Either way the ballot is the same kind of ballot.

import { errorFrom } from "./errors.js";
import { WORKER_URL, trustedUrl } from "./trusted_urls.js";

const PATIENCE_MILLISECONDS = 8000; // to load the worker; the page has loaded the same files

/** @typedef {(progress: {done: number, total: number}) => void} OnProgress */
/** @typedef {{call: (name: string, argument: any, onProgress: OnProgress) => Promise<any>, end: () => void}} Place */

/**
 * @typedef {object} Order
 * @property {bigint} credentialSecret stays in memory: it is given to the worker and nowhere else
 * @property {any[]} choices one vector per question, see choiceVector in ballot.js
 * @property {OnProgress} [onProgress]
 */

/** Ballots of one voter. Begins to load and to compute as soon as it is made. */
export class Encryption {
  /** @type {Promise<Place>} */
  #place;
  /** @type {Promise<unknown>} the calls so far, each waiting for the one before */
  #last;

  /** @param {string} electionText the election's JSON, byte for byte as published */
  constructor(electionText) {
    this.#place = startWorker().then((worker) => (worker ? workerPlace(worker) : pagePlace()));
    this.#last = this.#place.then((place) => place.call("begin", electionText, () => {}));
    this.#last.catch(() => {}); // said when a ballot is wanted
  }

  /**
   * Encrypt a choice. What was prepared before is forgotten.
   *
   * @param {Order} order
   * @returns {Promise<string>} the ballot's code: it commits to the ballot, 43 base64 characters
   * @throws {import("./errors.js").ChoiceError} when the choices break a question's rules
   * @throws {import("./errors.js").MalformedError} when the election is not in the one accepted form
   */
  prepare({ onProgress = () => {}, ...order }) {
    return this.#call("prepare", order, onProgress);
  }

  /**
   * Sign the prepared ballot: it can be cast, and never be opened any more.
   *
   * @returns {Promise<{ballot: string, tracker: string}>}
   */
  sign() {
    return this.#call("sign").finally(() => this.end());
  }

  /**
   * Open the prepared ballot: everybody can see what is in it, and it can never be cast.
   *
   * @returns {Promise<string>} the text of opened.js
   */
  open() {
    return this.#call("open").finally(() => this.end());
  }

  /** End the worker and with it the memory that held the secrets. No more ballots. */
  end() {
    this.#last = Promise.reject(new Error("this ballot was signed or opened, or left"));
    this.#last.catch(() => {});
    this.#place.then((place) => place.end());
  }

  /**
   * @param {string} name
   * @param {any} [argument]
   * @param {OnProgress} [onProgress]
   */
  #call(name, argument, onProgress = () => {}) {
    const before = this.#last;
    const made = before.then(() => this.#place).then((place) => place.call(name, argument, onProgress));
    this.#last = made.catch(() => before); // a refused choice spoils no later one; a bad election does
    this.#last.catch(() => {}); // said by `made`
    return made;
  }
}

/** @returns {Promise<Place>} the page itself */
async function pagePlace() {
  // Loaded only when needed: usually the worker has its own copy.
  const { BallotMaker } = await import("./ballot_maker.js");
  /** @type {any} */
  let maker;
  return {
    async call(name, argument, onProgress) {
      if (name === "begin") maker = new BallotMaker(argument);
      else return maker[name](argument, onProgress);
    },
    end: () => { maker = null; },
  };
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
 * @returns {Place}
 */
function workerPlace(worker) {
  return {
    call: (name, argument, onProgress) => new Promise((resolve, reject) => {
      worker.onmessage = ({ data: { kind, ...rest } }) => {
        if (kind === "progress") onProgress(rest);
        else if (kind === "done") resolve(rest.result);
        else reject(errorFrom(rest));
      };
      worker.onerror = ({ message }) => reject(new Error(`worker: ${message}`));
      worker.postMessage({ call: name, argument });
    }),
    end: () => worker.terminate(),
  };
}
