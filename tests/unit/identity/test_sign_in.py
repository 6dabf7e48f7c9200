"""An identity provider that lies, is slow, or is not the one it says."""

import base64
import hashlib
import hmac
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from joserfc import jwt
from joserfc.jwk import ECKey, KeySet, RSAKey

from dauys.core.errors import MalformedError, RefusedError
from dauys.identity.sign_in.desk import Pending, SignInDesk
from dauys.identity.sign_in.provider import Provider, ProviderError, Registration

ISSUER = "https://id.example.org/tenant"
BACK = "https://vote.example.org/e/union/identify/back/"
CLIENT = "dauys"
KEY = RSAKey.generate_key(2048, {"kid": "one"}, private=True)
OTHER = RSAKey.generate_key(2048, {"kid": "one"}, private=True)
CURVE = ECKey.generate_key("P-256", {"kid": "two"}, private=True)
REGISTRATION = Registration(ISSUER, CLIENT, "the client's secret", claim="member")


class Clock:
    """Shows what it is set to."""

    def __init__(self) -> None:
        self.time = datetime(2026, 9, 7, 12, tzinfo=UTC)

    def now(self) -> datetime:
        return self.time


@dataclass
class Issuer:
    """A provider in memory that signs what it is told to; it checks PKCE and the login."""

    clock: Clock
    claims: Callable[[dict[str, Any]], dict[str, Any]] = lambda claims: claims
    key: Any = field(default_factory=lambda: KEY)
    algorithm: str = "RS256"
    described: dict[str, Any] = field(default_factory=dict)
    keys: list[Any] = field(default_factory=lambda: [KEY, CURVE])
    asked: list[str] = field(default_factory=list)
    challenge: str = ""
    nonce: str = ""
    silent: bool = False
    forged: str = ""

    def get(self, address: str) -> Mapping[str, Any]:
        self.asked.append(address)
        if self.silent:
            raise ProviderError("unreachable")
        if address.endswith("/.well-known/openid-configuration"):
            return {
                "issuer": ISSUER,
                "authorization_endpoint": f"{ISSUER}/authorize",
                "token_endpoint": f"{ISSUER}/token",
                "jwks_uri": f"{ISSUER}/keys",
                **self.described,
            }
        return KeySet(self.keys).as_dict(private=False)

    def post(
        self, address: str, form: Mapping[str, str], login: tuple[str, str]
    ) -> Mapping[str, Any]:
        self.asked.append(address)
        verifier = hashlib.sha256(form["code_verifier"].encode()).digest()
        if base64.urlsafe_b64encode(verifier).decode().rstrip("=") != self.challenge:
            raise ProviderError("status_400")
        if login != (CLIENT, "the client's secret") or form["redirect_uri"] != BACK:
            raise ProviderError("status_401")
        if self.forged:
            return {"id_token": self.forged}
        now = int(self.clock.time.timestamp())
        claims = {
            "iss": ISSUER,
            "sub": "u-17",
            "aud": CLIENT,
            "exp": now + 300,
            "iat": now,
            "nonce": self.nonce,
            "member": "M-000123",
        }
        header = {"alg": self.algorithm, "kid": self.key.kid or "one"}
        algorithms = [self.algorithm]
        return {"id_token": jwt.encode(header, self.claims(claims), self.key, algorithms)}


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def issuer(clock: Clock) -> Issuer:
    return Issuer(clock)


def desk(issuer: Issuer) -> SignInDesk:
    drawn = iter(range(1, 100))
    provider = Provider(REGISTRATION, issuer, lambda: 0.0)
    return SignInDesk(provider, issuer.clock, lambda n: next(drawn).to_bytes(n))


def sent(issuer: Issuer, signing: SignInDesk) -> Pending:
    """Begin, and let the issuer see what a browser would bring it."""
    address, pending = signing.begin(BACK, "kk")
    query = {name: values[0] for name, values in parse_qs(urlsplit(address).query).items()}
    issuer.challenge, issuer.nonce = query["code_challenge"], query["nonce"]
    assert address.startswith(f"{ISSUER}/authorize?")
    assert (query["response_type"], query["prompt"]) == ("code", "login")
    assert "secret" not in address
    return pending


def back(pending: Pending, **changes: str) -> dict[str, str]:
    return {"state": pending.state, "code": "abc", **changes}


def test_a_member_comes_back_by_their_number(issuer: Issuer) -> None:
    signing = desk(issuer)
    pending = sent(issuer, signing)
    assert signing.finish(pending, back(pending)) == "M-000123"
    issuer.key, issuer.algorithm = CURVE, "ES256"
    assert signing.finish(pending, back(pending)) == "M-000123"


