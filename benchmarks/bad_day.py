"""A bad day at the true size: 11,000 ballots, and everything that can break under them does.

    python -m benchmarks.bad_day [BALLOTS] [sqlite | postgresql]

The server is killed (SIGKILL) twice while 64 connections post and once at rest, PostgreSQL is
stopped as by a power cut and started again, the disk of the data folder is filled to the brim
(where we may mount one), the machine's clock jumps three hours ahead, then to three behind. Whoever
got no answer posts the same ballot again, as browsers do. In the end every receipt ever given must
hold, and every ballot must be on the board once; else this fails. What is measured is how long
voters wait for a server that comes back, and what the whole costs.
"""

import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from http import HTTPStatus
from pathlib import Path
from typing import Final

import psycopg

from benchmarks.load import post_all
from benchmarks.rows import Row
from dauys.board.receipt import Receipt
from tests.databases import Databases
from tests.faults.site import Site, ballot_of, founded
from tests.postgres import find_binaries, server_owner
from tests.server import PROGRAM, Server, ask, free_port, start_server

BALLOTS: Final = 11_000
CONNECTIONS: Final = 64
DISK_MB: Final = 768
PATIENCE_S: Final = 60
NOTICED: Final = 1000
"""So many ballots do not fit into what SQLite's log has kept of the disk for itself."""
CLOCK: Final = """
import os, pathlib, datetime
from dauys.store.startup import start
start()
import dauys.wiring
def now(self):
    seconds = float(pathlib.Path(os.environ["DAUYS_DATA"], "jump").read_text())
    return datetime.datetime.now(datetime.UTC) + datetime.timedelta(seconds=seconds)
dauys.wiring.SystemClock.now = now
"""
"""Goes before the server's program: the machine's clock, as far off as a file says."""


@dataclass(slots=True)
class Cluster:
    """A PostgreSQL server of our own, which waits for its disk as one in earnest does."""

    folder: Path
    port: int = field(default_factory=free_port)

    def start(self) -> None:
        """Begin, or begin again after a crash."""
        options = f"-p {self.port} -c listen_addresses=127.0.0.1 -c unix_socket_directories="
        self._run("pg_ctl", "start", "-w", "-l", str(self.folder / "log"), "-o", options)

    def crash(self) -> None:
        """Stop without tidying up."""
        self._run("pg_ctl", "stop", "-m", "immediate")

    def make(self) -> None:
        """An empty cluster, which trusts whoever is on this machine."""
        owner = server_owner()
        if owner is not None:
            os.chown(self.folder, owner.pw_uid, owner.pw_gid)
        self._run("initdb", "--username=dauys", "--auth=trust", "--encoding=UTF8", "--no-locale")

    def database(self, name: str) -> str:
        """Address of a new database."""
        address = f"postgresql://dauys@127.0.0.1:{self.port}/"
        with psycopg.connect(f"{address}postgres", autocommit=True) as connection:
            connection.execute(f'CREATE DATABASE "{name}"')
        return address + name

    def _run(self, program: str, *arguments: str) -> None:
        owner = server_owner()
        uid, gid = (owner.pw_uid, owner.pw_gid) if owner else (None, None)
        subprocess.run(
            [find_binaries() / program, "-D", self.folder / "data", *arguments],
            check=True,
            cwd=self.folder,
            stdout=subprocess.DEVNULL,
            user=uid,
            group=gid,
            extra_groups=[] if owner else None,
        )


