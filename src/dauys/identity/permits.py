"""The registrar: turns an identified voter into a permit for one ballot key.

It knows who stands behind a pseudonym and never learns the ballot's secret or choice.
docs/protocol.md, section 3. Keeping permits is the store's: see `PermitStore`.
"""

from collections.abc import Callable
from typing import Protocol

from dauys.core.canonical import Record, decode, encode
from dauys.core.errors import RefusedError
from dauys.core.forms import (
    ContestWord,
    CredentialHex,
    Election,
    Hash,
    MethodWord,
    Number,
    PseudonymHex,
    Tracker,
)
from dauys.core.ids import Serial
from dauys.core.permit import Permit, Statement
from dauys.crypto.signing import SigningKey


class PermitRequest(Record, frozen=True, kw_only=True):
    """What an identification came to: a statement that has no number yet."""

    election: Election
    contest: ContestWord
    pseudonym: PseudonymHex
    credential: CredentialHex
    method: MethodWord
    weight: Number
    evidence: Hash | None
    reclaims: Tracker | None

    def numbered(self, serial: Serial) -> Statement:
        """The statement under `serial`."""
        return Statement(
            election=self.election,
            contest=self.contest,
            pseudonym=self.pseudonym,
            credential=self.credential,
            method=self.method,
            serial=serial,
            weight=self.weight,
            evidence=self.evidence,
            reclaims=self.reclaims,
        )


class PermitStore(Protocol):
    """Keeps every permit ever issued, used or not, and whether it is still live."""

    def issue(self, request: PermitRequest, make: Callable[[Serial], Permit]) -> Permit:
        """Allot the next serial of the election and keep `make(serial)`; one transaction.

        On return the permit is durable, serials run from 1 without gaps, and every earlier
        live permit of the same election, contest, pseudonym and method is cancelled. If `make`
        raises, nothing happened. If the election has a permit for the same credential
        already, returns `repeated(that permit, request)` and changes nothing.
        """
        ...


def repeated(permit: Permit, request: PermitRequest) -> Permit:
    """Answer a second request for a credential that has a `permit`.

    The same request gets the same permit: its answer may have been lost on the way.
    Raises RefusedError("credential_used") on any difference.
    """
    if request.numbered(Serial(permit.statement.serial)) != permit.statement:
        raise RefusedError("credential_used")
    return permit


class Registrar:
    """Issues permits under the key that the manifest names as `registrar`."""

    def __init__(self, key: SigningKey, store: PermitStore) -> None:
        self._key = key
        self._store = store

    def issue(self, request: PermitRequest) -> Permit:
        """Return the permit for `request`, new, or the same if asked again.

        Raises MalformedError if a field has not its form, RefusedError("credential_used")
        if the credential has a permit that says something else.
        """
        decode(encode(request), PermitRequest, "permit request")
        return self._store.issue(request, lambda serial: self._sign(request.numbered(serial)))

    def _sign(self, statement: Statement) -> Permit:
        signature = self._key.sign(statement.signed_bytes())
        return Permit(statement=statement, signature=signature.hex())
