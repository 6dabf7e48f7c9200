// The group Ed25519 as the Belenios specification 3.0 writes it (section "Ed25519").
//
// A point is 64 hex digits of (parity of x)·2^255 + y, big-endian: the bytes of RFC 8032
// reversed. A scalar is a decimal number below the group's order. What is read must print
// back identically, and a point must be in the subgroup and not be the identity.
//
// JavaScript cannot promise constant time: its numbers are of variable length and the engine
// optimises as it likes. Here the number of additions does not depend on a secret; that is
// best effort, against someone who measures from afar, not on the voter's own device.

import { Point } from "../vendor/noble-ed25519-3.2.0/index.js";

import { hex, unhex, utf8 } from "./encoding.js";
import { MalformedError } from "./errors.js";
import { sha256 } from "./hash.js";

/** @typedef {import("../vendor/noble-ed25519-3.2.0/index.js").Point} GroupPoint */
/** @typedef {(length: number) => Uint8Array<ArrayBuffer>} RandomBytes source of uniform bytes */

/** Order of the group: 2^252 + 27742317777372353535851937790883648493. */
export const ORDER = Point.CURVE().n;
const FIELD = Point.CURVE().p;
export const IDENTITY = Point.ZERO;
export const GENERATOR = Point.BASE;

const WINDOW_BITS = 4;
const WINDOWS = 64;

/** Multiples of one point, kept so that multiplying it takes 64 additions and no doublings. */
export class FixedBase {
  /** @type {GroupPoint[][] | null} rows[i][digit] = digit · 16^i · point, once they are needed */
  #rows = null;

  /** @param {GroupPoint} point */
  constructor(point) {
    this.point = point;
  }

  /**
   * Make the table now, if it is not there yet.
   *
   * @returns {GroupPoint[][]}
   */
  prepare() {
    this.#rows ??= multiplesOf(this.point);
    return this.#rows;
  }

  /**
   * @param {bigint} scalar 0 <= scalar < ORDER
   * @returns {GroupPoint} scalar · point, always by 64 additions
   */
  times(scalar) {
    const digits = scalar.toString(16).padStart(WINDOWS, "0");
    const rows = this.prepare();
    let sum = IDENTITY;
    for (let i = 0; i < WINDOWS; i += 1) {
      sum = sum.add(rows[i][Number.parseInt(digits[WINDOWS - 1 - i], 16)]);
    }
    return sum;
  }
}

/**
 * @param {GroupPoint} point
 * @returns {GroupPoint[][]}
 */
function multiplesOf(point) {
  const rows = [];
  let step = point;
  for (let i = 0; i < WINDOWS; i += 1) {
    const row = [IDENTITY, step];
    for (let digit = 2; digit < 1 << WINDOW_BITS; digit += 1) row.push(row[digit - 1].add(step));
    rows.push(row);
    step = row[row.length - 1].add(step);
  }
  return rows;
}

/** @type {FixedBase | undefined} */
let generatorMultiples;

/** @returns {FixedBase} multiples of the generator, made at the first call */
export function generatorBase() {
  generatorMultiples ??= new FixedBase(GENERATOR);
  return generatorMultiples;
}

/**
 * @param {bigint} number of any sign and size
 * @returns {bigint} the same modulo the group's order
 */
export function reduce(number) {
  const rest = number % ORDER;
  return rest < 0n ? rest + ORDER : rest;
}

/**
 * @param {unknown} text 64 lower-case hex digits
 * @param {{allowIdentity?: boolean}} [options]
 * @returns {GroupPoint} of order exactly ORDER, or the identity where that is allowed
 */
export function parsePoint(text, { allowIdentity = false } = {}) {
  if (typeof text !== "string" || !/^[0-9a-f]{64}$/.test(text)) {
    throw new MalformedError("point", "not 64 lower-case hex digits");
  }
  if (BigInt(`0x${text}`) % 2n ** 255n >= FIELD) throw new MalformedError("point", "y is not below p");
  let point;
  try {
    point = Point.fromBytes(unhex(text, "point").reverse(), false);
  } catch {
    throw new MalformedError("point", "not on the curve");
  }
  if (point.is0() && allowIdentity) return point;
  if (point.is0()) throw new MalformedError("point", "the identity");
  if (!point.isTorsionFree()) throw new MalformedError("point", "not in the subgroup of order q");
  return point;
}

/**
 * @param {GroupPoint} point
 * @returns {string} 64 hex digits, most significant first
 */
export function pointText(point) {
  return hex(point.toBytes().reverse());
}

/**
 * @param {unknown} text decimal, without sign or leading zeros
 * @returns {bigint} 0 <= scalar < ORDER
 */
export function parseScalar(text) {
  if (typeof text !== "string" || !/^(?:0|[1-9][0-9]{0,76})$/.test(text)) {
    throw new MalformedError("scalar", "not a plain decimal number");
  }
  const scalar = BigInt(text);
  if (scalar >= ORDER) throw new MalformedError("scalar", "not below q");
  return scalar;
}

/**
 * H(prefix, points) of the specification: SHA-256 of the prefix and the points' texts joined
 * by commas, read big-endian, modulo the order.
 *
 * @param {string} prefix ends with a vertical bar
 * @param {readonly GroupPoint[]} points
 * @returns {bigint}
 */
export function hashToScalar(prefix, points) {
  return bytesToScalar(sha256(utf8(prefix + points.map(pointText).join(","))));
}

/**
 * A uniform scalar: 64 bytes read big-endian modulo the order (bias below 2^-258).
 *
 * @param {RandomBytes} random
 * @returns {bigint}
 */
export function randomScalar(random) {
  return bytesToScalar(random(64));
}

/**
 * The browser's own randomness.
 *
 * @param {number} length
 * @returns {Uint8Array<ArrayBuffer>}
 */
export function systemRandom(length) {
  return crypto.getRandomValues(new Uint8Array(length));
}

/**
 * @param {Uint8Array} bytes big-endian
 * @returns {bigint} modulo the order
 */
function bytesToScalar(bytes) {
  return reduce(BigInt(`0x${hex(bytes)}`));
}
