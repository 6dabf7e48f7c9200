// Checks a ballot that a voter opened instead of casting it: docs/protocol.md, "Opened ballots", and
// the Belenios specification 3.0, sections "Ed25519", "Questions" and "Encrypted answers". Written
// from these texts; it shares nothing with the page that encrypts but the libraries by Paul Miller.

import { Point } from "../vendor/noble-ed25519-3.2.0/index.js";
import { sha256 } from "../vendor/noble-hashes-2.4.0/sha2.js";

/** @typedef {{name: "form" | "election" | "encryption" | "rules", ok: boolean, why: string}} Check */
/** @typedef {{question: string, list: string, chosen: string[], blank: boolean}} Said */
/** @typedef {{checks: Check[], code: string, said: Said[]}} Report `said` only if everything holds */

/** Something is not as it must be; the message says what, in English. */
export class Fault extends Error {}

const { n: Q, p: P } = Point.CURVE();

/**
 * @param {string} text of the file
 * @param {readonly string[]} elections of all contests, as the public log has them
 * @returns {Report} with the checks up to the first that fails
 */
export function checkOpened(text, elections) {
  /** @type {Report} */
  const report = { checks: [], code: "", said: [] };
  /** @type {any} */
  let [file, ballot, election] = [];
  const steps = /** @type {const} */ ([
    ["form", () => {
      ({ file, ballot } = read(text));
      report.code = hashText(file.ballot);
    }],
    ["election", () => { election = electionOf(ballot, elections); }],
    ["encryption", () => encryptAgain(election, ballot, file)],
    ["rules", () => { report.said = say(election.questions, file.choices); }],
  ]);
  for (const [name, step] of steps) {
    const why = faultIn(step);
    report.checks.push({ name, ok: !why, why });
    if (why) break;
  }
  return report;
}

/**
 * @param {() => void} step
 * @returns {string} what is wrong, empty if nothing
 */
function faultIn(step) {
  try {
    step();
    return "";
  } catch (error) {
    if (error instanceof Fault) return error.message;
    throw error;
  }
}

/**
 * @param {string} text
 * @returns {{file: any, ballot: any}}
 */
function read(text) {
  const file = parse(text, "the file");
  requireFields(file, ["ballot", "choices", "randomness", "v"], "the file");
  if (file.v !== 1 || typeof file.ballot !== "string") throw new Fault("the file is of another kind");
  if (JSON.stringify(file) !== text.trim()) throw new Fault("the file is not in its one form");
  const ballot = parse(file.ballot, "the ballot");
  requireFields(ballot, ["election_uuid", "election_hash", "credential", "answers"], "the ballot");
  if (JSON.stringify(ballot) !== file.ballot) throw new Fault("the ballot is not in its one form");
  if (!Array.isArray(ballot.answers)) throw new Fault("the ballot has no answers");
  return { file, ballot };
}

/**
 * @param {any} ballot
 * @param {readonly string[]} elections
 * @returns {any} the published election that the ballot is for
 */
function electionOf(ballot, elections) {
  const text = elections.find((one) => hashText(one) === ballot.election_hash);
  if (text === undefined) throw new Fault("the ballot is for no contest of this election");
  const election = JSON.parse(text);
  if (election.uuid !== ballot.election_uuid) throw new Fault("the ballot names another contest");
  if (election.questions.length !== ballot.answers.length) throw new Fault("not one answer per question");
  return election;
}

/**
 * Every ciphertext must be (r·g, r·y + m·g), with the r and the m that the file states.
 *
 * @param {any} election
 * @param {any} ballot
 * @param {any} file
 */
function encryptAgain(election, ballot, file) {
  const y = readPoint(election.public_key);
  const ciphertexts = ballot.answers.map((/** @type {any} */ answer) => answer?.choices);
  const [m, r, c] = [file.choices, file.randomness, ciphertexts].map((value, i) => leaves(value, i === 2));
  if (shape(m) !== shape(r) || shape(m) !== shape(c)) throw new Fault("choices, randomness and ballot differ in number");
  m.forEach(({ value: plain, path }, i) => {
    const nonce = readScalar(r[i].value);
    if (plain !== 0 && plain !== 1) throw new Fault(`${path}: neither 0 nor 1`);
    const mask = y.multiply(nonce, false);
    const alpha = printPoint(Point.BASE.multiply(nonce, false));
    const beta = printPoint(plain ? mask.add(Point.BASE) : mask);
    const { alpha: givenAlpha, beta: givenBeta } = c[i].value;
    if (alpha !== givenAlpha || beta !== givenBeta) {
      throw new Fault(`${path}: the ballot does not hold what the file says`);
    }
  });
}

/**
 * What stands at the ends of nested arrays, each with its place.
 *
 * @param {any} value
 * @param {boolean} objects whether the ends are objects
 * @param {string} [path]
 * @returns {{value: any, path: string}[]}
 */
