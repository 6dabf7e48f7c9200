"""Sends a voter to the provider and reads who came back: the code flow with PKCE.

OpenID Connect Core 1.0, sections 3.1.2 and 3.1.3; PKCE is RFC 7636. Only the ID token is
believed, and only after its signature, issuer, audience, times and nonce.
"""

import base64
import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from hmac import compare_digest
from typing import Any, Final
from urllib.parse import urlencode

from joserfc import jwt
from joserfc.errors import JoseError

from dauys.core.errors import RefusedError
from dauys.core.ports import Clock, RandomSource
from dauys.identity.sign_in.provider import ALGORITHMS, Provider, ProviderError

LIFETIME: Final = timedelta(minutes=10)
LEEWAY: Final = timedelta(minutes=1)
"""How far the provider's clock may be off."""


@dataclass(frozen=True, slots=True)
class Pending:
    """A voter who was sent to the provider; the caller keeps it in the voter's session."""

    state: str = field(repr=False)
    nonce: str = field(repr=False)
    verifier: str = field(repr=False)
    back: str
    """Address to which the provider sends the voter back."""
    at: int
    """POSIX seconds."""


class SignInDesk:
    """Serves any number of threads."""

    def __init__(self, provider: Provider, clock: Clock, random: RandomSource) -> None:
        self._provider = provider
        self._clock = clock
        self._random = random

    def begin(self, back: str, language: str) -> tuple[str, Pending]:
        """Where to send the voter, and what to keep until they are back.

        Raises RefusedError `provider_silent`.
        """
        pending = Pending(self._word(), self._word(), self._word(), back, self._now())
        registration = self._provider.registration
        try:
            endpoint = self._provider.endpoints().authorization
        except ProviderError as error:
            raise RefusedError("provider_silent", error.why) from error
        challenge = hashlib.sha256(pending.verifier.encode()).digest()
        query = {
            "response_type": "code",
            "client_id": registration.client_id,
            "redirect_uri": back,
            "scope": " ".join(registration.scopes),
            "state": pending.state,
            "nonce": pending.nonce,
            "code_challenge": _base64(challenge),
            "code_challenge_method": "S256",
            "ui_locales": language,
            "prompt": "login",  # whoever sits here now, not who signed in there before
        }
        return f"{endpoint}{'&' if '?' in endpoint else '?'}{urlencode(query)}", pending

    def finish(self, pending: Pending, answer: Mapping[str, str]) -> str:
        """The voter's number, by the provider's word. `answer` is the query that came back.

        Raises RefusedError: `sign_in_unknown` (not what was begun here, or too long ago),
        `sign_in_cancelled`, `provider_silent`, `sign_in_invalid` (its answer does not hold),
        `no_number`.
        """
        if not compare_digest(answer.get("state", "").encode(), pending.state.encode()):
            raise RefusedError("sign_in_unknown")
        if self._now() - pending.at > LIFETIME / timedelta(seconds=1):
            raise RefusedError("sign_in_unknown", "late")
        if "error" in answer or not answer.get("code"):
            raise RefusedError("sign_in_cancelled")
        token = self._exchange(pending, answer["code"])
        claims = self._claims(token, pending)
        number = claims.get(self._provider.registration.claim)
        if not isinstance(number, str) or not number:
            raise RefusedError("no_number")
        return number

    def _exchange(self, pending: Pending, code: str) -> str:
        registration = self._provider.registration
        form = {
            "grant_type": "authorization_code",
            "code": code,
            "redirect_uri": pending.back,
            "code_verifier": pending.verifier,
        }
        login = (registration.client_id, registration.client_secret)
        try:
            endpoint = self._provider.endpoints().token
            answer = self._provider.web.post(endpoint, form, login)
        except ProviderError as error:
            raise RefusedError("provider_silent", error.why) from error
        token = answer.get("id_token")
        if not isinstance(token, str):
            raise RefusedError("sign_in_invalid", "no id_token")
        return token

    def _claims(self, token: str, pending: Pending) -> Mapping[str, Any]:
        """Claims of a token that holds. The keys are asked for again once, as they change."""
        try:
            try:
                claims = self._decode(token, fresh=False)
            except (JoseError, ValueError):
                claims = self._decode(token, fresh=True)
        except ProviderError as error:
            raise RefusedError("provider_silent", error.why) from error
        except (JoseError, ValueError) as error:
            raise RefusedError("sign_in_invalid", "signature") from error
        self._require(claims, pending)
        return claims

    def _decode(self, token: str, *, fresh: bool) -> Mapping[str, Any]:
        keys = self._provider.endpoints(fresh=fresh).keys
        return jwt.decode(token, keys, algorithms=ALGORITHMS).claims

    def _require(self, claims: Mapping[str, Any], pending: Pending) -> None:
        """Section 3.1.3.7, points 2 to 11. Raises RefusedError `sign_in_invalid`."""
        registration = self._provider.registration
        client, audience = registration.client_id, claims.get("aud")
        now, leeway = self._now(), LEEWAY / timedelta(seconds=1)
        for name, holds in (
            ("issuer", claims.get("iss") == registration.issuer),
            ("audience", audience in (client, [client])),
            ("authorised party", claims.get("azp", client) == client),
            ("expiry", _is_time(claims.get("exp")) and now < claims["exp"] + leeway),
            (
                "issue",
                _is_time(claims.get("iat"))
                and pending.at - leeway <= claims["iat"] <= now + leeway,
            ),
            ("nonce", claims.get("nonce") == pending.nonce),
        ):
            if not holds:
                raise RefusedError("sign_in_invalid", name)

    def _now(self) -> int:
        return int(self._clock.now().timestamp())

    def _word(self) -> str:
        return _base64(self._random(32))


def _base64(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).decode().rstrip("=")


def _is_time(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)
