// The election as Belenios describes it (specification 3.0, sections "Questions" and
// "Elections"): its text is hashed into every ballot, so exactly one text is accepted.
// Dauys uses homomorphic questions; list and ranked questions are refused by name.

import { MalformedError } from "./errors.js";
import { FixedBase, parsePoint } from "./group.js";
import { fingerprint } from "./hash.js";

/**
 * @typedef {object} Question
 * @property {string} question
 * @property {readonly string[]} answers
 * @property {boolean} blank whether a blank vote is allowed
 * @property {number} min least number of answers in a vote that is not blank
 * @property {number} max
 */

/**
 * @typedef {object} Election
 * @property {string} uuid
 * @property {string} fingerprint base64 of the SHA-256 of the election's text
 * @property {string} name
 * @property {string} description
 * @property {FixedBase} key public key y
 * @property {readonly Question[]} questions
 */

const UUID = /^[1-9A-HJ-NP-Za-km-z]{14,}$/;
const ELECTION_FIELDS = ["version", "description", "name", "group", "public_key", "questions", "uuid"];
const OPTIONAL_FIELDS = ["administrator", "credential_authority"];

/**
 * @param {string} text the election's JSON, byte for byte as published
 * @returns {Election}
 */
export function parseElection(text) {
  const value = parseObject(text, "election");
  const fields = [...ELECTION_FIELDS, ...OPTIONAL_FIELDS.filter((name) => name in value)];
  expectFields(value, fields, "election");
  if (JSON.stringify(value) !== text) refuse("not compact");
  if (value.version !== 1) refuse("version is not 1");
  if (value.group !== "Ed25519") refuse("group is not Ed25519");
  for (const name of ["description", "name", ...fields.slice(ELECTION_FIELDS.length)]) {
    if (typeof value[name] !== "string") refuse(`${name} is not a text`);
  }
  if (typeof value.uuid !== "string" || !UUID.test(value.uuid)) refuse("uuid is not base58");
  if (!Array.isArray(value.questions) || !value.questions.length) refuse("no questions");
  return Object.freeze({
    uuid: value.uuid,
    fingerprint: fingerprint(text),
    name: value.name,
    description: value.description,
    key: new FixedBase(parsePoint(value.public_key, "election public key")),
    questions: Object.freeze(value.questions.map(parseQuestion)),
  });
}

/**
 * @param {any} value
 * @returns {Question}
 */
function parseQuestion(value) {
  if (value !== null && typeof value === "object" && "type" in value) {
    refuse(`questions of type ${value.type} are not supported`);
  }
  const blank = value !== null && typeof value === "object" && "blank" in value ? ["blank"] : [];
  expectFields(value, ["answers", ...blank, "min", "max", "question"], "question");
  const { answers, min, max, question } = value;
  if (!Array.isArray(answers) || !answers.every((answer) => typeof answer === "string")) {
    refuse("answers are not texts");
  }
  if (typeof question !== "string") refuse("question is not a text");
  if (blank.length && typeof value.blank !== "boolean") refuse("blank is not a boolean");
  if (!Number.isInteger(min) || !Number.isInteger(max)) refuse("min and max are not integers");
  if (!(min >= 0 && min <= max && max <= answers.length)) refuse("min and max do not fit the answers");
  return Object.freeze({
    question, answers: Object.freeze([...answers]), blank: value.blank === true, min, max,
  });
}

/**
 * @param {string} text
 * @param {string} what named in the error
 * @returns {any} an object
 */
export function parseObject(text, what) {
  let value;
  try {
    value = JSON.parse(text);
  } catch {
    throw new MalformedError(what, "not JSON");
  }
  if (value === null || typeof value !== "object" || Array.isArray(value)) {
    throw new MalformedError(what, "not an object");
  }
  return value;
}

/**
 * @param {any} value
 * @param {readonly string[]} fields in the specified order
 * @param {string} what named in the error
 */
export function expectFields(value, fields, what) {
  const names = value !== null && typeof value === "object" ? Object.keys(value) : [];
  if (names.length !== fields.length || names.some((name, i) => name !== fields[i])) {
    throw new MalformedError(what, `fields are not ${fields.join(", ")}`);
  }
}

/**
 * @param {string} why
 * @returns {never}
 */
function refuse(why) {
  throw new MalformedError("election", why);
}
