// The election as Belenios describes it (specification 3.0, sections "Questions" and
// "Elections"): its text is hashed into every ballot, so exactly one text is accepted.
// Dauys uses homomorphic questions; list and ranked questions are refused by name.

import { expectFields, isText, parseObject, printJson } from "./belenios_json.js";
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
  if (printJson(value) !== text) refuse("not compact");
  if (value.version !== 1) refuse("version is not 1");
  if (value.group !== "Ed25519") refuse("group is not Ed25519");
  for (const name of ["description", "name", ...fields.slice(ELECTION_FIELDS.length)]) {
    if (!isText(value[name])) refuse(`${name} is not a text`);
  }
  if (!isUuid(value.uuid)) refuse("uuid is not 14 or more base58 characters");
  if (!Array.isArray(value.questions) || !value.questions.length) refuse("no questions");
  return Object.freeze({
    uuid: value.uuid,
    fingerprint: fingerprint(text),
    name: value.name,
    description: value.description,
    key: new FixedBase(parsePoint(value.public_key)),
    questions: Object.freeze(value.questions.map(parseQuestion)),
  });
}

/**
 * @param {unknown} value
 * @returns {boolean}
 */
export function isUuid(value) {
  return typeof value === "string" && UUID.test(value);
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
  if (!Array.isArray(answers) || !answers.length || !answers.every(isText)) {
    refuse("answers are not texts");
  }
  if (!isText(question)) refuse("question is not a text");
  if (blank.length && value.blank !== true) refuse("blank, where it stands, is not true");
  if (!Number.isInteger(min) || !Number.isInteger(max)) refuse("min and max are not integers");
  if (!(min >= 0 && min <= max && max <= answers.length)) refuse("min and max do not fit the answers");
  return Object.freeze({
    question, answers: Object.freeze([...answers]), blank: blank.length === 1, min, max,
  });
}

/**
 * @param {string} why
 * @returns {never}
 */
function refuse(why) {
  throw new MalformedError("election", why);
}
