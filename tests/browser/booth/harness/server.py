"""Serves the booth's files and the harness as the real pages are served: under a strict policy."""

import gzip
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Final

HERE: Final = Path(__file__).parent
STATIC: Final = HERE.parents[3] / "src" / "dauys" / "web" / "static"
TYPES: Final = {".js": "text/javascript", ".html": "text/html; charset=utf-8"}
POLICY: Final = (
    "default-src 'none'; script-src 'self'; worker-src 'self'; "
    "connect-src wss://127.0.0.1:13579; base-uri 'none'; form-action 'none'; "
    "require-trusted-types-for 'script'; trusted-types dauys-booth"
)


class BoothServer(ThreadingHTTPServer):
    """Remembers which of the booth's files were asked for."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), BoothHandler)
        self.asked: set[Path] = set()

    @property
    def url(self) -> str:
        """Address of the harness page."""
        return f"http://127.0.0.1:{self.server_port}"

    def transferred(self) -> int:
        """Bytes on the wire for the booth's files, each once, compressed by gzip."""
        return sum(len(gzip.compress(path.read_bytes(), 6)) for path in self.asked)


class BoothHandler(BaseHTTPRequestHandler):
    """GET of /static/… and of the harness."""

    server: BoothServer

    def do_GET(self) -> None:  # the name that http.server calls
        path, _, query = self.path.partition("?")
        if path.startswith("/static/"):
            root, name = STATIC, path.removeprefix("/static/")
        else:
            root, name = HERE, path.lstrip("/") or "index.html"
        file = (root / name).resolve()
        if not file.is_relative_to(root) or not file.is_file() or file.suffix not in TYPES:
            self.send_error(404)
            return
        if root == STATIC:
            self.server.asked.add(file)
        body = file.read_bytes()
        policy = POLICY.replace("worker-src 'self'", "worker-src 'none'") if query else POLICY
        self.send_response(200)
        self.send_header("Content-Type", TYPES[file.suffix])
        self.send_header("Content-Security-Policy", policy)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002  # its name in http.server
        """Say nothing."""


@contextmanager
def booth_server() -> Iterator[BoothServer]:
    """Run a server for as long as the context lasts."""
    server = BoothServer()
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
    thread.start()
    try:
        yield server
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
