"""More come to the slot than it can take, and some of them with ballots that are none."""

import json
import socket
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from http import HTTPStatus
from pathlib import Path

import pytest

from benchmarks.load import post_all
from dauys.core.canonical import encode
from tests.faults.site import Site, ballot_of
from tests.server import PROGRAM, Server, ask, serving

PLACES = 2
NARROW = f"import dauys.web.asgi, dauys.web.api.cast as slot; slot.MAX_UNDER_WAY = {PLACES}\n"


@pytest.fixture(scope="module")
def server(site: Site) -> Iterator[Server]:
    """A server that takes two casts at a time and sends others away."""
    with serving(site.folder, site.databases.environment, NARROW + PROGRAM) as running:
        yield running
        log = running.log.read_text()
    assert "Traceback" not in log, log


def test_those_who_come_too_many_are_told_when_to_come_again(site: Site, server: Server) -> None:
    bodies = site.take(8)
    with ThreadPoolExecutor(len(bodies)) as voters:
        answers = list(voters.map(lambda body: ask(server, "POST", site.path, body), bodies))
    sent_away = [answer for answer in answers if answer.status != HTTPStatus.OK]
    assert sent_away
    for answer in sent_away:
        assert answer.status == HTTPStatus.SERVICE_UNAVAILABLE
        assert json.loads(answer.body)["error"] == "busy"
        assert int(answer.headers["retry-after"]) > 0
    for answer, body in zip(answers, bodies, strict=True):
        again = ask(server, "POST", site.path, body)
        place = site.receipt((again.status, again.body)).index
        if answer not in sent_away:
            assert site.receipt((answer.status, answer.body)).index == place


def test_voters_on_slow_lines_keep_no_place(site: Site, server: Server) -> None:
    *slow, quick = site.take(PLACES + 2)
    with ExitStack() as lines:
        for body in slow:
            line = lines.enter_context(socket.create_connection(("127.0.0.1", server.port)))
            head = f"POST {site.path} HTTP/1.1\r\nhost: x\r\ncontent-length: {len(body)}\r\n\r\n"
            line.sendall(head.encode() + body[:-1])
        assert ask(server, "POST", site.path, quick).status == HTTPStatus.OK


def test_bad_ballots_in_a_batch_spoil_no_other(site: Site) -> None:
    good = site.take(8)
    others = [encode({**json.loads(one), "ballot": ballot_of(good[0])}) for one in good[1:]]
    forged = [one.replace(b'\\"response\\":\\"', b'\\"response\\":\\"1', 1) for one in good]
    refused = [*others, *forged]
    with site.serving() as server:
        load = post_all(server.port, site.path, [*refused, *good, *refused], 31)
    answers = list(load.answers)
    for answer in answers[len(refused) : -len(refused)]:
        site.receipt(answer)
    for status, refusal in answers[: len(refused)] + answers[-len(refused) :]:
        assert (status, json.loads(refusal)["error"]) == (
            HTTPStatus.UNPROCESSABLE_ENTITY,
            "bad_ballot",
        )
    board = site.board()
    assert {ballot_of(body) for body in good} <= board.ballots().keys()
    board.check([])


def test_many_visitors_one_after_the_other_leave_no_connection_behind(site: Site) -> None:
    with site.serving() as server:
        files = Path(f"/proc/{server.process.pid}/fd")
        for _ in range(120):  # PostgreSQL has a hundred connections
            assert ask(server, "GET", "/ru/").status < HTTPStatus.BAD_REQUEST
        assert len(list(files.iterdir())) < 60
