"""Voters vote with codes that came through each gateway; the server dies on the way."""

import json
import os
import sqlite3
import subprocess
import sys
import time
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import psycopg
import pytest

from tests.databases import VENDORS, Databases, databases
from tests.faults.site import TOP
from tests.faults.voter import Voter
from tests.gateways.stand_ins import (
    ENVIRONMENT,
    SECRET,
    SMPP_SECRET,
    StandIn,
    section,
    smsc_report,
    standing_in,
)
from tests.server import PROGRAM, TALKATIVE, Server, serving, start_server
from tests.web.portal_site import SLUG, entrepreneurs

pytestmark = pytest.mark.slow
CONTEST = "karaganda"


class Town:
    """A founded election on one kind of database, and its people."""

    def __init__(self, folder: Path, named: Databases) -> None:
        self.folder, self.named = folder, named
        subprocess.run(
            [sys.executable, "-m", "tests.web.portal_site", str(folder), "-2", "sms,eds"],
            env={**os.environ, **named.environment, "DAUYS_DATA": str(folder)},
            cwd=TOP,
            check=True,
        )
        kept = json.loads((folder / "demo.json").read_text())
        self.election: str = kept["election"]
        self.people = entrepreneurs(kept, CONTEST)

    def use(self, *settings: str) -> dict[str, str]:
        """Write messages.toml; what the server is told."""
        (self.folder / "messages.toml").write_text("\n".join(settings))
        return {**self.named.environment, **ENVIRONMENT}

    def visitor(self, server: Server) -> Voter:
        return Voter(server, SLUG, self.election)

    def states(self) -> list[str]:
        """States of all messages but decoys, oldest first."""
        query = "SELECT state FROM store_messagerow WHERE state <> 'decoy' ORDER BY created_at"
        if self.named.election.startswith("postgresql"):
            with psycopg.connect(self.named.election) as connection:
                return [state for (state,) in connection.execute(query).fetchall()]
        with closing(sqlite3.connect(self.named.election.removeprefix("sqlite:///"))) as database:
            return [state for (state,) in database.execute(query).fetchall()]

    def wait_for(self, *states: str) -> None:
        """Wait until the messages have these states."""
        deadline = time.monotonic() + 15
        while (found := self.states()) != list(states):
            assert time.monotonic() < deadline, found
            time.sleep(0.05)


