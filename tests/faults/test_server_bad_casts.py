"""What is no cast gets an answer that machines can read, and leaves no trace on the board."""

import json
import socket
from collections.abc import Iterator
from contextlib import suppress
from http import HTTPStatus

import pytest

from benchmarks.load import post_all
from dauys.ballotbox.request import MAX_REQUEST_BYTES
from dauys.web.bodies import LONGEST
from tests.faults.site import Site, ballot_of
from tests.server import Answer, Server, ask


@pytest.fixture(scope="module")
def server(site: Site) -> Iterator[Server]:
    with site.serving() as running:
        yield running
        log = running.log.read_text()
    assert "Traceback" not in log, log


@pytest.fixture(scope="module")
def cast(site: Site) -> bytes:
    """A cast that is good, and that nobody posts."""
    (body,) = site.take(1)
    return body


def refusal(answer: Answer) -> str:
    """Code of the refusal; fails if machines could not read the answer."""
    assert answer.headers["content-type"] == "application/json"
    assert answer.headers["cache-control"] == "no-store"
    told = json.loads(answer.body)
    assert told.keys() == {"detail", "error"}
    return str(told["error"])


def test_bodies_that_are_no_cast_are_malformed(site: Site, server: Server, cast: bytes) -> None:
    text = cast.decode()
    permit = json.loads(cast)["permit"]
    for body in (
        b"",
        b"null",
        b"{}",
        b"[" * 50_000,
        bytes(range(256)),
        b"\xff\xfe" + cast,
        cast[:-1],
        cast[: len(cast) // 2],
        cast + b"\n",
        cast + cast,
        text.replace(":", ": ", 1).encode(),
        text.replace('"v":1', '"v":1.0').encode(),
        text.replace('"v":1', '"v":1,"v":1').encode(),
        text.replace('"v":1', '"v":1,"w":1').encode(),
        text.replace('"v":1', '"v":2').encode(),
        text.replace('"v":1', '"v":NaN').encode(),
        json.dumps({"permit": permit, "ballot": "\ud800"}).encode(),
        json.dumps({"ballot": "", "permit": permit}, separators=(",", ":")).encode(),
        cast + b" " * MAX_REQUEST_BYTES,
        b"x" * 5_000_000,
    ):
        answer = ask(server, "POST", site.path, body)
        assert (answer.status, refusal(answer)) == (HTTPStatus.BAD_REQUEST, "malformed"), body[:80]


def test_a_permit_or_a_ballot_that_was_changed_is_refused(
    site: Site, server: Server, cast: bytes
) -> None:
    whole = json.loads(cast)
    signature = whole["permit"]["signature"]
    other = "0" if signature[0] != "0" else "1"
    (stolen,) = site.take(1)
    proofs = whole["ballot"].index('"response":"') + 12
    digit = "0" if whole["ballot"][proofs] != "0" else "1"
    for change, code in (
        ({"permit": {**whole["permit"], "signature": other + signature[1:]}}, "bad_permit"),
        ({"permit": json.loads(stolen)["permit"]}, "bad_ballot"),
        (
            {"ballot": whole["ballot"][:proofs] + digit + whole["ballot"][proofs + 1 :]},
            "bad_ballot",
        ),
        ({"ballot": "{}"}, "bad_ballot"),
        ({"ballot": "x" * 20_000}, "bad_ballot"),
    ):
        body = json.dumps({**whole, **change}, separators=(",", ":"), sort_keys=True).encode()
        answer = ask(server, "POST", site.path, body)
        assert (answer.status, refusal(answer)) == (HTTPStatus.UNPROCESSABLE_ENTITY, code)


@pytest.mark.parametrize("method", ["GET", "PUT", "DELETE", "PATCH", "OPTIONS"])
def test_any_method_but_post_is_told_so(site: Site, server: Server, method: str) -> None:
    answer = ask(server, method, site.path)
    assert (answer.status, refusal(answer)) == (HTTPStatus.METHOD_NOT_ALLOWED, "method")
    assert answer.headers["allow"] == "POST"


def test_an_election_nobody_knows_is_not_found(server: Server, cast: bytes) -> None:
    answer = ask(server, "POST", "/api/v1/elections/AAAAAAAAAAAAAA/cast", cast)
    assert (answer.status, refusal(answer)) == (HTTPStatus.NOT_FOUND, "unknown_election")


def test_one_ballot_on_twenty_connections_at_once_is_one_entry(site: Site, server: Server) -> None:
    (body,) = site.take(1)
    load = post_all(server.port, site.path, [body] * 20, 20)
    places = {site.receipt(answer).index for answer in load.answers}
    assert places == {site.board().ballots()[ballot_of(body)]}


def test_a_permit_of_which_two_ballots_are_cast_at_once_has_one(site: Site, server: Server) -> None:
    twins = [twin.encode() for twin in site.kept.twins]
    load = post_all(server.port, site.path, twins * 4, 8)
    taken = {
        body for body, (status, _) in zip(twins * 4, load.answers, strict=True) if status == 200
    }
    assert len(taken) == 1
    for body, (status, answer) in zip(twins * 4, load.answers, strict=True):
        if body in taken:
            assert status == HTTPStatus.OK
        else:
            assert (status, json.loads(answer)["error"]) == (HTTPStatus.CONFLICT, "permit_spent")
    assert {ballot_of(twin) for twin in twins} & site.board().ballots().keys() == {
        ballot_of(body) for body in taken
    }


def test_a_permit_in_whose_place_another_was_issued_is_refused(site: Site, server: Server) -> None:
    answer = ask(server, "POST", site.path, site.kept.cancelled.encode())
    assert (answer.status, refusal(answer)) == (HTTPStatus.CONFLICT, "permit_cancelled")


def test_who_hangs_up_in_the_middle_has_cast_nothing(site: Site, server: Server) -> None:
    (body,) = site.take(1)
    head = f"POST {site.path} HTTP/1.1\r\nhost: x\r\ncontent-length: {len(body)}\r\n\r\n".encode()
    for sent in (head[:20], head, head + body[:10], head + body[:-1]):
        with socket.create_connection(("127.0.0.1", server.port)) as line:
            line.sendall(sent)
    assert ask(server, "POST", site.path, body).status == HTTPStatus.OK
    assert list(site.board().ballots()).count(ballot_of(body)) == 1


def test_a_slow_voter_keeps_nobody_waiting_and_is_served(site: Site, server: Server) -> None:
    slow, *others = site.take(9)
    head = f"POST {site.path} HTTP/1.1\r\nhost: x\r\ncontent-length: {len(slow)}\r\n\r\n".encode()
    with socket.create_connection(("127.0.0.1", server.port), timeout=30) as line:
        line.sendall(head + slow[:1000])
        load = post_all(server.port, site.path, others, 8)
        for answer in load.answers:
            site.receipt(answer)
        for start in range(1000, len(slow), 1000):
            line.sendall(slow[start : start + 1000])
        assert line.recv(15) == b"HTTP/1.1 200 OK"


def test_a_form_that_does_not_end_is_cut_off_before_it_fills_the_disk(server: Server) -> None:
    head = "POST /ru/console/ HTTP/1.1\r\nhost: localhost\r\n"
    with socket.create_connection(("127.0.0.1", server.port), timeout=30) as line:
        line.sendall(f"{head}content-length: {LONGEST + 1}\r\n\r\n".encode())
        assert line.recv(12) == b"HTTP/1.1 413"
    part = b"100000\r\n" + bytes(2**20) + b"\r\n"
    with socket.create_connection(("127.0.0.1", server.port), timeout=30) as line:
        line.sendall(f"{head}transfer-encoding: chunked\r\n\r\n".encode())
        with suppress(OSError):  # it need not read on
            for _ in range(LONGEST // 2**20 + 1):
                line.sendall(part)
        assert line.recv(12) == b"HTTP/1.1 413"


def test_nothing_of_all_that_harmed_the_board(site: Site, server: Server, cast: bytes) -> None:
    board = site.board()
    assert ballot_of(cast) not in board.ballots()
    board.check([])
    assert ask(server, "POST", site.path, cast).status == HTTPStatus.OK
