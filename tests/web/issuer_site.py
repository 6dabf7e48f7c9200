"""An OpenID Connect provider of an organisation, small and real: its own login page and keys."""

import base64
import hashlib
import json
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from secrets import token_urlsafe
from urllib.parse import parse_qs, quote, urlencode, urlsplit

from joserfc import jwt
from joserfc.jwk import KeySet, RSAKey

from tests.letterbox import listening

CLIENT, SECRET = "dauys", "the client's own secret"


@dataclass
class Issuer:
    """What the provider knows. `down` makes it answer nothing but errors."""

    url: str = ""
    key: RSAKey = field(
        default_factory=lambda: RSAKey.generate_key(2048, {"kid": "one"}, private=True)
    )
    codes: dict[str, tuple[str, dict[str, str]]] = field(default_factory=dict)
    down: bool = False

    @property
    def settings(self) -> str:
        """What the operator of an election writes into `identity.toml`."""
        return (
            '[[sign_in]]\nmethod = "oidc"\n'
            'name = { kk = "Одақ есептік жазбасы", ru = "Аккаунт союза", en = "Union account" }\n'
            f'issuer = "{self.url}"\nclient_id = "{CLIENT}"\nclaim = "member"\n'
            'secret_file = "oidc-secret"\n'
        )


class Handler(BaseHTTPRequestHandler):
    """Answers for `issuer`."""

    issuer: Issuer

    def do_GET(self) -> None:
        parts = urlsplit(self.path)
        query = {name: values[0] for name, values in parse_qs(parts.query).items()}
        if self.issuer.down:
            self.send_error(503)
        elif parts.path == "/.well-known/openid-configuration":
            self.tell(
                {
                    "issuer": self.issuer.url,
                    "authorization_endpoint": f"{self.issuer.url}/authorize",
                    "token_endpoint": f"{self.issuer.url}/token",
                    "jwks_uri": f"{self.issuer.url}/keys",
                }
            )
        elif parts.path == "/keys":
            self.tell(KeySet([self.issuer.key]).as_dict(private=False))
        elif "member" in query:
            code = token_urlsafe(16)
            self.issuer.codes[code] = (query["member"], query)
            self.go(query, code=code)
        elif "cancel" in query:
            self.go(query, error="access_denied")
        else:
            self.login(query)

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"])).decode()
        form = {name: values[0] for name, values in parse_qs(body).items()}
        member, asked = self.issuer.codes.pop(form["code"], ("", {}))
        verifier = hashlib.sha256(form["code_verifier"].encode()).digest()
        proof = base64.urlsafe_b64encode(verifier).decode().rstrip("=")
        if self.headers["Authorization"] != basic() or proof != asked.get("code_challenge"):
            self.send_error(400)
            return
        now = int(time.time())
        claims = {
            "iss": self.issuer.url,
            "sub": "7",
            "aud": CLIENT,
            "iat": now,
            "exp": now + 60,
            "nonce": asked["nonce"],
            "member": member,
        }
        self.tell({"id_token": jwt.encode({"alg": "RS256", "kid": "one"}, claims, self.issuer.key)})

    def login(self, query: dict[str, str]) -> None:
        kept = "".join(f'<input type=hidden name="{k}" value="{v}">' for k, v in query.items())
        page = (
            f"<!doctype html><html lang=en><title>Union</title><form>{kept}"
            "<label>Member <input name=member></label><button>Sign in</button></form>"
            f"<form>{kept}<button name=cancel value=1>Not now</button></form>"
        )
        self.reply(page.encode(), "text/html; charset=utf-8")

    def go(self, query: dict[str, str], **answer: str) -> None:
        back = urlencode({**answer, "state": query["state"]})
        self.send_response(302)
        self.send_header("Location", f"{query['redirect_uri']}?{back}")
        self.end_headers()

    def tell(self, value: object) -> None:
        self.reply(json.dumps(value).encode(), "application/json")

    def reply(self, body: bytes, kind: str) -> None:
        self.send_response(200)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        """Keep quiet."""


@contextmanager
def issuing() -> Iterator[Issuer]:
    """A provider on a port of its own."""
    issuer = Issuer()
    handler = type("OwnHandler", (Handler,), {"issuer": issuer})
    with listening(ThreadingHTTPServer(("127.0.0.1", 0), handler)) as port:
        issuer.url = f"http://127.0.0.1:{port}"
        yield issuer


def basic() -> str:
    """The login of RFC 6749, section 2.3.1, that the provider expects."""
    words = ":".join(quote(part, safe="") for part in (CLIENT, SECRET))
    return f"Basic {base64.b64encode(words.encode()).decode()}"
