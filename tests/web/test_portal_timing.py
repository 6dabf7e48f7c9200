"""Time tells a stranger nothing: unknown, registered, voted and phoneless numbers answer alike.

On the real server, with a gateway of its own protocol behind it.
"""

import http.client
import os
import random
import sqlite3
import time
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path
from urllib.parse import urlencode

import pytest
from scipy.stats import mannwhitneyu

from dauys.scenario.electorate import make_electorate
from tests.faults.voter import Voter
from tests.gateways.stand_ins import ENVIRONMENT, StandIn, section, standing_in
from tests.letterbox import PASSWORD, mail_server
from tests.server import Server
from tests.web.portal_site import SLUG, Site, serving

pytestmark = pytest.mark.slow
ROUNDS, EACH = 24, 6
TELLING = 0.62
"""Share of pairs in which one kind is slower, that would tell: 0.5 is chance, and with 144
samples of each kind chance strays to 0.57 once in twenty."""


@pytest.fixture(scope="module")
def gateway() -> Iterator[StandIn]:
    with standing_in("smsc") as stand_in:
        yield stand_in


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory, gateway: StandIn) -> Iterator[Site]:
    folder = tmp_path_factory.mktemp("timing")
    limits = "[limits]\nbudget_hour = 100000\nbudget_day = 100000\n"
    (folder / "messages.toml").write_text(section(gateway) + limits)
    with pytest.MonkeyPatch.context() as patch:
        for name, value in (*ENVIRONMENT.items(), ("DAUYS_TRUSTED_PROXIES", "127.0.0.1")):
            patch.setenv(name, value)
        with serving(folder, demo=False) as running:
            yield running


class Stranger:
    """Asks for codes from a new address each time, and looks at the clock."""

    def __init__(self, site: Site) -> None:
        host = site.url.removeprefix("http://")
        self.connection = http.client.HTTPConnection(host, timeout=30)
        self.path = f"/ru/e/{SLUG}/identify/"
        self.connection.request("GET", self.path)
        answer = self.connection.getresponse()
        self.token = answer.getheader("Set-Cookie", "").partition("dauys_csrf=")[2].split(";")[0]
        answer.read()
        self.count = 0

    def ask(self, number: str, method: str = "sms") -> float:
        """Seconds until the answer to "send me a code" is whole."""
        self.count += 1
        body = urlencode({"number": number, "method": method, "csrfmiddlewaretoken": self.token})
        headers = {
            "Cookie": f"dauys_csrf={self.token}",
            "Content-Type": "application/x-www-form-urlencoded",
            "X-Forwarded-For": f"10.{self.count // 250}.{self.count % 250}.9",
        }
        begun = time.perf_counter()
        self.connection.request("POST", self.path, body, headers)
        answer = self.connection.getresponse()
        page = answer.read()
        taken = time.perf_counter() - begun
        assert answer.status == 302, page.decode()[-2000:]
        return taken


def forget(site: Site, *statements: str) -> None:
    with closing(sqlite3.connect(site.data / "dauys.sqlite3", timeout=20)) as database:
        for statement in statements:
            database.execute(statement)
        database.commit()


def numbers_of(site: Site, gateway: StandIn) -> dict[str, list[str]]:
    """Some numbers of each kind."""
    found = {kind: [site.fresh_voter() for _ in range(EACH)] for kind in ("known", "voted")}
    server = Server(None, int(site.url.rpartition(":")[2]), Path())  # type: ignore[arg-type]  # asked only
    for person in found["voted"]:
        voter = Voter(server, SLUG, site.election)
        voter.ask_for_code(person["number"])
        voter._submit("identify/code/", code=gateway.code_for(person["phone"]))
        assert voter.vote("karaganda")["index"] > 0
    others = [v["number"] for v in site.voters if v["number"] not in site.numbers]
    lines = others[:EACH]
    quoted = ", ".join(f"'{number}'" for number in lines)
    forget(site, f"UPDATE store_voterrow SET phone = '' WHERE number IN ({quoted})")  # noqa: S608 -- digits
    now = datetime.now(UTC)
    elsewhere = make_electorate(80, 99, now, now + timedelta(days=1))
    registered = {voter["number"] for voter in site.voters}
    unknown = [v.number for v in elsewhere.voters if v.number not in registered]
    return {
        "unknown": unknown[:EACH],
        "no phone": lines,
        **{kind: [person["number"] for person in people] for kind, people in found.items()},
    }


def test_time_tells_nobody_who_is_registered_or_has_voted(site: Site, gateway: StandIn) -> None:
    told = telling(site, numbers_of(site, gateway), "sms")
    assert set(told) == {"no phone", "known", "voted"}
    assert all(1 - TELLING < share < TELLING for share in told.values()), told


def test_time_tells_nobody_whose_mailbox_is_on_the_register(tmp_path: Path) -> None:
    (tmp_path / "mail").mkdir()
    limits = "[limits]\nbudget_hour = 100000\nbudget_day = 100000\n"
    union = '[numbers]\npattern = "M-[0-9]{6}"\n'
    with mail_server("smtp", tmp_path / "mail") as mail, pytest.MonkeyPatch.context() as patch:
        patch.setenv("MAIL_PASSWORD", PASSWORD)
        patch.setenv("DAUYS_TRUSTED_PROXIES", "127.0.0.1")
        (tmp_path / "union").mkdir()
        (tmp_path / "union" / "messages.toml").write_text(limits)
        folder, identity = tmp_path / "union", union + mail.settings()
        with serving(folder, demo=False, methods="email", identity=identity) as site:
            numbers = {
                "unknown": [f"M-9000{place:02}" for place in range(EACH)],
                "no mailbox": [site.fresh_voter()["number"] for _ in range(EACH)],
                "known": [site.fresh_voter()["number"] for _ in range(EACH)],
            }
            quoted = ", ".join(f"'{number}'" for number in numbers["no mailbox"])
            forget(site, f"UPDATE store_voterrow SET email = '' WHERE number IN ({quoted})")  # noqa: S608 -- ours
            told = telling(site, numbers, "email")
    assert set(told) == {"no mailbox", "known"}
    assert all(1 - TELLING < share < TELLING for share in told.values()), told
    assert mail.letters, "those who are known were written to"


def telling(site: Site, numbers: dict[str, list[str]], method: str) -> dict[str, float]:
    """For each kind of number, in which share of pairs it took longer than an unknown one."""
    stranger = Stranger(site)
    times: dict[str, list[float]] = {kind: [] for kind in numbers}
    chance = random.Random(int(os.environ.get("PYTEST_SEED", "3")))
    for _ in range(ROUNDS):
        forget(site, "DELETE FROM store_coderow")
        order = [(kind, number) for kind, some in numbers.items() for number in some]
        chance.shuffle(order)
        for kind, number in order:
            times[kind].append(stranger.ask(number, method))
    stranger.connection.close()
    unknown = times.pop("unknown")
    return {
        kind: mannwhitneyu(one, unknown).statistic / (len(one) * len(unknown))
        for kind, one in times.items()
    }


def test_the_measure_would_notice_a_millisecond() -> None:
    chance = random.Random(3)
    usual = [0.012 + chance.expovariate(1 / 0.0015) for _ in range(ROUNDS * EACH)]
    slower = [0.013 + chance.expovariate(1 / 0.0015) for _ in range(ROUNDS * EACH)]
    share = mannwhitneyu(slower, usual).statistic / (len(slower) * len(usual))
    assert share > TELLING