LIES: dict[str, Callable[[dict[str, Any]], dict[str, Any]]] = {
    "issuer": lambda c: {**c, "iss": "https://id.example.org/other"},
    "audience": lambda c: {**c, "aud": "somebody-else"},
    "audience of two": lambda c: {**c, "aud": [CLIENT, "somebody-else"]},
    "authorised party": lambda c: {**c, "azp": "somebody-else"},
    "expiry": lambda c: {**c, "exp": c["iat"] - 61},
    "expiry missing": lambda c: {k: v for k, v in c.items() if k != "exp"},
    "issue long before": lambda c: {**c, "iat": c["iat"] - 600},
    "issue in the future": lambda c: {**c, "iat": c["iat"] + 120},
    "nonce": lambda c: {**c, "nonce": "of another voter"},
    "nonce in letters": lambda c: {**c, "nonce": "чужой"},
    "nonce missing": lambda c: {k: v for k, v in c.items() if k != "nonce"},
}


@pytest.mark.parametrize("lie", LIES)
def test_a_token_that_was_not_made_for_this_voter_now_is_refused(issuer: Issuer, lie: str) -> None:
    signing = desk(issuer)
    pending = sent(issuer, signing)
    issuer.claims = LIES[lie]
    with pytest.raises(RefusedError, match="sign_in_invalid"):
        signing.finish(pending, back(pending))


def test_a_token_signed_by_somebody_else_is_refused(issuer: Issuer) -> None:
    signing = desk(issuer)
    pending = sent(issuer, signing)
    issuer.key = OTHER
    with pytest.raises(RefusedError, match="sign_in_invalid"):
        signing.finish(pending, back(pending))


def test_a_public_key_is_no_shared_secret(issuer: Issuer) -> None:
    """The old trick: HS256 under the bytes of the public key. And older: no signature."""
    signing = desk(issuer)
    pending = sent(issuer, signing)
    claims = json.loads(_part(issuer.post("", FORM | {"code_verifier": pending.verifier}, LOGIN)))
    for algorithm in ("HS256", "none"):
        head = {"alg": algorithm, "kid": "one"}
        signed = ".".join(_coded(json.dumps(part).encode()) for part in (head, claims))
        tag = hmac.digest(KEY.as_pem(private=False), signed.encode(), "sha256")
        issuer.forged = f"{signed}.{_coded(tag) if algorithm == 'HS256' else ''}"
        with pytest.raises(RefusedError, match="sign_in_invalid"):
            signing.finish(pending, back(pending))


FORM = {"redirect_uri": BACK}
LOGIN = (CLIENT, "the client's secret")


def _coded(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).decode().rstrip("=")


def _part(answer: Mapping[str, Any]) -> bytes:
    text = str(answer["id_token"]).split(".")[1]
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))


def test_keys_that_were_changed_meanwhile_are_asked_for_again(issuer: Issuer) -> None:
    signing = desk(issuer)
    pending = sent(issuer, signing)
    issuer.key, issuer.keys = OTHER, [OTHER]
    assert signing.finish(pending, back(pending)) == "M-000123"
    assert issuer.asked.count(f"{ISSUER}/keys") == 2


@pytest.mark.parametrize("number", [None, "", 17, ["M-1"]])
def test_a_token_without_a_number_identifies_nobody(issuer: Issuer, number: object) -> None:
    signing = desk(issuer)
    pending = sent(issuer, signing)
    issuer.claims = lambda claims: {**claims, "member": number}
    with pytest.raises(RefusedError, match="no_number"):
        signing.finish(pending, back(pending))


def test_an_answer_to_nothing_or_too_late_is_not_read(issuer: Issuer, clock: Clock) -> None:
    signing = desk(issuer)
    pending = sent(issuer, signing)
    asked = len(issuer.asked)
    for answer in (
        {"code": "abc"},
        back(pending, state="of another"),
        back(pending, state="чужое"),
    ):
        with pytest.raises(RefusedError, match="sign_in_unknown"):
            signing.finish(pending, answer)
    with pytest.raises(RefusedError, match="sign_in_cancelled"):
        signing.finish(pending, back(pending, error="access_denied"))
    clock.time += timedelta(minutes=10, seconds=1)
    with pytest.raises(RefusedError, match="sign_in_unknown"):
        signing.finish(pending, back(pending))
    assert len(issuer.asked) == asked


@pytest.mark.parametrize(
    "described",
    [
        {"issuer": f"{ISSUER}/"},
        {"token_endpoint": "https://evil.example.net/token"},
        {"token_endpoint": "http://id.example.org/token"},
        {"jwks_uri": None},
        {"authorization_endpoint": "https://id.example.org@evil.example.net/"},
    ],
)
def test_secrets_go_nowhere_that_the_operator_did_not_name(
    issuer: Issuer, described: dict[str, Any]
) -> None:
    issuer.described = described
    with pytest.raises(RefusedError, match="provider_silent"):
        desk(issuer).begin(BACK, "kk")


def test_a_provider_that_is_down_is_said_to_be(issuer: Issuer) -> None:
    issuer.silent = True
    with pytest.raises(RefusedError, match="provider_silent"):
        desk(issuer).begin(BACK, "kk")


@pytest.mark.parametrize(
    "issuer_address", ["http://id.example.org", "https://", "https://a@b/", "https://id/?x=1"]
)
def test_an_issuer_is_named_by_a_safe_address(issuer_address: str) -> None:
    with pytest.raises(MalformedError):
        Registration(issuer_address, CLIENT, "secret")
    assert "secret" not in repr(REGISTRATION)
