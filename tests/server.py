"""The real server in a process of its own, to be asked, and to be killed."""

import os
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from http.client import HTTPConnection, HTTPException, HTTPMessage
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
    while time.monotonic() < deadline and process.poll() is None:
        if _answers(port):
            return Server(process, port, log)
        time.sleep(0.1)
    process.kill()
    raise RuntimeError(f"the server did not start:\n{log.read_text()}")


def _answers(port: int) -> bool:
    """Whether it does; it listens long before, so that connecting says nothing."""
    connection = HTTPConnection("127.0.0.1", port, timeout=STARTS_WITHIN_S)
    try:
        connection.request("GET", "/static/look/site.css")
        return connection.getresponse().status == 200
    except (OSError, HTTPException):
        return False
    finally:
        connection.close()


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


@contextmanager
def pages(data: Path, environment: Mapping[str, str]) -> Iterator[str]:
    """The site alone, as another ASGI server than ours serves it; its address."""
    port = free_port()
    command = [sys.executable, "-m", "uvicorn", "dauys.web.asgi:application", "--port", str(port)]
    with (data / "server.log").open("wb") as log:
        process = subprocess.Popen(
            command, env={**environment}, stdout=log, stderr=subprocess.STDOUT
        )
        try:
            url = f"http://127.0.0.1:{port}"
            _wait_for(url, process)
            yield url
        finally:
            process.terminate()
            process.wait(20)


def _wait_for(url: str, server: "subprocess.Popen[bytes]") -> None:
    for _ in range(300):
        if server.poll() is not None:
            raise RuntimeError("the server did not start")
        try:
            with urllib.request.urlopen(f"{url}/static/look/site.css", timeout=2):  # noqa: S310 -- our own
                return
        except OSError:
            time.sleep(0.1)
    raise RuntimeError("the server does not answer")


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
