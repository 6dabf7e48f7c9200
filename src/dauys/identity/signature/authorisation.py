"""What a voter signs: the authorisation of docs/protocol.md, section 3.

It names the key of the ballot and never the choice.
"""

from typing import Annotated, Literal

from msgspec import Meta

from dauys.core import canonical
from dauys.core.canonical import Record
from dauys.core.forms import CredentialHex, Election, Instant, Word

VOTE = "vote"
"""The purpose under which a signature makes a permit."""


class Authorisation(Record, frozen=True, kw_only=True):
    """`purpose` in `election` for the ballot key `credential`; good once, until `expires`."""

    v: Literal[1] = 1
    purpose: Word
    election: Election
    credential: CredentialHex
    nonce: Annotated[str, Meta(pattern=r"\A[0-9a-f]{32}\Z")]
    expires: Instant


def encode(authorisation: Authorisation) -> bytes:
    """The bytes to sign."""
    return canonical.encode(authorisation)


def decode(content: bytes) -> Authorisation:
    """Read signed bytes. Raises MalformedError unless they print back the same."""
    return canonical.decode(content, Authorisation, "authorisation")
