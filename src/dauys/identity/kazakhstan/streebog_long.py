"""Streebog over long data, compiled by numba: the national revocation list has 20 MB.

Plain `streebog` needs a minute for that. This takes its tables from there, must give its answer
on a first block of data before it is used, and leaves the last block and the end to it.
"""

from collections.abc import Sequence
from typing import Final

import numpy as np
from numba import njit
from numpy.typing import NDArray

_ROUNDS: Final = 12
_WORDS: Final = 8

Words = NDArray[np.uint64]


class LongHash:
    """The compression function over whole blocks, with the tables of `streebog`."""

    def __init__(self, words: Sequence[Sequence[int]], constants: Sequence[int]) -> None:
        """`words[place][byte]` is what a byte adds to its word, `constants` are C_1 to C_12."""
        self._table = np.array(words, dtype=np.uint64)
        self._constants = np.array([_split(constant) for constant in constants], dtype=np.uint64)

    def absorb(self, state: int, data: bytes) -> int:
        """State after the blocks of `data`, the first of a message: 64 n bytes."""
        blocks = np.frombuffer(data, dtype="<u8").astype(np.uint64).reshape(-1, _WORDS)
        hashed = np.array(_split(state), dtype=np.uint64)
        _absorb(hashed, blocks, self._table, self._constants)
        return int.from_bytes(hashed.astype("<u8").tobytes(), "little")


def _split(vector: int) -> list[int]:
    return [vector >> 64 * i & 0xFFFFFFFFFFFFFFFF for i in range(_WORDS)]


@njit(cache=True, nogil=True)
def _lps(vector: Words, table: Words, result: Words) -> None:
    for column in range(_WORDS):
        word = np.uint64(0)
        for row in range(_WORDS):
            byte = (vector[row] >> np.uint64(8 * column)) & np.uint64(0xFF)
            word ^= table[row, byte]
        result[column] = word


@njit(cache=True, nogil=True)
def _absorb(state: Words, blocks: Words, table: Words, constants: Words) -> None:
    key, mixed, turned = np.empty_like(state), np.empty_like(state), np.empty_like(state)
    for number in range(len(blocks)):
        turned[:] = state
        turned[0] ^= np.uint64(512 * number)
        _lps(turned, table, key)
        mixed[:] = blocks[number]
        for rounds in range(_ROUNDS):
            turned[:] = mixed ^ key
            _lps(turned, table, mixed)
            turned[:] = key ^ constants[rounds]
            _lps(turned, table, key)
        state ^= mixed ^ key ^ blocks[number]
