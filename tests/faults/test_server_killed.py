"""The server is killed, or stopped, while ballots arrive: a receipt is never broken."""

import signal
from collections.abc import Sequence

from benchmarks.load import Load, post_all
from dauys.board.receipt import Receipt
from tests.faults.site import Site, ballot_of
from tests.server import Server

CONNECTIONS = 32


def post_until(
    server: Server, path: str, bodies: Sequence[bytes], answers: int, *, kill: bool
) -> Load:
    """Post `bodies`; once there were so many `answers`, end the server."""

    def answered(so_far: int) -> None:
        if so_far == answers:
            (server.process.kill if kill else server.process.terminate)()

    load = post_all(server.port, path, bodies, CONNECTIONS, answered)
    server.process.wait(30)
    return load


def acknowledged(site: Site, bodies: Sequence[bytes], load: Load) -> dict[bytes, Receipt]:
    """Receipts by cast request; requests without an answer are left out."""
    return {
        body: site.receipt(answer)
        for body, answer in zip(bodies, load.answers, strict=True)
        if answer[0]
    }


def test_killed_again_and_again_under_load_no_receipt_is_broken(site: Site) -> None:
    receipts: dict[bytes, Receipt] = {}
    unanswered: list[bytes] = []
    for answers in (1, 30):
        bodies = site.take(60)
        with site.serving() as server:
            load = post_until(server, site.path, bodies, answers, kill=True)
        found = acknowledged(site, bodies, load)
        assert answers <= len(found)  # a quick server may have answered all before it died
        receipts |= found
        unanswered += [body for body in bodies if body not in found]
    assert unanswered, "the server was killed while voters waited"
    with site.serving() as server:
        again = post_all(server.port, site.path, list(receipts), CONNECTIONS)
        late = post_all(server.port, site.path, unanswered, CONNECTIONS)
    for (body, first), answer in zip(receipts.items(), again.answers, strict=True):
        assert site.receipt(answer).index == first.index, body
    board = site.board()
    places = board.ballots()
    for body, answer in zip(unanswered, late.answers, strict=True):
        assert site.receipt(answer).index == places[ballot_of(body)]
    board.check([*receipts.values(), *map(site.receipt, (*again.answers, *late.answers))])


def test_asked_to_end_it_answers_all_it_has_put_on_the_board(site: Site) -> None:
    bodies = site.take(60)
    with site.serving() as server:
        load = post_until(server, site.path, bodies, 20, kill=False)
        assert server.process.returncode == -signal.SIGTERM, server.log.read_text()
    receipts = acknowledged(site, bodies, load)
    assert len(receipts) >= 20  # a quick server may have answered all before it was asked to end
    cast = {ballot_of(body) for body in bodies} & site.board().ballots().keys()
    assert cast == {ballot_of(body) for body in receipts}
