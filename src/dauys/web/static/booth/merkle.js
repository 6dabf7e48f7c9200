// Merkle tree of the board's log (RFC 9162 section 2.1): is this entry in the tree, and has the
// tree only grown? Sizes and indices are numbers up to 2^53 - 1, so they are halved by division:
// bit operations of the language end at 32 bits.

import { concat, sameBytes } from "./encoding.js";
import { sha256 } from "./hash.js";

const LEAF = Uint8Array.of(0);
const NODE = Uint8Array.of(1);

/**
 * @param {Uint8Array} entry
 * @returns {Uint8Array} SHA-256(0x00 || entry), RFC 9162 section 2.1.1
 */
export function leafHash(entry) {
  return sha256(concat(LEAF, entry));
}

/**
 * @param {Uint8Array} left
 * @param {Uint8Array} right
 * @returns {Uint8Array} SHA-256(0x01 || left || right), RFC 9162 section 2.1.1
 */
export function nodeHash(left, right) {
  return sha256(concat(NODE, left, right));
}

/**
 * RFC 9162 section 2.1.3.2.
 *
 * @param {Uint8Array} leaf hash of the entry
 * @param {number} index of the entry, from 0
 * @param {number} size of the tree
 * @param {readonly Uint8Array[]} proof audit path, leaf to root
 * @param {Uint8Array} root
 * @returns {boolean}
 */
export function verifyInclusion(leaf, index, size, proof, root) {
  if (!isSize(index) || !isSize(size) || index >= size) return false;
  let place = index;
  let last = size - 1;
  let hash = leaf;
  for (const sibling of proof) {
    if (last === 0) return false;
    if (isOdd(place) || place === last) {
      hash = nodeHash(sibling, hash);
      while (!isOdd(place) && place !== 0) {
        place = half(place);
        last = half(last);
      }
    } else {
      hash = nodeHash(hash, sibling);
    }
    place = half(place);
    last = half(last);
  }
  return last === 0 && sameBytes(hash, root);
}

/**
 * RFC 9162 section 2.1.4.2; a tree is consistent with itself by an empty proof. An older tree
 * of size 0 has nothing to be consistent with and is refused.
 *
 * @param {number} oldSize
 * @param {Uint8Array} oldRoot
 * @param {number} newSize
 * @param {Uint8Array} newRoot
 * @param {readonly Uint8Array[]} proof
 * @returns {boolean} whether the newer tree starts with the older one
 */
export function verifyConsistency(oldSize, oldRoot, newSize, newRoot, proof) {
  if (!isSize(oldSize) || !isSize(newSize) || oldSize < 1 || oldSize > newSize) return false;
  if (oldSize === newSize) return proof.length === 0 && sameBytes(oldRoot, newRoot);
  let place = oldSize - 1;
  let last = newSize - 1;
  while (isOdd(place)) {
    place = half(place);
    last = half(last);
  }
  // An older tree that is complete is itself the first hash of the path and is left out.
  const path = place === 0 ? [oldRoot, ...proof] : [...proof];
  if (path.length === 0) return false;
  let [older] = path;
  let newer = older;
  for (const hash of path.slice(1)) {
    if (last === 0) return false;
    if (isOdd(place) || place === last) {
      older = nodeHash(hash, older);
      newer = nodeHash(hash, newer);
      while (!isOdd(place) && place !== 0) {
        place = half(place);
        last = half(last);
      }
    } else {
      newer = nodeHash(newer, hash);
    }
    place = half(place);
    last = half(last);
  }
  return last === 0 && sameBytes(older, oldRoot) && sameBytes(newer, newRoot);
}

/** @param {number} number */
function isSize(number) {
  return Number.isSafeInteger(number) && number >= 0;
}

/** @param {number} number */
function isOdd(number) {
  return number % 2 === 1;
}

/** @param {number} number */
function half(number) {
  return Math.floor(number / 2);
}
