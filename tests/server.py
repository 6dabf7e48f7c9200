"""The real server in a process of its own, to be asked, and to be killed."""

import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from http.client import HTTPConnection, HTTPMessage
from pathlib import Path

STARTS_WITHIN_S = 60
PROGRAM = "from dauys.cli.main import app; app()"
TALKATIVE = """
from dauys.web import settings
settings.LOGGING["root"]["level"] = "DEBUG"
settings.LOGGING["loggers"] |= {name: {"level": "DEBUG"} for name in ("dauys", "django", "allauth")}
"""
"""Goes before `PROGRAM` to have everything logged."""


@dataclass(slots=True)
class Server:
    """A running server on 127.0.0.1:`port`; its output goes to `log`."""

    process: "subprocess.Popen[bytes]"
    port: int
    log: Path

    @property
    def url(self) -> str:
        """Its address."""
        return f"http://127.0.0.1:{self.port}"

    def kill(self) -> None:
        """End it as a power cut would."""
        self.process.kill()
        self.process.wait()

    def stop(self) -> None:
        """Ask it to end."""
        self.process.terminate()
        self.process.wait(timeout=30)


@dataclass(frozen=True, slots=True)
class Answer:
    """What the server said to one request."""

    status: int
    headers: HTTPMessage
    body: bytes


def free_port() -> int:
    """A port that was free just now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def start_server(
    data: Path, environment: Mapping[str, str] | None = None, program: str = PROGRAM
) -> Server:
    """Serve the data folder `data`; return once it answers."""
    port = free_port()
    log = data / f"server-{port}.log"
    with log.open("wb") as output:
        process = subprocess.Popen(
            [
                *(sys.executable, "-c", program),
                *("serve", "--port", str(port), "--data", str(data)),
            ],
            env={**os.environ, "DAUYS_DATA": str(data), **(environment or {})},
            stdout=output,
            stderr=subprocess.STDOUT,
        )
    deadline = time.monotonic() + STARTS_WITHIN_S
    while time.monotonic() < deadline:
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
        except OSError:
            if process.poll() is not None:
                break
            time.sleep(0.1)
        else:
            return Server(process, port, log)
    process.kill()
    raise RuntimeError(f"the server did not start:\n{log.read_text()}")


@contextmanager
def serving(
    data: Path, environment: Mapping[str, str] | None = None, program: str = PROGRAM
) -> Iterator[Server]:
    """A server for the length of a test."""
    server = start_server(data, environment, program)
    try:
        yield server
    finally:
        if server.process.poll() is None:
            server.stop()


def ask(
    server: Server,
    method: str,
    path: str,
    body: bytes = b"",
    headers: Mapping[str, str] | None = None,
) -> Answer:
    """Send one request on a connection of its own."""
    connection = HTTPConnection("127.0.0.1", server.port, timeout=30)
    try:
        connection.request(method, path, body, dict(headers or {}))
        response = connection.getresponse()
        return Answer(response.status, response.headers, response.read())
    finally:
        connection.close()
