"""A permit: the registrar's word that one credential key may cast one ballot.

The registrar knows who stands behind the pseudonym and never learns the credential's
secret; the ballot box knows the permit and never learns who the voter is.
docs/protocol.md, "Permits".
"""

from typing import Literal

from dauys.core.canonical import Record, encode
from dauys.core.forms import (
    ContestWord,
    CredentialHex,
    Election,
    Hash,
    MethodWord,
    Number,
    PseudonymHex,
    Signature,
    Tracker,
)

PERMIT_CONTEXT = b"dauys permit v1\n"


class Statement(Record, frozen=True, kw_only=True):
    """What the registrar states.

    `weight` is how many votes the ballot is, by the register: 1 where votes are not weighted.
    `evidence` is the SHA-256 of the voter's own signature (CMS) where the method makes
    one. `reclaims` names a ballot under the same pseudonym that the voter, identified by
    a stronger method, says was not theirs.
    """

    v: Literal[1] = 1
    election: Election
    contest: ContestWord
    pseudonym: PseudonymHex
    credential: CredentialHex
    method: MethodWord
    serial: Number
    weight: Number
    evidence: Hash | None
    reclaims: Tracker | None

    def signed_bytes(self) -> bytes:
        """The bytes that the registrar's Ed25519 key signs."""
        return PERMIT_CONTEXT + encode(self)


class Permit(Record, frozen=True, kw_only=True):
    """A statement with the registrar's signature over `statement.signed_bytes()`."""

    statement: Statement
    signature: Signature
