// Canonical JSON of board entries (RFC 8785) and its strict reader; twin of dauys.core.canonical.
//
// Dauys uses the part that needs no number formatting: objects with ASCII keys, arrays, texts,
// booleans, null, and integers of at most 53 bits.

import { MalformedError } from "./errors.js";

/** @typedef {null | boolean | number | string | Json[] | {[key: string]: Json}} Json */

const MAX_DEPTH = 64; // entries are shallow; a deep one would exhaust the stack

/**
 * @param {unknown} value
 * @param {number} [depth] how much nesting is left
 * @returns {string}
 * @throws {MalformedError} outside the accepted part
 */
export function dump(value, depth = MAX_DEPTH) {
  if (value === null || typeof value === "boolean") return String(value);
  if (typeof value === "number") {
    if (!Number.isSafeInteger(value)) refuse("a number is not an integer of 53 bits");
    return String(value);
  }
  if (typeof value === "string") {
    if (/\p{Surrogate}/u.test(value)) refuse("text is not Unicode");
    return JSON.stringify(value); // the shortest escapes, RFC 8785 section 3.2.2.2
  }
  if (typeof value !== "object") refuse("a value is of no accepted type");
  if (depth === 0) refuse("nested too deeply");
  if (Array.isArray(value)) return `[${value.map((item) => dump(item, depth - 1)).join(",")}]`;
  const members = Object.entries(value).map(([key, member]) => {
    if (!/^[\0-\x7f]*$/.test(key)) refuse("keys must be ASCII text");
    return [key, `${JSON.stringify(key)}:${dump(member, depth - 1)}`];
  });
  members.sort(([a], [b]) => (a < b ? -1 : 1)); // by UTF-16 code units, section 3.2.3
  return `{${members.map(([, printed]) => printed).join(",")}}`;
}

/**
 * Read one canonical object.
 *
 * @param {string} text
 * @param {string} what named in the error
 * @returns {{[key: string]: Json}}
 * @throws {MalformedError} when `text` is not exactly what `dump` prints for its value
 */
export function load(text, what) {
  let value;
  try {
    value = JSON.parse(text);
  } catch {
    throw new MalformedError(what, "not JSON");
  }
  if (value === null || typeof value !== "object" || Array.isArray(value)) {
    throw new MalformedError(what, "not an object");
  }
  if (dump(value) !== text) throw new MalformedError(what, "not canonical");
  return value;
}

/**
 * @param {string} why
 * @returns {never}
 */
function refuse(why) {
  throw new MalformedError("JSON", why);
}
