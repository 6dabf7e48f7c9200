"""Random bytes that come back: what the vectors were made with."""

import hashlib
from collections.abc import Iterable
from itertools import count


class SeededRandom:
    """The stream SHA-256("seed|0") || SHA-256("seed|1") || …, handed out from its start."""

    def __init__(self, seed: str) -> None:
        self._blocks = (hashlib.sha256(f"{seed}|{i}".encode()).digest() for i in count())
        self._rest = b""

    def __call__(self, size: int, /) -> bytes:
        while len(self._rest) < size:
            self._rest += next(self._blocks)
        taken, self._rest = self._rest[:size], self._rest[size:]
        return taken


class ChosenScalars:
    """First the given scalars, then a seeded stream: for a voter who chooses the nonces."""

    def __init__(self, scalars: Iterable[int], seed: str) -> None:
        self._scalars = list(scalars)
        self._then = SeededRandom(seed)

    def __call__(self, size: int, /) -> bytes:
        return self._scalars.pop(0).to_bytes(size, "big") if self._scalars else self._then(size)
