// The election as Belenios describes it (specification 3.0, sections "Questions" and
// "Elections"): its text is hashed into every ballot, so exactly one text is accepted.
// Ranked questions are refused by name.

import { expectFields, isText, parseObject, printJson } from "./belenios_json.js";
import { MalformedError } from "./errors.js";
import { FixedBase, parsePoint } from "./group.js";
import { fingerprint } from "./hash.js";

/**
 * @typedef {object} ChoiceQuestion some of the answers are chosen
 * @property {"choice"} kind
 * @property {string} question
 * @property {readonly string[]} answers
 * @property {boolean} blank whether a blank vote is allowed
 * @property {number} min least number of answers in a vote that is not blank
 * @property {number} max
 */

/**
 * @typedef {object} ListQuestion one list is chosen and, in it, at least one candidate
 * @property {"lists"} kind
 * @property {string} question
 * @property {readonly (readonly string[])[]} lists of each the name, then its candidates
 */

/** @typedef {ChoiceQuestion | ListQuestion} Question */

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
  const typed = value !== null && typeof value === "object" && "type" in value;
  return Object.freeze(typed ? parseListQuestion(value) : parseChoiceQuestion(value));
}

/**
 * @param {any} value
 * @returns {ChoiceQuestion}
 */
function parseChoiceQuestion(value) {
  const blank = value !== null && typeof value === "object" && "blank" in value ? ["blank"] : [];
  expectFields(value, ["answers", ...blank, "min", "max", "question"], "question");
  const { answers, min, max, question } = value;
  if (!isTexts(answers) || !answers.length) refuse("answers are not texts");
  if (!isText(question)) refuse("question is not a text");
  if (blank.length && value.blank !== true) refuse("blank, where it stands, is not true");
  if (!Number.isInteger(min) || !Number.isInteger(max)) refuse("min and max are not integers");
  if (!(min >= 0 && min <= max && max <= answers.length)) refuse("min and max do not fit the answers");
  const kind = "choice";
  return { kind, question, answers: Object.freeze([...answers]), blank: blank.length === 1, min, max };
}

/**
 * @param {any} value
 * @returns {ListQuestion}
 */
function parseListQuestion(value) {
  if (value.type !== "Lists") refuse(`questions of type ${value.type} are not supported`);
  expectFields(value, ["type", "value"], "question");
  expectFields(value.value, ["answers", "question"], "question");
  const { answers, question } = value.value;
  if (!Array.isArray(answers) || !answers.length) refuse("no lists");
  if (!answers.every((list) => isTexts(list) && list.length)) {
    refuse("a list has no name");
  }
  if (!isText(question)) refuse("question is not a text");
  const lists = Object.freeze(answers.map((list) => Object.freeze([...list])));
  return { kind: "lists", question, lists };
}

/**
 * @param {unknown} value
 * @returns {value is string[]}
 */
function isTexts(value) {
  return Array.isArray(value) && value.every(isText);
}

/**
 * @param {string} why
 * @returns {never}
 */
function refuse(why) {
  throw new MalformedError("election", why);
}
