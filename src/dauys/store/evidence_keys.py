"""The keys that seal voters' signatures: the newest seals, all of them open.

The first is in the election's key file. Once it is renewed, `<election>.evidence.json` beside
it holds the list, newest first, and speaks alone. The file is read each time it is needed, so
that a server need not be started again when a command renews the key.
"""

import os
from dataclasses import dataclass, field
from pathlib import Path
from typing import Annotated

from msgspec import Meta

from dauys.core.canonical import Record, decode, encode
from dauys.core.forms import Hash
from dauys.core.ids import ElectionId
from dauys.core.ports import RandomSource


class _Keys(Record, frozen=True, kw_only=True):
    """Keys of 32 bytes, hex, newest first."""

    evidence: Annotated[tuple[Hash, ...], Meta(min_length=1, max_length=8)]


@dataclass(frozen=True, slots=True)
class EvidenceKeys:
    """Keys of one election; `first` is that of its key file."""

    folder: Path
    election: ElectionId
    first: bytes = field(repr=False)
    random: RandomSource = os.urandom

    def all(self) -> tuple[bytes, ...]:
        """Every key, newest first. Raises MalformedError when the file was changed by hand."""
        try:
            data = self._file().read_bytes()
        except FileNotFoundError:
            return (self.first,)
        kept = decode(data, _Keys, "evidence keys")
        return tuple(bytes.fromhex(key) for key in kept.evidence)

    def newest(self) -> bytes:
        """The key that seals."""
        return self.all()[0]

    def add(self) -> None:
        """Draw a key; it is durable, and the newest, on return."""
        self._write((self.random(32), *self.all()[:7]))

    def forget_older(self) -> None:
        """Keep the newest and the one before it."""
        self._write(self.all()[:2])

    def _file(self) -> Path:
        return self.folder / f"{self.election}.evidence.json"

    def _write(self, keys: tuple[bytes, ...]) -> None:
        draft = self._file().with_suffix(f".{os.getpid()}")
        descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(descriptor, "wb") as stream:
            stream.write(encode(_Keys(evidence=tuple(key.hex() for key in keys))))
            stream.flush()
            os.fsync(stream.fileno())
        draft.replace(self._file())
