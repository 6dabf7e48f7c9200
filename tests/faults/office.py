"""The office of the election under test: founds it, closes it, tells what the store holds.

    python -m tests.faults.office

does the `DEEDS` named on its standard input, one a line, to the election of $DAUYS_DATA, as a
second machine on the same databases would; each answer comes after a line with its length.
"""

import os
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path

import msgspec

from dauys.store.startup import make_tables, start

start()

from django.db import connections  # noqa: E402 -- after `start`

from dauys.ballotbox.request import CastRequest, parse_request  # noqa: E402 -- likewise
from dauys.core.canonical import encode  # noqa: E402 -- likewise
from dauys.core.ids import ElectionId  # noqa: E402 -- likewise
from dauys.core.ports import Clock  # noqa: E402 -- likewise
from dauys.crypto.ballot import CredentialKey, make_ballot  # noqa: E402 -- likewise
from dauys.crypto.election import parse_election  # noqa: E402 -- likewise
from dauys.identity.permits import PermitRequest  # noqa: E402 -- likewise
from dauys.scenario.rush import make_rush  # noqa: E402 -- likewise
from dauys.store.signals.models import SignalRow  # noqa: E402 -- likewise
from dauys.wiring import Office, Services, SystemClock  # noqa: E402 -- likewise
from tests.faults.kept import Kept  # noqa: E402 -- likewise

DATA = Path(os.environ["DAUYS_DATA"])
_election: list[ElectionId] = []
"""The one that was prepared."""


class TwoDaysOn:
    """A clock that shows a time when voting is over."""

    def now(self) -> datetime:
        return datetime.now(UTC) + timedelta(days=2)


def prepare() -> bytes:
    """Found the election with $BALLOTS voters; a `Kept`."""
    make_tables()
    rush = make_rush(DATA, int(os.environ["BALLOTS"]) + 1)
    *bodies, last = rush.bodies
    manifest = rush.services.journal.state().manifest
    kept = Kept(
        election=manifest.election,
        origin=manifest.log_origin,
        log_key=manifest.log_key,
        bodies=tuple(body.decode() for body in bodies),
        cancelled=last.decode(),
        twins=_twins(rush.services, parse_request(last)),
    )
    _election.append(manifest.election)
    return msgspec.json.encode(kept)


def publish() -> bytes:
    """Write the board's files to `published`; its entries, one a line."""
    services = _services()
    services.counting.publish(DATA / "published")
    return b"\n".join(services.journal.entries())


def close() -> bytes:
    """Close voting by a clock that runs ahead."""
    _services(TwoDaysOn()).counting.close()
    return b""


def signals() -> bytes:
    """The signals, the oldest first, as JSON."""
    rows = SignalRow.objects.order_by("id").values("kind", "ip", "device", "leaf_index", "tls")
    return msgspec.json.encode(list(rows))


DEEDS = {deed.__name__: deed for deed in (prepare, publish, close, signals)}


def _services(clock: Clock | None = None) -> Services:
    return Office(DATA, clock or SystemClock()).services(_election[0])


def _twins(services: Services, cast: CastRequest) -> tuple[str, str]:
    """Ballots for two candidates, under a new permit for who got the one in `cast`."""
    statement = cast.permit.statement
    key = CredentialKey.generate(os.urandom)
    permit = services.voting.registrar.issue(
        PermitRequest(
            election=statement.election,
            contest=statement.contest,
            pseudonym=statement.pseudonym,
            credential=key.public,
            method=statement.method,
            weight=statement.weight,
            evidence=None,
            reclaims=None,
        )
    )
    state = services.journal.state()
    election = parse_election(state.elections[statement.contest])
    width = election.questions[0].width
    one, two = (
        CastRequest(
            permit=permit,
            ballot=make_ballot(
                election, key, [[int(n == chosen) for n in range(width)]], os.urandom
            ),
        )
        for chosen in (0, 1)
    )
    return encode(one).decode(), encode(two).decode()


if __name__ == "__main__":
    for line in sys.stdin:
        answer = DEEDS[line.strip()]()
        connections.close_all()
        sys.stdout.buffer.write(b"%d\n%b" % (len(answer), answer))
        sys.stdout.buffer.flush()
