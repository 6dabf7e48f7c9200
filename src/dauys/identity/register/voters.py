"""A register once read: its voters, what is published of it, and how two registers differ."""

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, fields, replace
from typing import Final

from dauys.core.canonical import encode
from dauys.core.ids import ContestId, RegisterNumber

COMMITMENT_CONTEXT: Final = b"dauys register v1\n"
SALT_BYTES: Final = 32


@dataclass(frozen=True, slots=True)
class RegisterVoter:
    """One line of the register: who may vote, and in which contest."""

    register_number: RegisterNumber
    number: str
    """In the one form that the register's numbering gives it."""
    name: str
    category: str
    region: str
    contest: ContestId
    weight: int
    """How many votes the voter has, from 1."""
    phone: str | None
    """E.164, or None: no code can be sent."""
    precinct: str | None
    household: str | None
    email: str | None = None
    """In small letters, or None."""


def register_commitment(voters: Iterable[RegisterVoter], salt: bytes) -> str:
    """SHA-256 (hex) that the manifest publishes: docs/protocol.md, section 9.

    `salt` has 32 random bytes; without it nobody can try numbers against the commitment.
    """
    if len(salt) != SALT_BYTES:
        raise ValueError("the salt of a register commitment has 32 bytes")
    digest = hashlib.sha256(COMMITMENT_CONTEXT)
    digest.update(salt.hex().encode() + b"\n")
    for voter in sorted(voters, key=lambda voter: voter.register_number):
        line = [
            voter.register_number,
            voter.number,
            voter.contest,
            voter.category,
            voter.weight,
            voter.phone or "",
            voter.email or "",
        ]
        digest.update(encode(line) + b"\n")
    return digest.hexdigest()


@dataclass(frozen=True, slots=True)
class ChangedVoter:
    """A voter whose line says something else now."""

    old: RegisterVoter
    new: RegisterVoter
    fields: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class RegisterDiff:
    """What a second import would change; voters are matched by their numbers."""

    added: tuple[RegisterVoter, ...]
    removed: tuple[RegisterVoter, ...]
    changed: tuple[ChangedVoter, ...]


def diff_registers(old: Sequence[RegisterVoter], new: Sequence[RegisterVoter]) -> RegisterDiff:
    """Compare two registers; that a voter moved to another line is no change."""
    before = {voter.number: voter for voter in old}
    after = {voter.number: voter for voter in new}
    return RegisterDiff(
        added=tuple(voter for voter in new if voter.number not in before),
        removed=tuple(voter for voter in old if voter.number not in after),
        changed=tuple(
            change for voter in new if (change := _change(before.get(voter.number), voter))
        ),
    )


def _change(old: RegisterVoter | None, new: RegisterVoter) -> ChangedVoter | None:
    if old is None or replace(old, register_number=new.register_number) == new:
        return None
    differing = tuple(
        field.name
        for field in fields(RegisterVoter)
        if field.name != "register_number" and getattr(old, field.name) != getattr(new, field.name)
    )
    return ChangedVoter(old, new, differing)