@dataclass(slots=True)
class Day:
    """The election, the server, and every promise that was made."""

    site: Site
    server: Server
    receipts: dict[bytes, list[Receipt]] = field(default_factory=dict)
    back_s: list[float] = field(default_factory=list)
    """Seconds from the start of a server that comes back to its first receipt."""
    busy_s: float = 0.0
    unanswered: int = 0

    def post(
        self, bodies: tuple[bytes, ...], answered: Callable[[int], None] = lambda _: None
    ) -> list[bytes]:
        """Post ballots; keep the receipts, and return those without one."""
        load = post_all(self.server.port, self.site.path, bodies, CONNECTIONS, answered)
        self.busy_s += load.seconds
        left = []
        for body, answer in zip(bodies, load.answers, strict=True):
            if answer[0] == HTTPStatus.OK:
                self.receipts.setdefault(body, []).append(self.site.receipt(answer))
            elif answer[0] in {0, HTTPStatus.INTERNAL_SERVER_ERROR, HTTPStatus.SERVICE_UNAVAILABLE}:
                left.append(body)
            else:
                raise RuntimeError(f"a ballot was refused: {answer!r}")
        self.unanswered += len(left)
        return left

    def killed(self, bodies: tuple[bytes, ...]) -> None:
        """The server is killed when half has been answered; everybody tries again."""

        def kill(so_far: int) -> None:
            if so_far == len(bodies) // 2:
                self.server.process.kill()

        left = self.post(bodies, kill)
        self.server.process.wait()
        self.come_back(left[0])
        self._all(left)

    def come_back(self, body: bytes) -> None:
        """Start the server again, and wait for a receipt."""
        begun = time.perf_counter()
        self.server = _started(self.site)
        answer = ask(self.server, "POST", self.site.path, body)
        self.back_s.append(time.perf_counter() - begun)
        self.receipts.setdefault(body, []).append(self.site.receipt((answer.status, answer.body)))

    def without_database(self, bodies: tuple[bytes, ...], cluster: Cluster) -> None:
        """PostgreSQL goes down under load and comes back; the server is not touched."""

        def crash(so_far: int) -> None:
            if so_far == len(bodies) // 2:
                cluster.crash()

        left = self.post(bodies, crash)
        cluster.start()
        self._all(left)

    def without_disk(self, bodies: tuple[bytes, ...], ballast: Path) -> None:
        """The disk is full when half has been answered, until somebody makes room.

        PostgreSQL has a disk of its own here: then only the published files have no room.
        """

        def fill(so_far: int) -> None:
            if so_far == len(bodies) // 2:
                with suppress(OSError), ballast.open("wb", buffering=0) as file:
                    while file.write(b"\0" * 4096):
                        pass

        left = self.post(bodies, fill)
        ours = self.site.databases.election.startswith("sqlite:")
        if ours and not left and len(bodies) >= NOTICED:
            raise RuntimeError("the disk was full, and nobody noticed")
        ballast.unlink()
        self._all(left)

    def with_clock(self, bodies: tuple[bytes, ...], seconds: float) -> None:
        """The machine's clock is that far off."""
        _set_clock(self.site, seconds)
        self._all(list(bodies))

    def _all(self, bodies: list[bytes]) -> None:
        """Post until everybody has a receipt."""
        deadline = time.monotonic() + PATIENCE_S
        while bodies:
            if time.monotonic() > deadline:
                raise RuntimeError(f"{len(bodies)} ballots still without a receipt")
            bodies = self.post(tuple(bodies))

    def check(self, bodies: tuple[bytes, ...]) -> None:
        """Every promise is kept, every ballot on the board once, and the board verifies."""
        board = self.site.board()
        places = board.ballots()
        for body in bodies:
            indices = {receipt.index for receipt in self.receipts[body]}
            if indices != {places[ballot_of(body)]}:
                raise RuntimeError("a ballot is not where its receipts say")
        board.check([receipt for kept in self.receipts.values() for receipt in kept])


def run(ballots: int = BALLOTS, vendors: tuple[str, ...] = ("sqlite", "postgresql")) -> list[Row]:
    """Live through the day on each kind of database."""
    rows: list[Row] = []
    for vendor in vendors:
        lived = _lived_through(vendor, ballots)
        print(*lived, sep="\n", file=sys.stderr, flush=True)  # should the next one fail
        rows += lived
    return rows


