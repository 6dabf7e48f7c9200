"""A throw-away PostgreSQL server for one test session, out of the binaries Debian installs.

All workers of a session share one server; it listens on 127.0.0.1 alone, wants a password made
for the session, and ends with the session even when that is killed.

Run as a program (`python postgres.py SESSION_PID FOLDER BINARIES PORT`), this file is the guard
that keeps the server: it starts it, waits for the session's end, stops it and removes its files.
"""

import contextlib
import fcntl
import os
import pwd
import secrets
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
import types
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

import psycopg

START_SECONDS = 30


class NoServerError(Exception):
    """There is no PostgreSQL here to test with; the message says what to install."""


def shared_server(shared: Path) -> str:
    """Address of the session's server; the first worker to ask starts it.

    `shared` is a folder that all workers of the session see. Raises NoServerError.
    """
    with (shared / "postgres.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        note = shared / "postgres.url"
        if not note.exists():
            note.touch(mode=0o600)
            note.write_text(start())
        if url := note.read_text():
            return url
    message = "PostgreSQL did not start for another worker of this session"
    raise NoServerError(message)


def start() -> str:
    """Start a server that lives as long as this session does; returns its address."""
    binaries = find_binaries()
    folder = Path(tempfile.mkdtemp(prefix="dauys-postgres-"))
    password = secrets.token_urlsafe(24)
    (folder / "password").write_text(password)
    owner = server_owner()
    if owner is not None:
        for path in (folder, folder / "password"):
            os.chown(path, owner.pw_uid, owner.pw_gid)
    port = free_port()
    # A worker of pytest-xdist ends before its session does; its parent is the session.
    session = os.getppid() if "PYTEST_XDIST_WORKER" in os.environ else os.getpid()
    with (folder / "guard.log").open("w") as log:
        guard = subprocess.Popen(
            [sys.executable, __file__, str(session), str(folder), str(binaries), str(port)],
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=subprocess.STDOUT,
            cwd="/",
            start_new_session=True,  # Ctrl-C is for the session; the guard follows it
        )
    url = f"postgresql://dauys:{password}@127.0.0.1:{port}/postgres"
    wait_until_ready(url, guard, folder)
    return url


def find_binaries() -> Path:
    """The folder with `initdb` and `postgres`, of the newest version there is."""
    found = {path.parent for path in Path("/usr/lib/postgresql").glob("*/bin/initdb")}
    if on_path := shutil.which("initdb"):
        found.add(Path(on_path).resolve().parent)
    usable = [folder for folder in found if (folder / "postgres").exists()]
    if not usable:
        message = (
            "no PostgreSQL: set DATABASE_URL to a server where databases may be created, "
            "or install one (Debian: apt-get install postgresql)"
        )
        raise NoServerError(message)
    return max(usable, key=lambda folder: [int(part) for part in folder.parts if part.isdigit()])


def server_owner() -> pwd.struct_passwd | None:
    """Whom the server runs as when we are root, which it refuses to run as; else None."""
    if os.geteuid() != 0:
        return None
    with contextlib.suppress(KeyError):
        return pwd.getpwnam("postgres")
    return pwd.getpwnam("nobody")


def free_port() -> int:
    """A port of 127.0.0.1 that was free a moment ago."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def wait_until_ready(url: str, guard: subprocess.Popen[bytes], folder: Path) -> None:
    """Return once the server answers. Raises NoServerError with its log if it does not."""
    deadline = time.monotonic() + START_SECONDS
    while time.monotonic() < deadline and guard.poll() is None:
        with contextlib.suppress(psycopg.OperationalError), psycopg.connect(url):
            # The guard outlives this process, and nobody is left to wait for it.
            guard.returncode = 0
            return
        time.sleep(0.1)
    guard.terminate()
    message = "PostgreSQL did not start:\n" + (folder / "guard.log").read_text()
    raise NoServerError(message)


def with_database(url: str, name: str) -> str:
    """The same server's address, for its database `name`."""
    return urlunsplit(urlsplit(url)._replace(path=f"/{name}"))


def guard_server(session: int, folder: Path, binaries: Path, port: int) -> None:
    """Run a server in `folder` until the process `session` is gone; then leave no trace."""
    signal.signal(signal.SIGTERM, leave)
    owner = server_owner()
    uid, gid = (owner.pw_uid, owner.pw_gid) if owner else (None, None)
    data = folder / "data"
    server = None
    try:
        subprocess.run(
            [
                *(binaries / "initdb", "--pgdata", data, "--encoding=UTF8", "--locale=C.UTF-8"),
                *("--username=dauys", "--auth=scram-sha-256", "--no-sync", "--no-instructions"),
                f"--pwfile={folder / 'password'}",
            ],
            check=True,
            cwd=folder,
            user=uid,
            group=gid,
            extra_groups=[] if owner else None,
        )
        settings = {
            "listen_addresses": "127.0.0.1",
            "port": str(port),
            "unix_socket_directories": "",
            "fsync": "off",  # these data need not outlive a power cut
            "max_connections": "100",
        }
        server = subprocess.Popen(
            [binaries / "postgres", "-D", data, *(f"--{k}={v}" for k, v in settings.items())],
            cwd=folder,
            user=uid,
            group=gid,
            extra_groups=[] if owner else None,
        )
        while server.poll() is None and lives(session):
            time.sleep(0.5)
    finally:
        if server is not None:
            server.send_signal(signal.SIGQUIT)  # at once: nobody needs these data
            server.wait()
        shutil.rmtree(folder, ignore_errors=True)


def lives(process: int) -> bool:
    """Whether a process is there, and not merely waiting for its parent to notice its end."""
    try:
        # Its state is the first field after the name in brackets, proc(5).
        state = Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()[0]
    except OSError:
        return False
    return state not in {"Z", "X"}


def leave(_signal: int, _frame: types.FrameType | None) -> None:
    """Turn a request to end into an exception, so that what was started is cleaned up."""
    sys.exit(1)


if __name__ == "__main__":
    guard_server(int(sys.argv[1]), Path(sys.argv[2]), Path(sys.argv[3]), int(sys.argv[4]))
