"""One OpenID Connect provider, as the operator describes it and as it describes itself.

OpenID Connect Discovery 1.0, section 4. Everything it says of itself must lie on the issuer's
own host or on one that the operator named, over TLS: what it says decides where secrets go.
"""

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from threading import Lock
from typing import Any, Final, Protocol
from urllib.parse import urlsplit

from joserfc.errors import JoseError
from joserfc.jwk import KeySet

from dauys.core.errors import DauysError, MalformedError

ALGORITHMS: Final = ("RS256", "PS256", "ES256", "EdDSA")
"""Signatures of ID tokens that are believed; never `none`, never a shared secret."""
KEPT_S: Final = 600.0
"""How long a provider's description and keys are kept."""


class ProviderError(DauysError):
    """The provider did not answer, or not in its own words."""

    def __init__(self, why: str) -> None:
        """`why` is a stable word, without secrets."""
        super().__init__(why)
        self.why = why


class Web(Protocol):
    """What is asked of the provider. Follows no redirections."""

    def get(self, address: str) -> Mapping[str, Any]:
        """A JSON object. Raises ProviderError."""
        ...

    def post(
        self, address: str, form: Mapping[str, str], login: tuple[str, str]
    ) -> Mapping[str, Any]:
        """The JSON object that answers a form; `login` as HTTP Basic. Raises ProviderError."""
        ...


@dataclass(frozen=True, slots=True)
class Registration:
    """What the operator agreed with the provider.

    `claim` is the claim of the ID token that holds the voter's number on the register.
    `hosts` are further hosts that its endpoints may lie on.
    """

    issuer: str
    client_id: str
    client_secret: str = field(repr=False)
    claim: str = "sub"
    scopes: tuple[str, ...] = ("openid",)
    hosts: frozenset[str] = frozenset()

    def __post_init__(self) -> None:
        """Raise MalformedError unless the issuer is https (or on this machine)."""
        parts = urlsplit(self.issuer)
        if not _is_safe(self.issuer) or parts.query or parts.fragment:
            raise MalformedError("issuer", "not https://host/path")
        if "openid" not in self.scopes or not self.claim:
            raise MalformedError("identity provider", "the scope openid and a claim are needed")

    def owns(self, address: object) -> bool:
        """Whether an address that the provider names may be used."""
        if not isinstance(address, str) or not _is_safe(address):
            return False
        host = urlsplit(address).hostname
        return host == urlsplit(self.issuer).hostname or host in self.hosts


@dataclass(frozen=True, slots=True)
class Endpoints:
    """Where the provider is asked, and its signing keys."""

    authorization: str
    token: str
    keys: KeySet


class Provider:
    """Knows the endpoints and keys of one provider, and asks again from time to time."""

    def __init__(
        self,
        registration: Registration,
        web: Web,
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        self.registration = registration
        self.web = web
        self._monotonic = monotonic
        self._lock = Lock()
        self._endpoints: Endpoints | None = None
        self._until = 0.0

    def endpoints(self, *, fresh: bool = False) -> Endpoints:
        """As known, or asked anew. Raises ProviderError."""
        with self._lock:
            if self._endpoints is None or fresh or self._monotonic() >= self._until:
                self._endpoints = self._discover()
                self._until = self._monotonic() + KEPT_S
            return self._endpoints

    def _discover(self) -> Endpoints:
        issuer = self.registration.issuer
        found = self.web.get(f"{issuer.rstrip('/')}/.well-known/openid-configuration")
        if found.get("issuer") != issuer:  # section 4.3: exactly
            raise ProviderError("another_issuer")
        places = [found.get(f"{name}_endpoint") for name in ("authorization", "token")]
        jwks = found.get("jwks_uri")
        for place in (*places, jwks):
            if not self.registration.owns(place):
                raise ProviderError("endpoint_elsewhere")
        try:
            keys = KeySet.import_key_set(self.web.get(str(jwks)))  # type: ignore[arg-type]  # checked by the library
        except (JoseError, KeyError, TypeError, ValueError) as error:
            raise ProviderError("unreadable_keys") from error
        return Endpoints(str(places[0]), str(places[1]), keys)


def _is_safe(address: str) -> bool:
    parts = urlsplit(address)
    here = parts.scheme == "http" and parts.hostname in {"127.0.0.1", "localhost"}
    return bool(parts.hostname) and "@" not in parts.netloc and (parts.scheme == "https" or here)
