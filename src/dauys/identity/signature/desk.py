"""The signature desk: hands out challenges and tells whose signature came back."""

import hashlib
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from hmac import compare_digest
from typing import Protocol

from dauys.core.errors import MalformedError, RefusedError
from dauys.core.forms import format_instant
from dauys.core.ids import Credential, ElectionId
from dauys.core.ports import Clock, RandomSource
from dauys.identity.signature.asn1 import unarmoured
from dauys.identity.signature.authorisation import VOTE, Authorisation, decode, encode
from dauys.identity.signature.certificates import read_certificate
from dauys.identity.signature.cms import SignedMessage, check_signed_message, read_signed_message
from dauys.identity.signature.profile import Holder, Profile
from dauys.identity.signature.trust import (
    Revocation,
    RevocationPolicy,
    RevocationSource,
    Trust,
    require_not_revoked,
)


@dataclass(frozen=True, slots=True)
class SignatureRules:
    """The organiser's choices. Whatever is weaker than the defaults is a manifest's warning."""

    lifetime: timedelta = timedelta(minutes=10)
    revocation: RevocationPolicy = RevocationPolicy.NOT_ASKED


@dataclass(frozen=True, slots=True)
class Challenge:
    """A challenge handed out: `digest` is the SHA-256 (hex) of its bytes."""

    nonce: str
    digest: str
    expires: datetime
    used: bool = False


class NonceStore(Protocol):
    """Keeps challenges until they have expired."""

    def add(self, challenge: Challenge) -> None:
        """Keep a new challenge, durably; its nonce is new."""
        ...

    def get(self, nonce: str) -> Challenge:
        """Return the challenge. Raises RefusedError("challenge_unknown")."""
        ...

    def use(self, nonce: str) -> None:
        """Mark it used, durably. Of all callers ever, one returns.

        The others get RefusedError("challenge_used").
        """
        ...


@dataclass(frozen=True, slots=True)
class Signer:
    """Whose signature it is, and what it authorises.

    `evidence` is the SHA-256 (hex) of `cms`, which is to be kept for the auditor.
    """

    holder: Holder
    authorisation: Authorisation
    evidence: str
    algorithm: str
    cms: bytes = field(repr=False)
    revocation: Revocation = Revocation.NOT_ASKED
    """UNKNOWN is to be asked again: neither responder nor list could be reached."""


class SignatureDesk:
    """Checks voters' signatures against what the organiser trusts, as one PKI's profile reads them.

    Checking takes milliseconds of this thread, tens of them for GOST, and no event loop; one desk
    serves any number of threads.
    """

    def __init__(
        self,
        trust: Trust,
        profile: Profile,
        rules: SignatureRules,
        nonces: NonceStore,
        clock: Clock,
        random: RandomSource,
        revocation: RevocationSource | None = None,
    ) -> None:
        self._trust = trust
        self._profile = profile
        self._rules = rules
        self._nonces = nonces
        self._clock = clock
        self._random = random
        self._revocation = revocation

    def challenge(
        self, election: ElectionId, credential: Credential, *, purpose: str = VOTE
    ) -> bytes:
        """Bytes for the voter to sign, good once and for ten minutes.

        Raises MalformedError if an argument has not its form.
        """
        nonce = self._random(16).hex()
        expires = (self._clock.now() + self._rules.lifetime).replace(microsecond=0)
        content = encode(
            Authorisation(
                purpose=purpose,
                election=election,
                credential=credential,
                nonce=nonce,
                expires=format_instant(expires),
            )
        )
        decode(content)
        self._nonces.add(Challenge(nonce, hashlib.sha256(content).hexdigest(), expires))
        return content

    def check(
        self,
        cms: bytes,
        purpose: str = VOTE,
        challenge: bytes | None = None,
        admit: Callable[[Holder], object] = lambda _holder: None,
    ) -> Signer:
        """Tell who signed a live challenge of `purpose`, or just `challenge`; it is then used.

        Whom `admit` refuses does not use it up: they may sign with another key.

        `cms` is an attached signature, DER, PEM or base64. Raises RefusedError: `unreadable`,
        `not_attached`, `two_signers`, `wrong_content`, `challenge_unknown`, `challenge_used`,
        `challenge_expired`, `bad_signature`, `unknown_algorithm` or a code of the profile's
        outdated ones (`old_gost`, `weak_hash`), `not_for_signing`, `expired`, `not_yet_valid`,
        `untrusted`, `wrong_role`, `no_number`, `revoked`, `revocation_unknown`.
        """
        now = self._clock.now()
        der = unarmoured(cms)
        message = read_signed_message(der)
        if challenge is not None and message.content != challenge:
            raise RefusedError("wrong_content", "another challenge")
        authorisation = self._require_live(message.content, purpose, now)
        algorithm = check_signed_message(message, self._profile.algorithms)
        holder, revocation = self._holder(message, now)
        admit(holder)
        # Last, so that a failed attempt of somebody else does not use up the voter's challenge.
        self._nonces.use(authorisation.nonce)
        return Signer(
            holder=holder,
            authorisation=authorisation,
            evidence=hashlib.sha256(der).hexdigest(),
            algorithm=algorithm.name,
            cms=der,
            revocation=revocation,
        )

    def _require_live(self, content: bytes, purpose: str, now: datetime) -> Authorisation:
        try:
            authorisation = decode(content)
        except MalformedError as error:
            raise RefusedError("wrong_content", error.why) from error
        if authorisation.purpose != purpose:
            raise RefusedError("wrong_content", "purpose")
        challenge = self._nonces.get(authorisation.nonce)
        if not compare_digest(hashlib.sha256(content).hexdigest(), challenge.digest):
            raise RefusedError("wrong_content", "not the challenge of this nonce")
        if challenge.used:
            raise RefusedError("challenge_used")
        if now >= challenge.expires:
            raise RefusedError("challenge_expired")
        return authorisation

    def _holder(self, message: SignedMessage, now: datetime) -> tuple[Holder, Revocation]:
        certificate = read_certificate(message.certificate)
        self._profile.require_for_signing(certificate)
        chain = self._trust.chain(message.certificate, message.other_certificates, now)
        holder = self._profile.holder_of(certificate)
        # After all that is free: this may ask others over the network.
        policy = self._rules.revocation
        return holder, require_not_revoked(chain, self._revocation, policy, now)
