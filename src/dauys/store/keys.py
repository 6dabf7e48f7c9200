"""The server's own secrets for one election, in a file that only its owner may read.

They never enter the database, so a copy of the database signs nothing and opens no
evidence. The trustees' keys are not here: they never touch the server.
"""

import os
from dataclasses import dataclass, field
from pathlib import Path
from typing import Self

from dauys.core.canonical import Record, decode, encode
from dauys.core.forms import Hash
from dauys.core.ids import ElectionId
from dauys.core.ports import RandomSource
from dauys.crypto.signing import SigningKey


class _KeyFile(Record, frozen=True, kw_only=True):
    """Five secrets of 32 bytes, hex."""

    registrar: Hash
    log: Hash
    codes: Hash
    decoys: Hash
    evidence: Hash


@dataclass(frozen=True, slots=True)
class ElectionKeys:
    """`registrar` signs permits, `log` checkpoints; the others are symmetric, 32 bytes."""

    registrar: SigningKey
    log: SigningKey
    codes: bytes = field(repr=False)
    decoys: bytes = field(repr=False)
    evidence: bytes = field(repr=False)

    @classmethod
    def load_or_create(cls, folder: Path, election: ElectionId, random: RandomSource) -> Self:
        """Keys of `election` from `folder`; drawn and kept there the first time.

        Raises MalformedError when the file was changed by hand.
        """
        file = folder / f"{election}.json"
        if not file.exists():
            _write_once(file, {name: random(32).hex() for name in _KeyFile.__struct_fields__})
        kept = decode(file.read_bytes(), _KeyFile, "key file")
        return cls(
            registrar=SigningKey.from_seed(bytes.fromhex(kept.registrar)),
            log=SigningKey.from_seed(bytes.fromhex(kept.log)),
            codes=bytes.fromhex(kept.codes),
            decoys=bytes.fromhex(kept.decoys),
            evidence=bytes.fromhex(kept.evidence),
        )


def _write_once(file: Path, secrets: dict[str, str]) -> None:
    """Write `secrets` so that a reader sees all or nothing, and the first writer wins."""
    file.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    draft = file.with_suffix(f".{os.getpid()}")
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "wb") as stream:
        stream.write(encode(secrets))
        stream.flush()
        os.fsync(stream.fileno())
    try:
        os.link(draft, file)
    except FileExistsError:
        pass
    finally:
        draft.unlink()