def _lived_through(vendor: str, ballots: int) -> list[Row]:
    with _disk() as (folder, full), _databases(vendor, folder) as (addresses, cluster):
        print(f"{vendor}: making {ballots} ballots …", file=sys.stderr, flush=True)
        with founded(folder, addresses, ballots) as site:
            bodies = site.take(ballots)
            _set_clock(site, 0)
            day = Day(site, _started(site))
            try:
                _live(day, bodies, cluster, folder / "ballast" if full else None)
            finally:
                day.server.process.kill()
                day.server.process.wait()
            board_mb = _size_mb(folder / "published")
            database_mb = sum(f.stat().st_size for f in folder.glob("dauys.sqlite3*")) / 2**20
    promises = sum(map(len, day.receipts.values()))
    last = f"{vendor}: from start to the first receipt"
    rows = [
        Row(f"{last}, {ballots // 4} ballots", day.back_s[0], "s", "", None),
        Row(f"{last}, {ballots} ballots", day.back_s[-1], "s", "", None),
        Row(f"{vendor}: casts of the bad day", promises / day.busy_s, "casts/s", "", None),
        Row(f"{vendor}: casts without an answer, tried again", day.unanswered, "", "", None),
        Row(f"{vendor}: receipts that hold", promises, "", "", None),
        Row(f"{vendor}: published board", board_mb, "MiB", "", None),
    ]
    if database_mb:
        rows.append(Row(f"{vendor}: database", database_mb, "MiB", "", None))
    return rows


def _live(
    day: Day, bodies: tuple[bytes, ...], cluster: Cluster | None, ballast: Path | None
) -> None:
    part = len(bodies) // 6
    morning, noon, *rest = (bodies[n * part : (n + 1) * part] for n in range(5))
    day._all(list(morning))  # noqa: SLF001 -- a quiet hour
    day.killed(noon)
    if cluster is not None:
        day.without_database(rest[0], cluster)
    else:
        day._all(list(rest[0]))  # noqa: SLF001 -- SQLite has no server
    if ballast is not None:
        day.without_disk(rest[1], ballast)
    else:
        day._all(list(rest[1]))  # noqa: SLF001 -- nobody may mount a disk here
    day.with_clock(rest[2][: part // 2], 3 * 3600)
    day.with_clock(rest[2][part // 2 :], -3 * 3600)
    _set_clock(day.site, 0)
    day.killed(bodies[5 * part :])
    day.server.kill()
    day.come_back(bodies[0])
    day.check(bodies)


def _started(site: Site) -> Server:
    return start_server(site.folder, site.databases.environment, CLOCK + PROGRAM)


def _set_clock(site: Site, seconds: float) -> None:
    (site.folder / "jump").write_text(str(seconds))


@contextmanager
def _disk() -> Iterator[tuple[Path, bool]]:
    """A folder, on a small disk of its own where we may mount one; whether it is."""
    with tempfile.TemporaryDirectory() as name:
        mount = ["mount", "-t", "tmpfs", "-o", f"size={DISK_MB}m", "tmpfs", name]
        mounted = os.geteuid() == 0 and subprocess.run(mount, check=False).returncode == 0
        try:
            yield Path(name), mounted
        finally:
            if mounted:
                subprocess.run(["umount", "-l", name], check=True)


@contextmanager
def _databases(vendor: str, folder: Path) -> Iterator[tuple[Databases, Cluster | None]]:
    if vendor == "sqlite":
        election, signals = (f"sqlite:///{folder / name}.sqlite3" for name in ("dauys", "signals"))
        yield Databases(election, signals), None
        return
    with tempfile.TemporaryDirectory() as name:
        cluster = Cluster(Path(name))
        cluster.make()
        cluster.start()
        try:
            yield Databases(cluster.database("dauys"), cluster.database("signals")), cluster
        finally:
            cluster.crash()


def _size_mb(folder: Path) -> float:
    return sum(file.stat().st_size for file in folder.rglob("*") if file.is_file()) / 2**20


if __name__ == "__main__":
    from benchmarks.table import show

    size = int(sys.argv[1]) if len(sys.argv) > 1 else BALLOTS
    show(run(size, tuple(sys.argv[2:]) or ("sqlite", "postgresql")))
