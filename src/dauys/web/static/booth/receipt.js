// The voter's receipt, checked on the voter's own device: the board's log holds, under its
// signature, an entry with exactly the ballot of this tracker.
//
// receipt = {v: 1, contest, tracker, index, entry, checkpoint, proof}, as dauys.board.receipt makes
// it: `entry` is the entry's canonical JSON as a string, `checkpoint` the signed note, `proof` hex
// hashes from leaf to root. A receipt shows no choice; it proves that the ballot is there, not what
// is in it.

import { load } from "./canonical.js";
import { openCheckpoint } from "./checkpoint.js";
import { unhex, utf8 } from "./encoding.js";
import { MalformedError, VerificationError } from "./errors.js";
import { fingerprint } from "./hash.js";
import { leafHash, verifyConsistency, verifyInclusion } from "./merkle.js";

/** @typedef {import("./checkpoint.js").LogKey} LogKey */
/** @typedef {import("./checkpoint.js").Checkpoint} Checkpoint */
/** @typedef {{name: string, ok: boolean, why: string}} Check `why` is empty when it holds */

/**
 * @typedef {object} Receipt
 * @property {1} v
 * @property {string} contest
 * @property {string} tracker
 * @property {number} index
 * @property {string} entry
 * @property {string} checkpoint
 * @property {string[]} proof
 */

const FIELDS = ["checkpoint", "contest", "entry", "index", "proof", "tracker", "v"];
const ENTRY_FIELDS = ["ballot", "kind", "permit", "v"];
const PERMIT_FIELDS = ["signature", "statement"];
const STATEMENT_FIELDS = [
  "contest",
  "credential",
  "election",
  "evidence",
  "method",
  "pseudonym",
  "reclaims",
  "serial",
  "v",
  "weight",
];

/**
 * Read a receipt's file, as the voter kept it.
 *
 * @param {string} text canonical JSON
 * @returns {Receipt}
 * @throws {MalformedError}
 */
export function parseReceipt(text) {
  const value = load(text, "receipt");
  if (Object.keys(value).sort().join() !== FIELDS.join() || value.v !== 1) {
    throw new MalformedError("receipt", "not a receipt of version 1");
  }
  return /** @type {Receipt} */ (/** @type {unknown} */ (value));
}

/**
 * Every check is made and reported, not only the first that fails.
 *
 * Names: `entry` (canonical, a ballot of this contest), `tracker` (the ballot in it has this
 * tracker), `checkpoint` (signed by the log), `inclusion` (the entry is in the signed tree).
 *
 * @param {Receipt} receipt
 * @param {LogKey} key of the election's log, from its page and not from the receipt
 * @returns {{checks: Check[], ok: boolean}}
 */
export function checkReceipt(receipt, key) {
  /** @type {any} */
  let entry;
  /** @type {Checkpoint | undefined} */
  let checkpoint;
  const checks = [
    check("entry", () => {
      entry = readEntry(receipt.entry);
      const { contest } = entry.permit?.statement ?? {};
      if (contest !== receipt.contest) throw new VerificationError("entry", "of another contest");
    }),
    check("tracker", () => {
      if (!entry) throw new VerificationError("tracker", "no entry");
      if (fingerprint(entry.ballot) !== receipt.tracker) throw new VerificationError("tracker", "differs");
    }),
    check("checkpoint", () => {
      checkpoint = openCheckpoint(receipt.checkpoint, key);
    }),
    check("inclusion", () => {
      if (!checkpoint) throw new VerificationError("inclusion", "no checkpoint");
      const { size, root } = checkpoint;
      const leaf = leafHash(utf8(receipt.entry));
      if (!verifyInclusion(leaf, receipt.index, size, readHashes(receipt.proof), root)) {
        throw new VerificationError("inclusion", "the path does not lead to the root");
      }
    }),
  ];
  return { checks, ok: checks.every(({ ok }) => ok) };
}

/**
 * The log of the receipt's checkpoint is the beginning of the log of a later one.
 *
 * @param {Receipt} receipt
 * @param {string} later signed note
 * @param {string[]} proof hex hashes
 * @param {LogKey} key
 * @returns {{checks: Check[], ok: boolean}} checks `checkpoint`, `later checkpoint`, `consistency`
 */
export function checkGrowth(receipt, later, proof, key) {
  /** @type {(Checkpoint | undefined)[]} */
  const opened = [];
  const checks = [
    check("checkpoint", () => {
      opened[0] = openCheckpoint(receipt.checkpoint, key);
    }),
    check("later checkpoint", () => {
      opened[1] = openCheckpoint(later, key);
    }),
    check("consistency", () => {
      const [older, newer] = opened;
      if (!older || !newer) throw new VerificationError("consistency", "no checkpoint");
      if (!verifyConsistency(older.size, older.root, newer.size, newer.root, readHashes(proof))) {
        throw new VerificationError("consistency", "the log was changed");
      }
    }),
  ];
  return { checks, ok: checks.every(({ ok }) => ok) };
}

/**
 * @param {string} text
 * @returns {any} a ballot entry
 */
function readEntry(text) {
  const value = load(text, "entry");
  if (value.kind !== "ballot") throw new VerificationError("entry", "not a ballot");
  if (typeof value.ballot !== "string") throw new MalformedError("entry", "holds no ballot");
  const { permit } = /** @type {any} */ (value);
  if (
    value.v !== 1 ||
    !hasFields(value, ENTRY_FIELDS) ||
    !hasFields(permit, PERMIT_FIELDS) ||
    !hasFields(permit.statement, STATEMENT_FIELDS)
  ) {
    throw new MalformedError("entry", "not a ballot entry of version 1");
  }
  return value;
}

/**
 * @param {any} value
 * @param {string[]} names sorted
 * @returns {boolean} whether it is an object with these fields and no others
 */
function hasFields(value, names) {
  const found = value !== null && typeof value === "object" ? Object.keys(value) : [];
  return found.sort().join() === names.join();
}

/**
 * @param {string[]} proof
 * @returns {Uint8Array[]}
 */
function readHashes(proof) {
  if (!Array.isArray(proof) || proof.length > 63) throw new MalformedError("proof", "not a list of hashes");
  return proof.map((text) => {
    const hash = unhex(text, "proof");
    if (hash.length !== 32) throw new MalformedError("proof", "not a hash");
    return hash;
  });
}

/**
 * @param {string} name
 * @param {() => void} claim throws when it does not hold
 * @returns {Check}
 */
function check(name, claim) {
  try {
    claim();
    return { name, ok: true, why: "" };
  } catch (error) {
    if (error instanceof MalformedError || error instanceof VerificationError) {
      return { name, ok: false, why: error.message };
    }
    throw error;
  }
}
