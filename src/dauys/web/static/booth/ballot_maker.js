// Makes the ballots of one voter, one after another: encrypts a choice, then signs it or opens it.
// It runs in the worker, or on the page where no worker comes up (encrypt.js).

import { prepareBallot, tracker } from "./ballot.js";
import { parseElection } from "./election.js";
import { generatorBase, systemRandom } from "./group.js";

export class BallotMaker {
  #election;
  /** @type {import("./ballot.js").PreparedBallot | null} */
  #prepared = null;

  /**
   * Reads the election, and makes the tables that encryption needs, while the voter reads too.
   *
   * @param {string} electionText the election's JSON, byte for byte as published
   */
  constructor(electionText) {
    this.#election = parseElection(electionText);
    this.#election.key.prepare();
    generatorBase().prepare();
  }

  /**
   * Encrypt a choice. What was prepared before and neither signed nor opened is forgotten.
   *
   * @param {{credentialSecret: bigint, choices: any[]}} order
   * @param {(progress: {done: number, total: number}) => void} onProgress
   * @returns {string} the ballot's code, which commits to the ballot
   */
  prepare({ credentialSecret, choices }, onProgress) {
    this.#prepared = null;
    this.#prepared = prepareBallot(
      this.#election, credentialSecret, choices, systemRandom,
      (done, total) => onProgress({ done, total }),
    );
    return this.#prepared.code;
  }

  /** @returns {{ballot: string, tracker: string}} the prepared ballot, ready to be cast */
  sign() {
    const ballot = this.#take().sign(systemRandom);
    return { ballot, tracker: tracker(ballot) };
  }

  /** @returns {string} the prepared ballot, opened: see opened.js */
  open() {
    return this.#take().open();
  }

  #take() {
    const prepared = this.#prepared;
    if (prepared === null) throw new Error("no ballot is prepared");
    this.#prepared = null;
    return prepared;
  }
}
