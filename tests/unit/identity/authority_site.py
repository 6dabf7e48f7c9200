"""A stand-in for the sites of a certificate authority: OCSP responder and lists, on 127.0.0.1."""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from time import sleep

from dauys.scenario.test_ca import TestAuthority
from dauys.scenario.test_keys import KeyKind
from dauys.scenario.test_revocation import AnswerOptions, ListOptions, answer, revocation_list
from tests.unit.identity.memory import START


@dataclass
class AuthoritySite:
    """What the site serves; tests change it. `asked` holds method and path of each request."""

    address: str
    authority: TestAuthority = field(init=False)
    revoked: list[bytes] = field(default_factory=list)
    answer_options: AnswerOptions = field(default_factory=AnswerOptions)
    list_options: ListOptions = field(default_factory=ListOptions)
    broken: set[str] = field(default_factory=set)
    """Paths that answer with status 503."""
    bodies: dict[str, bytes] = field(default_factory=dict)
    """Paths that answer with these bytes instead."""
    slow: float = 0.0
    clock: Callable[[], datetime] = lambda: START
    asked: list[tuple[str, str]] = field(default_factory=list)

    @property
    def host(self) -> str:
        return self.address.removeprefix("http://")

    def respond(self, method: str, path: str, body: bytes) -> tuple[int, bytes]:
        self.asked.append((method, path))
        sleep(self.slow)
        if path in self.broken:
            return 503, b""
        if path in self.bodies:
            return 200, self.bodies[path]
        root, issuer = self.authority.root_leaf, self.authority.intermediate_leaf
        if (method, path) == ("POST", "/ocsp"):
            return 200, answer(body, issuer, self.clock(), self.revoked, self.answer_options)
        if (method, path) == ("GET", "/intermediate.crl"):
            return 200, revocation_list(issuer, self.clock(), self.revoked, self.list_options)
        if (method, path) == ("GET", "/root.crl"):
            return 200, revocation_list(root, self.clock(), self.revoked, self.list_options)
        return 404, b""


@contextmanager
def authority_site(kind: KeyKind) -> Iterator[AuthoritySite]:
    """Serve an authority of `kind` whose certificates name this site, until the end."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self._respond(b"")

        def do_POST(self) -> None:
            self._respond(self.rfile.read(int(self.headers["Content-Length"])))

        def _respond(self, body: bytes) -> None:
            status, content = site.respond(self.command, self.path, body)
            self.send_response(status)
            self.send_header("Content-Length", str(len(content)))
            if status == 302:
                self.send_header("Location", "/elsewhere")
            self.end_headers()
            self.wfile.write(content)

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        site = AuthoritySite(f"http://127.0.0.1:{server.server_port}")
        site.authority = TestAuthority.create(START, kind=kind, site=site.address)
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
        thread.start()
        try:
            yield site
        finally:
            server.shutdown()
            thread.join()