@pytest.fixture(scope="module", params=VENDORS)
def named(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[tuple[Path, Databases]]:
    folder = tmp_path_factory.mktemp("town")
    with databases(request, folder) as found:
        yield folder, found


@pytest.fixture(scope="module")
def town(named: tuple[Path, Databases]) -> Town:
    return Town(*named)


@pytest.fixture
def clean(town: Town) -> Town:
    """The town without messages of an earlier test."""
    query = "DELETE FROM store_messagerow"
    if town.named.election.startswith("postgresql"):
        with psycopg.connect(town.named.election, autocommit=True) as connection:
            connection.execute(query)
            connection.execute("DELETE FROM store_gatewayrow")
    else:
        with closing(sqlite3.connect(town.named.election.removeprefix("sqlite:///"))) as database:
            database.execute(query)
            database.execute("DELETE FROM store_gatewayrow")
            database.commit()
    return town


def identify(town: Town, server: Server, gateway: StandIn) -> tuple[Voter, dict[str, Any]]:
    """Ask for a code, read it where the gateway would have sent it, enter it."""
    person, voter = next(town.people), town.visitor(server)
    voter.ask_for_code(person["number"])
    code = gateway.code_for(person["phone"])
    voter._submit("identify/code/", code=code)
    return voter, person


def test_a_voter_votes_by_each_gateway_and_no_secret_is_in_the_log(clean: Town) -> None:
    for kind in ("smsc", "mobizon", "kazinfoteh", "smpp"):
        with standing_in(kind) as gateway:
            settings = clean.use(section(gateway))
            with serving(clean.folder, settings, TALKATIVE + PROGRAM) as server:
                voter, person = identify(clean, server, gateway)
                assert voter.vote(CONTEST)["index"] > 0
                log = server.log.read_text()
            (to, text), *more = gateway.inbox
            assert (to, more) == (person["phone"].lstrip("+"), [])
            for secret in (SECRET, SMPP_SECRET, to, text.split()[0]):
                assert secret not in log, kind


def test_a_page_does_not_wait_for_a_gateway_that_hangs(clean: Town) -> None:
    with standing_in("mobizon") as gateway:
        gateway.mood = "silent"
        with serving(clean.folder, clean.use(section(gateway, timeout_s=5))) as server:
            voter = clean.visitor(server)
            voter.ask_for_code(next(clean.people)["number"])
            begun = time.monotonic()
            clean.visitor(server).ask_for_code(next(clean.people)["number"])
            assert time.monotonic() - begun < 2
            clean.wait_for("uncertain", "uncertain")
            assert len(gateway.inbox) == 2


def test_a_code_asked_for_before_the_server_is_killed_is_sent_after_and_once(clean: Town) -> None:
    with standing_in("smsc") as gateway:
        gateway.mood = "http:404"  # nothing gets out yet
        settings = clean.use(section(gateway))
        server = start_server(clean.folder, settings)
        person, voter = next(clean.people), clean.visitor(server)
        voter.ask_for_code(person["number"])
        while not gateway.addresses:
            time.sleep(0.02)
        clean.wait_for("waiting")
        server.kill()
        gateway.mood = "ok"
        with serving(clean.folder, settings):
            gateway.code_for(person["phone"], within_s=20)
            clean.wait_for("sent")
        with serving(clean.folder, settings):
            time.sleep(1)
        assert len(gateway.inbox) == 1


def test_a_server_killed_while_sending_does_not_send_again(clean: Town) -> None:
    with standing_in("mobizon") as gateway:
        gateway.mood = "silent"
        settings = clean.use(section(gateway, timeout_s=30))
        server = start_server(clean.folder, settings)
        person, voter = next(clean.people), clean.visitor(server)
        voter.ask_for_code(person["number"])
        gateway.code_for(person["phone"])
        server.kill()
        gateway.mood = "ok"
        assert clean.states() == ["handing"]
        with serving(clean.folder, settings):
            time.sleep(1.5)
        assert clean.states() == ["handing"], "until a minute is over another may be at it"
        assert len(gateway.inbox) == 1


def test_a_gateway_that_fails_is_followed_by_the_next(clean: Town) -> None:
    with standing_in("smsc") as first, standing_in("smpp") as second:
        first.mood = "error:3"
        settings = clean.use(section(first), section(second))
        with serving(clean.folder, settings) as server:
            voter, _ = identify(clean, server, second)
            assert voter.vote(CONTEST)["index"] > 0
            clean.wait_for("sent")
            assert "smsc rests" in server.log.read_text()
        assert first.inbox == []


def test_reports_are_taken_from_the_gateway_and_from_nobody_else(clean: Town) -> None:
    with standing_in("smsc") as gateway:
        settings = clean.use(section(gateway, callback_secret_env="STAND_IN_CALLBACK"))
        with serving(clean.folder, settings) as server:
            _, person = identify(clean, server, gateway)
            clean.wait_for("sent")
            (reference,) = gateway.states
            address = f"{server.url}/api/v1/messages/smsc/report"
            forged = smsc_report(reference, person["phone"], 20, "guess")
            assert post(address, forged) == 403
            assert clean.states() == ["sent"]
            assert post(address.replace("smsc", "none"), forged) == 404
            assert post(address, smsc_report(reference, person["phone"], 1)) == 200
            clean.wait_for("delivered")


def post(address: str, fields: dict[str, str]) -> int:
    """POST a form; the status."""
    body = urllib.parse.urlencode(fields).encode()
    try:
        with urllib.request.urlopen(address, body, timeout=10) as answer:  # noqa: S310 -- our own
            return int(answer.status)
    except urllib.error.HTTPError as error:
        return error.code
