"""A voter's signature that is made on another device, while their browser waits.

The browser holds the ballot's key and asks for a signing; the device (a phone with a signing
app) fetches the challenge and hands the signature in; the browser learns of it by asking, and
goes on as if it had signed itself. One signing serves one signature.
"""

import hashlib
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from hmac import compare_digest
from typing import Final, Protocol

from dauys.conduct.methods import EDS
from dauys.conduct.people import Identified, Register, Visit
from dauys.conduct.voting import VoterDesk
from dauys.core.errors import RefusedError
from dauys.core.forms import parse_instant
from dauys.core.ids import Credential, RegisterNumber
from dauys.core.ports import Clock, RandomSource
from dauys.identity.signature.authorisation import decode

KEPT: Final = timedelta(days=1)


class RemoteState(StrEnum):
    """How far a signing has come."""

    WAITING = "waiting"
    OPENED = "opened"
    """The device has fetched what to sign."""
    SIGNED = "signed"
    TAKEN = "taken"
    """The browser has gone on with it."""


@dataclass(frozen=True, slots=True)
class RemoteSigning:
    """A signing as it is kept. `refusal` is the code of the newest signature not taken."""

    number: str
    token: str = field(repr=False)
    waiter: str
    content: bytes
    expires: datetime
    state: RemoteState
    refusal: str = ""
    line: RegisterNumber | None = None
    credential: str = ""
    evidence: str = ""
    signed_at: datetime | None = None


class RemoteSignings(Protocol):
    """Keeps the signings of one election."""

    def add(self, signing: RemoteSigning) -> None:
        """Keep a new one, durably."""
        ...

    def get(self, number: str) -> RemoteSigning:
        """The signing. Raises RefusedError("challenge_unknown")."""
        ...

    def note(self, number: str, *, opened: bool = False, refusal: str = "") -> None:
        """Keep that the device came, or that its signature was refused; not once it is signed."""
        ...

    def sign(self, number: str, identified: Identified) -> None:
        """Keep who signed. Of all callers ever, one returns.

        The others get RefusedError("challenge_used").
        """
        ...

    def take(self, number: str) -> None:
        """Mark it taken; of all callers ever, one returns. RefusedError("challenge_used")."""
        ...

    def forget(self, before: datetime) -> None:
        """Delete those that expired earlier."""
        ...


@dataclass(frozen=True, slots=True)
class Begun:
    """What the browser gets: `secret` lets it ask, `code` is shown on both devices."""

    number: str
    secret: str = field(repr=False)
    challenge: bytes
    expires: datetime
    code: str


def code_of(content: bytes) -> str:
    """What a person compares on both devices: the head of the ballot key, `3f9a-21c0`."""
    credential = decode(content).credential
    return f"{credential[:4]}-{credential[4:8]}"


@dataclass(frozen=True, slots=True)
class RemoteSigningDesk:
    """Signings of one election."""

    voting: VoterDesk
    kept: RemoteSignings
    clock: Clock
    random: RandomSource

    @property
    def register(self) -> Register:
        """Whose voters sign."""
        return self.voting.register

    def begin(self, credential: Credential) -> Begun:
        """Start a signing for the ballot key `credential`; good as long as its challenge."""
        now = self.clock.now()
        self.kept.forget(now - KEPT)
        content = self.voting.challenge(credential)
        expires = parse_instant(decode(content).expires)
        number, secret = self.random(16).hex(), self.random(32).hex()
        self.kept.add(
            RemoteSigning(
                number, self.random(32).hex(), _hash(secret), content, expires, RemoteState.WAITING
            )
        )
        return Begun(number, secret, content, expires, code_of(content))

    def find(self, number: str) -> RemoteSigning:
        """A live signing, for the device.

        Raises RefusedError `challenge_unknown`, `challenge_used`, `challenge_expired`.
        """
        signing = self.kept.get(number)
        if signing.state in (RemoteState.SIGNED, RemoteState.TAKEN):
            raise RefusedError("challenge_used")
        if self.clock.now() >= signing.expires:
            raise RefusedError("challenge_expired")
        return signing

    def document(self, number: str, token: str) -> bytes:
        """What to sign. Raises RefusedError as `find`, and `wrong_token`."""
        signing = self._admit(number, token)
        self.kept.note(number, opened=True)
        return signing.content

    def hand_in(self, number: str, token: str, cms: bytes) -> None:
        """Take the signature of the challenge.

        Raises RefusedError as `find`, `wrong_token`, and as `VoterDesk.check_signature`, which
        the waiting browser is told too; the person may sign again until the time is over.
        """
        signing = self._admit(number, token)
        try:
            identified = self.voting.signer_of(cms, signing.content)
        except RefusedError as error:
            self.kept.note(number, refusal=error.code)
            raise
        self.kept.sign(number, identified)

    def ask(self, number: str, secret: str) -> tuple[RemoteState, str]:
        """How far it is, and the newest refusal: for the browser that began it.

        Raises RefusedError `challenge_unknown`, `challenge_expired`.
        """
        signing = self._of_browser(number, secret)
        if self.clock.now() >= signing.expires and signing.state is not RemoteState.SIGNED:
            raise RefusedError("challenge_expired")
        return signing.state, signing.refusal

    def take(self, number: str, secret: str, visit: Visit) -> Identified:
        """Who signed, once. Raises RefusedError `challenge_unknown`, `challenge_used`."""
        signing = self._of_browser(number, secret)
        if signing.state is not RemoteState.SIGNED or signing.line is None:
            raise RefusedError("challenge_used")
        self.kept.take(number)
        identified = Identified(
            self.register.by_register_number(signing.line),
            EDS,
            signing.signed_at or self.clock.now(),
            evidence=signing.evidence,
            credential=Credential(signing.credential),
        )
        self.voting.signed(identified, visit)
        return identified

    def _admit(self, number: str, token: str) -> RemoteSigning:
        signing = self.find(number)
        if not compare_digest(signing.token.encode(), token.encode()):
            raise RefusedError("wrong_token")
        return signing

    def _of_browser(self, number: str, secret: str) -> RemoteSigning:
        signing = self.kept.get(number)
        if not compare_digest(signing.waiter, _hash(secret)):
            raise RefusedError("challenge_unknown")
        return signing


def _hash(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()