function leaves(value, objects, path = "") {
  if (Array.isArray(value)) return value.flatMap((item, i) => leaves(item, objects, `${path}${path && "."}${i + 1}`));
  if ((value !== null && typeof value === "object") !== objects) throw new Fault(`${path}: not as it should be`);
  return [{ value, path }];
}

/** @param {{path: string}[]} found */
function shape(found) {
  return found.map(({ path }) => path).join();
}

/**
 * What the choices say, in the words of the published election.
 *
 * @param {readonly any[]} questions
 * @param {readonly any[]} choices
 * @returns {Said[]}
 */
function say(questions, choices) {
  return questions.map((question, i) => {
    if (question.type === "Lists") return sayLists(question.value, choices[i], i + 1);
    if ("type" in question) throw new Fault(`question ${i + 1} is of a kind unknown here`);
    return sayChoice(question, choices[i], i + 1);
  });
}

/**
 * @param {{answers: string[], blank?: boolean, min: number, max: number, question: string}} question
 * @param {readonly number[]} vector
 * @param {number} number of the question
 * @returns {Said}
 */
function sayChoice({ answers, blank: mayBeBlank = false, min, max, question }, vector, number) {
  const places = mayBeBlank ? vector.slice(1) : vector;
  if (vector.some((plain) => typeof plain !== "number")) throw new Fault(`question ${number}: it has no lists`);
  if (places.length !== answers.length) throw new Fault(`question ${number}: not as many choices as answers`);
  const chosen = answers.filter((_, i) => places[i] === 1);
  const blank = mayBeBlank && vector[0] === 1;
  const permitted = blank ? chosen.length === 0 : chosen.length >= min && chosen.length <= max;
  if (!permitted) throw new Fault(`question ${number}: ${chosen.length} chosen, which is not permitted`);
  return { question, list: "", chosen, blank };
}

/**
 * @param {{answers: string[][], question: string}} question
 * @param {readonly number[][]} vectors
 * @param {number} number of the question
 * @returns {Said}
 */
function sayLists({ answers, question }, vectors, number) {
  if (vectors.length !== answers.length || vectors.some((vector, i) => vector?.length !== answers[i].length)) {
    throw new Fault(`question ${number}: not as many choices as lists and candidates`);
  }
  const lists = answers.filter((_, i) => vectors[i][0] === 1);
  const named = answers.flatMap(([list, ...names], i) => (
    names.filter((_, j) => vectors[i][j + 1] === 1).map((name) => ({ list, name, own: vectors[i][0] === 1 }))
  ));
  if (lists.length !== 1 || !named.length || named.some(({ own }) => !own)) {
    throw new Fault(`question ${number}: not one list with somebody of it`);
  }
  return { question, list: lists[0][0], chosen: named.map(({ name }) => name), blank: false };
}

/**
 * @param {string} text
 * @param {string} what
 * @returns {any} an object
 */
function parse(text, what) {
  let value = null;
  try {
    value = JSON.parse(text);
  } catch {
    throw new Fault(`${what} is not JSON`);
  }
  if (value === null || typeof value !== "object" || Array.isArray(value)) throw new Fault(`${what} is no object`);
  return value;
}

/**
 * @param {object} value
 * @param {readonly string[]} names in their order
 * @param {string} what
 */
function requireFields(value, names, what) {
  if (Object.keys(value).join() !== names.join()) throw new Fault(`${what} has other fields`);
}

/**
 * @param {unknown} text
 * @returns {bigint} below the group's order
 */
function readScalar(text) {
  if (typeof text !== "string" || !/^(0|[1-9][0-9]{0,76})$/.test(text)) throw new Fault("a number is not plain decimal");
  const scalar = BigInt(text);
  if (scalar >= Q) throw new Fault("a number is too large");
  return scalar;
}

/**
 * @param {string} text 64 hex digits: the parity of x, then y, big-endian
 * @returns {Point}
 */
function readPoint(text) {
  const number = BigInt(`0x${text}`);
  if ((number & ((1n << 255n) - 1n)) >= P) throw new Fault("the election's key is no point");
  const bytes = Uint8Array.from(text.match(/../g) ?? [], (pair) => Number.parseInt(pair, 16));
  return Point.fromBytes(bytes.reverse());
}

/**
 * @param {Point} point
 * @returns {string}
 */
function printPoint(point) {
  const { x, y } = point.toAffine();
  return (((x & 1n) << 255n) | y).toString(16).padStart(64, "0");
}

/**
 * @param {string} text
 * @returns {string} Base64 of its SHA-256 without padding
 */
function hashText(text) {
  return btoa(String.fromCharCode(...sha256(new TextEncoder().encode(text)))).replace("=", "");
}
