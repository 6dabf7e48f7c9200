// The voter's receipt, checked on the voter's own device: the board's log holds, under its
// signature, an entry with exactly the ballot of this tracker.
//
// receipt = {contest, tracker, leaf_index, entry, checkpoint, proof}: `entry` is the entry's
// canonical JSON as a string, `checkpoint` the signed note, `proof` base64 hashes, leaf to root.
// A receipt shows no choice; it proves that the ballot is there, not what is in it.

import { load } from "./canonical.js";
import { openCheckpoint, parseLogKey } from "./checkpoint.js";
import { unbase64, utf8 } from "./encoding.js";
import { MalformedError, VerificationError } from "./errors.js";
import { fingerprint } from "./hash.js";
import { leafHash, verifyConsistency, verifyInclusion } from "./merkle.js";

/** @typedef {import("./checkpoint.js").LogKey} LogKey */
/** @typedef {import("./checkpoint.js").Checkpoint} Checkpoint */
/** @typedef {{name: string, ok: boolean, why: string}} Check `why` is empty when it holds */

/**
 * @typedef {object} Receipt
 * @property {string} contest
 * @property {string} tracker
 * @property {number} leaf_index
 * @property {string} entry
 * @property {string} checkpoint
 * @property {string[]} proof
 */

/**
 * Every check is made and reported, not only the first that fails.
 *
 * Names: `entry` (canonical, a ballot of this contest), `tracker` (the ballot in it has this
 * tracker), `checkpoint` (signed by the log), `inclusion` (the entry is in the signed tree).
 *
 * @param {Receipt} receipt
 * @param {LogKey | string} logKey from the election's page, not from the receipt
 * @returns {{checks: Check[], ok: boolean}}
 */
export function checkReceipt(receipt, logKey) {
  const key = typeof logKey === "string" ? parseLogKey(logKey) : logKey;
  /** @type {any} */
  let entry;
  /** @type {Checkpoint | undefined} */
  let checkpoint;
  const checks = [
    check("entry", () => {
      entry = readEntry(receipt);
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
      if (!verifyInclusion(leaf, receipt.leaf_index, size, readHashes(receipt.proof), root)) {
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
 * @param {string[]} proof base64 hashes
 * @param {LogKey | string} logKey
 * @returns {{checks: Check[], ok: boolean}} checks `checkpoint`, `later checkpoint`, `consistency`
 */
export function checkGrowth(receipt, later, proof, logKey) {
  const key = typeof logKey === "string" ? parseLogKey(logKey) : logKey;
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
 * @param {Receipt} receipt
 * @returns {object}
 */
function readEntry({ entry, contest }) {
  const value = load(entry, "entry");
  const { kind, permit, ballot } = /** @type {any} */ (value);
  if (kind !== "ballot") throw new MalformedError("entry", "not a ballot");
  if (typeof ballot !== "string") throw new MalformedError("entry", "holds no ballot");
  if (permit?.statement?.contest !== contest) throw new VerificationError("entry", "of another contest");
  return value;
}

/**
 * @param {string[]} proof
 * @returns {Uint8Array[]}
 */
function readHashes(proof) {
  if (!Array.isArray(proof) || proof.length > 128) throw new MalformedError("proof", "not a list of hashes");
  return proof.map((text) => {
    const hash = unbase64(text, "proof");
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
