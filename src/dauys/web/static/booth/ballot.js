// Ballots of the Belenios protocol (specification 3.0, sections "Encrypted answers", "Signatures"
// and "Ballots"): made here, checked in ballot_check.js, named by their tracker. The Python twin
// is dauys.crypto.ballot; both print the same ballot from the same random bytes.
//
// Order of the random scalars: question by question, a nonce for each choice, then the individual
// proofs; then, of a choice question, the blank proof if any and the overall proof; of a list
// question the overall, the list and the nonzero proof. Last, the signature.

import { choicesFault, choicesVector, encryptChoices } from "./choice_answer.js";
import { printProof } from "./encryption.js";
import { ChoiceError } from "./errors.js";
import { generatorBase, pointText } from "./group.js";
import { fingerprint } from "./hash.js";
import { encryptLists, listFault, listVector } from "./list_answer.js";
import { printOpened } from "./opened.js";
import { signHash } from "./proofs.js";

/** @typedef {import("./election.js").Election} Election */
/** @typedef {import("./election.js").Question} Question */
/** @typedef {import("./group.js").RandomBytes} RandomBytes */
/** @typedef {import("./list_answer.js").ListChoice} ListChoice */
/** @typedef {readonly number[] | readonly (readonly number[])[]} Vector of 0 and 1; by list, of a list question */

/**
 * What a question's ciphertexts hide.
 *
 * @param {Question} question
 * @param {readonly number[] | "blank" | ListChoice} chosen indices of the chosen answers, from 0; of
 *   a list question the list and its chosen candidates
 * @returns {number[] | number[][]}
 * @throws {ChoiceError} when there is no such answer; prepareBallot checks how many are chosen
 */
export function choiceVector(question, chosen) {
  const vector = question.kind === "lists"
    ? listVector(question, /** @type {ListChoice} */ (chosen))
    : choicesVector(question, /** @type {readonly number[] | "blank"} */ (chosen));
  if (vector === null) throw new ChoiceError(0, "no such answer");
  return vector;
}

/**
 * Encrypt. The ballot is not signed yet, so it is nobody's vote: it can be signed or opened, once.
 *
 * @param {Election} election
 * @param {bigint} credentialKey secret key of the credential, 0 < key < ORDER
 * @param {readonly Vector[]} choices one for each question, see choiceVector
 * @param {RandomBytes} random
 * @param {(done: number, total: number) => void} [onStep] called after each encrypted choice
 * @returns {PreparedBallot}
 * @throws {ChoiceError} when the choices break a question's rules
 */
export function prepareBallot(election, credentialKey, choices, random, onStep = () => {}) {
  checkChoices(election, choices);
  const credential = pointText(generatorBase().times(credentialKey));
  const context = `${election.fingerprint}|${credential}`; // S_0 of the specification
  const total = choices.reduce((sum, vector) => sum + vector.flat().length, 0);
  let done = 0;
  const step = () => onStep((done += 1), total);
  const made = election.questions.map((question, i) => {
    const vector = /** @type {any} */ (choices[i]);
    return question.kind === "lists"
      ? encryptLists(election.key, context, vector, random, step)
      : encryptChoices(election.key, question, context, vector, random, step);
  });
  const unsigned = JSON.stringify({
    election_uuid: election.uuid,
    election_hash: election.fingerprint,
    credential,
    answers: made.map(({ answer }) => answer),
  });
  const opened = printOpened(unsigned, choices, made.map(({ nonces }) => nonces));
  return new PreparedBallot(unsigned, opened, credentialKey);
}

/**
 * An encrypted ballot before it is cast. Either it is signed, or it is opened so that anyone can
 * see what was encrypted; never both. What was opened has no signature, so nobody can cast it.
 */
export class PreparedBallot {
  #unsigned;
  #opened;
  #credentialKey;
  #over = false;

  /**
   * @param {string} unsigned the ballot's text without its signature
   * @param {string} opened the text that shows what is in it
   * @param {bigint} credentialKey
   */
  constructor(unsigned, opened, credentialKey) {
    this.#unsigned = unsigned;
    this.#opened = opened;
    this.#credentialKey = credentialKey;
    /** The hash that the signature signs, 43 base64 characters: it commits to the whole ballot. */
    this.code = fingerprint(unsigned);
  }

  /**
   * @param {RandomBytes} random
   * @returns {string} the ballot's JSON, ready to be cast
   */
  sign(random) {
    this.#end();
    const proof = printProof(signHash(this.#credentialKey, this.code, random));
    return `${this.#unsigned.slice(0, -1)},"signature":${JSON.stringify({ hash: this.code, proof })}}`;
  }

  /** @returns {string} the ballot and its secrets, see opened.js */
  open() {
    this.#end();
    return this.#opened;
  }

  #end() {
    if (this.#over) throw new Error("a ballot is signed or opened, once");
    this.#over = true;
  }
}

/**
 * Encrypt and sign.
 *
 * @param {Election} election
 * @param {bigint} credentialKey
 * @param {readonly Vector[]} choices
 * @param {RandomBytes} random
 * @returns {string} the ballot's JSON
 */
export function makeBallot(election, credentialKey, choices, random) {
  return prepareBallot(election, credentialKey, choices, random).sign(random);
}

/**
 * @param {string} ballotText
 * @returns {string} 43 base64 characters: the voter's receipt
 */
export function tracker(ballotText) {
  return fingerprint(ballotText);
}

/**
 * @param {Election} election
 * @param {readonly Vector[]} choices
 */
function checkChoices({ questions }, choices) {
  if (choices.length !== questions.length) {
    throw new ChoiceError(Math.min(choices.length, questions.length), "not one vector per question");
  }
  questions.forEach((question, i) => {
    const fault = question.kind === "lists" ? listFault(question, choices[i]) : choicesFault(question, choices[i]);
    if (fault) throw new ChoiceError(i, fault);
  });
}
