"""What voters keep to themselves is in no log and in no copy of the database."""

import base64
import binascii
import json
import os
import re
import sqlite3
import subprocess
import sys
import zlib
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from dauys.scenario.test_ca import TestAuthority
from tests.faults.site import TOP
from tests.faults.voter import Voter
from tests.server import PROGRAM, TALKATIVE, Server, serving
from tests.tables import lay_out
from tests.web.portal_site import SLUG, entrepreneurs

CONTEST = "karaganda"


class House:
    """A founded election, its people, and the folder that a thief might copy."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.authority = TestAuthority.create(datetime.now(UTC) - timedelta(minutes=1))
        (folder / "anchors").mkdir()
        (folder / "anchors" / "root.cer").write_bytes(self.authority.root)
        lay_out(folder)
        subprocess.run(
            [sys.executable, "-m", "tests.web.portal_site", str(folder), "-2"],
            env={**os.environ, "DAUYS_DATA": str(folder), "PYTHONPATH": str(TOP)},
            check=True,
        )
        kept = json.loads((folder / "demo.json").read_text())
        self.election: str = kept["election"]
        self.people = entrepreneurs(kept, CONTEST)

    def visitor(self, server: Server) -> Voter:
        return Voter(server, SLUG, self.election)

    def sign(self, person: dict[str, Any], content: bytes) -> bytes:
        leaf = self.authority.issue_person(person["number"], "VOTER")
        return self.authority.sign_cms(leaf, content)

    def contents(self, name: str) -> bytes:
        """Every value in a database, one a line, but for the outbox; sessions are unpacked."""
        with closing(sqlite3.connect(self.folder / name)) as database:
            tables = database.execute("SELECT name FROM sqlite_schema WHERE type = 'table'")
            values = [
                _unpacked(value) if table == "django_session" else value
                for (table,) in tables.fetchall()
                if table != "store_outboxmessage"
                for row in database.execute(f'SELECT * FROM "{table}"')  # noqa: S608 -- its own name
                for value in row
            ]
        return b"\n".join(v if isinstance(v, bytes) else str(v).encode() for v in values)

    def outbox(self) -> list[tuple[str]]:
        with closing(sqlite3.connect(self.folder / "dauys.sqlite3")) as database:
            return database.execute(
                "SELECT text FROM store_outboxmessage UNION ALL SELECT number FROM store_coderow"
            ).fetchall()


def _unpacked(value: str) -> str:
    """What Django keeps in a session (signed, base64, perhaps compressed); others as they are."""
    text, colon, _ = value.partition(":")
    if not colon or " " in text:
        return value
    packed = text.removeprefix(".")
    found = base64.urlsafe_b64decode(packed + "=" * (-len(packed) % 4))
    return (zlib.decompress(found) if text.startswith(".") else found).decode()


def forms(secret: bytes) -> tuple[bytes, ...]:
    """The ways in which bytes are written down."""
    encoded = base64.b64encode(secret)
    return (secret, binascii.hexlify(secret), binascii.hexlify(secret).upper(), encoded)


def holds(text: bytes, secret: bytes) -> bool:
    """Whether the secret stands in `text` by itself, not as a part of a longer number."""
    return any(
        re.search(rb"(?<![0-9A-Za-z])" + re.escape(form) + rb"(?![0-9A-Za-z])", text)
        for form in forms(secret)
    )


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> House:
    return House(tmp_path_factory.mktemp("house"))


def test_a_vote_by_code_and_one_by_signature_leave_no_secret_behind(house: House) -> None:
    one, two = next(house.people), next(house.people)
    with serving(house.folder, {"DAUYS_DEMO": "1"}, TALKATIVE + PROGRAM) as server:
        by_code, by_signature = house.visitor(server), house.visitor(server)
        by_code.identify_by_code(one["number"], one["phone"])
        receipts = [
            by_code.vote(CONTEST),
            by_signature.vote(CONTEST, lambda content: house.sign(two, content)),
        ]
    log = server.log.read_bytes()
    database = house.contents("dauys.sqlite3")
    signals = house.contents("signals.sqlite3")
    assert b"DEBUG" in log, "the log does not tell enough to be searched"
    assert all(receipt["entry"].encode() in database for receipt in receipts)
    assert b'"voter":{' in database, "the sessions were not unpacked"
    for voter in (by_code, by_signature):
        assert len(voter.secrets) >= 5
        for name, secret in voter.secrets.items():
            assert not holds(log, secret), f"{name} in the log"
            if not name.startswith("cookie"):  # the server keeps the numbers of its sessions
                assert not holds(database, secret), f"{name} in the database"
                assert not holds(signals, secret), f"{name} among the signals"
    for key in (house.folder / "keys").glob("*.json"):
        for name, secret in json.loads(key.read_bytes()).items():
            for text in (log, database, signals):
                assert secret.encode() not in text, f"key {name}"


def test_without_a_gateway_no_code_is_made_for_anyone(house: House) -> None:
    before = house.outbox()
    person = next(house.people)
    with serving(house.folder) as server:
        pages = {
            house.visitor(server).ask_for_code(number).replace(number, "NUMBER")
            for number in (person["number"], "900101300017")
        }
        log = server.log.read_text()
    assert "no gateway" in log
    assert house.outbox() == before
    plain = {re.sub(r'value="\w{64}"', "", page) for page in pages}
    assert len(plain) == 1
