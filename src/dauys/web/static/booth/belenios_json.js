// Belenios's JSON: compact, fields in the order of the specification, one form only. What is
// read must print back identically; the caller compares.

import { MalformedError } from "./errors.js";

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
 * @param {unknown} value
 * @returns {string} as belenios-tool prints it: JSON.stringify, and DEL escaped too
 */
export function printJson(value) {
  return JSON.stringify(value).replaceAll("\u007f", "\\u007f");
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
 * @param {unknown} value
 * @returns {value is string} whether it is Unicode text, without half of a surrogate pair
 */
export function isText(value) {
  return typeof value === "string" && !/\p{Surrogate}/u.test(value);
}
