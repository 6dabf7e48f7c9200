"""Random bytes that come back: what the vectors were made with."""

import hashlib
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
