"""The databases fail under the running server, or another machine writes to them."""

import resource
import sqlite3
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from http import HTTPStatus
from urllib.parse import urlsplit

import msgspec
import psycopg
import pytest

from benchmarks.load import post_all
from tests.faults.site import Site, ballot_of
from tests.server import Server, ask


def is_sqlite(address: str) -> bool:
    return address.startswith("sqlite:")


def cut_connections(address: str) -> None:
    """Do what a restart of PostgreSQL does to its clients."""
    with psycopg.connect(address, autocommit=True) as connection:
        _cut(connection)


def _cut(connection: "psycopg.Connection[tuple[object, ...]]") -> None:
    connection.execute(
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
        " WHERE datname = current_database() AND pid <> pg_backend_pid()"
    )


@contextmanager
def unwritable(address: str) -> Iterator[None]:
    """Nothing can be written to the database of signals; SQLite's file has lost its table."""
    if is_sqlite(address):
        with closing(sqlite3.connect(urlsplit(address).path)) as file:
            file.execute("ALTER TABLE signals_signalrow RENAME TO away")
            yield
            file.execute("ALTER TABLE away RENAME TO signals_signalrow")
        return
    name = urlsplit(address).path.removeprefix("/")
    with psycopg.connect(address, autocommit=True) as connection:
        connection.execute(f'ALTER DATABASE "{name}" SET default_transaction_read_only = on')
        _cut(connection)
        yield
        connection.execute(f'ALTER DATABASE "{name}" RESET default_transaction_read_only')
        _cut(connection)


@contextmanager
def locked(address: str) -> Iterator[None]:
    """Another program has the database of signals to itself."""
    if is_sqlite(address):
        with closing(sqlite3.connect(urlsplit(address).path, isolation_level=None)) as file:
            file.execute("BEGIN IMMEDIATE")
            yield
        return
    with psycopg.connect(address) as connection:
        connection.execute("LOCK TABLE signals_signalrow IN ACCESS EXCLUSIVE MODE")
        yield


def test_casts_go_on_after_the_database_was_restarted(site: Site) -> None:
    if is_sqlite(site.databases.election):
        pytest.skip("SQLite has no server to restart")
    before, *after = site.take(4)
    with site.serving() as server:
        assert ask(server, "POST", site.path, before).status == HTTPStatus.OK
        cut_connections(site.databases.election)
        cut_connections(site.databases.signals)
        for body in (*after, before):
            answer = ask(server, "POST", site.path, body)
            assert answer.status == HTTPStatus.OK, answer.body
    noted = {signal["leaf_index"] for signal in site.signals()}
    board = site.board()
    assert {board.ballots()[ballot_of(body)] for body in after} <= noted
    board.check([])


@contextmanager
def full_disk(server: Server) -> Iterator[None]:
    """The server can make no file longer than a page, as on a disk without room."""
    pid, kind = server.process.pid, resource.RLIMIT_FSIZE
    soft, hard = resource.prlimit(pid, kind)
    resource.prlimit(pid, kind, (4096, hard))
    yield
    resource.prlimit(pid, kind, (soft, hard))


@pytest.mark.parametrize("site", ["sqlite"], indirect=True)  # PostgreSQL's disk is not ours
def test_on_a_full_disk_nobody_gets_a_receipt_and_nothing_is_lost(site: Site) -> None:
    early, late = site.take(8), site.take(8)
    with site.serving() as server:
        before = post_all(server.port, site.path, early, 8)
        with full_disk(server):
            refused = post_all(server.port, site.path, late, 8)
            repeated = post_all(server.port, site.path, early, 8)
        after = post_all(server.port, site.path, late, 8)
    assert all(status >= HTTPStatus.INTERNAL_SERVER_ERROR for status, _ in refused.answers)
    board = site.board()
    answers = (*before.answers, *repeated.answers, *after.answers)
    receipts = [site.receipt(answer) for answer in answers]
    assert {ballot_of(body) for body in (*early, *late)} <= board.ballots().keys()
    board.check(receipts)


def log_with(server: Server, word: str) -> str:
    """The server's log once it says `word`: signals are noted after the answers."""
    deadline = time.monotonic() + 10
    while word not in (log := server.log.read_text()):
        assert time.monotonic() < deadline, log
        time.sleep(0.05)
    return log


def test_votes_are_cast_though_no_signal_can_be_written(site: Site) -> None:
    first, *rest = site.take(9)
    with site.serving() as server:
        answer = ask(server, "POST", site.path, first)
        assert site.signal_of(site.receipt((answer.status, answer.body)).index)
        with unwritable(site.databases.signals):
            for one in post_all(server.port, site.path, rest, 8).answers:
                site.receipt(one)
            log = log_with(server, "lost")
    assert "127.0.0.1" not in log.replace("http://127.0.0.1", "")
    assert {ballot_of(body) for body in (first, *rest)} <= site.board().ballots().keys()


def test_a_voter_does_not_wait_for_signals_that_another_program_holds(site: Site) -> None:
    with site.serving() as server, locked(site.databases.signals):
        load = post_all(server.port, site.path, site.take(16), 16)
    for answer in load.answers:
        site.receipt(answer)
    assert max(load.waits) < 60  # not twenty seconds for each ballot


def test_voting_is_closed_by_another_machine_while_ballots_arrive(small_site: Site) -> None:
    site = small_site
    early, late = site.take(12), site.take(12)

    def close(so_far: int) -> None:
        if so_far == 15:
            site.office.do("close")

    with site.serving() as server:
        load = post_all(server.port, site.path, early + late, 16, close)
        again = post_all(server.port, site.path, early + late, 16)
    board = site.board()
    ballots = board.ballots()
    receipts = []
    for body, first, second in zip(early + late, load.answers, again.answers, strict=True):
        if ballot_of(body) in ballots:
            receipts += [site.receipt(first), site.receipt(second)]
            continue
        for status, refusal in (first, second):
            assert (status, msgspec.json.decode(refusal)["error"]) == (
                HTTPStatus.CONFLICT,
                "closed",
            )
    assert 15 <= len(ballots) <= 24
    board.check(receipts)
