"""Alerts reach staff over bad lines, once each, on both databases."""

import hmac
import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from socketserver import ThreadingTCPServer

import pytest

from dauys.core.errors import MalformedError, RefusedError
from dauys.core.forms import Text
from dauys.core.ids import ElectionId
from dauys.response.alerts import Alert, AlertDesk, AlertKind
from dauys.response.channels import AlertsByEmail, AlertsByWebhook, MailServer
from dauys.store.alerts import DatabaseAlerts
from dauys.store.models import ElectionRow
from tests.letterbox import Mailbox, listening

ELECTION = ElectionId("1" * 22)
NOON = datetime(2026, 9, 7, 12, tzinfo=UTC)
WORDS = Text(kk="Қараңыз: 31 бюллетень", ru="Посмотрите: 31 бюллетень", en="Look: 31 ballots")
SECRET = b"a secret of the tests"


class Clock:
    """Shows what it is set to."""

    def __init__(self) -> None:
        self.time = NOON

    def now(self) -> datetime:
        return self.time


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def desk(database: str, clock: Clock) -> AlertDesk:
    ElectionRow.objects.create(pk=ELECTION, slug="alerted")
    return AlertDesk(DatabaseAlerts(ELECTION), clock)


class Line:
    """A channel that is cut for the first `cuts` calls."""

    def __init__(self, name: str, cuts: int = 0) -> None:
        self.name = name
        self.cuts = cuts
        self.got: list[int] = []

    def send(self, alert: Alert) -> None:
        if self.cuts:
            self.cuts -= 1
            raise ConnectionRefusedError
        self.got.append(alert.number)


def test_the_same_trouble_is_told_once_until_somebody_has_seen_it(desk: AlertDesk) -> None:
    first = desk.raise_alert(AlertKind.SCAN_FAILED, "monitor", WORDS)
    assert desk.raise_alert(AlertKind.SCAN_FAILED, "monitor", WORDS).number == first.number
    other = desk.raise_alert(AlertKind.SCAN_LATE, "monitor", WORDS)
    assert [alert.number for alert in desk.waiting()] == [other.number, first.number]
    assert desk.see(first.number, "aigerim").seen_by == "aigerim"
    assert desk.see(first.number, "daniyar").seen_by == "aigerim"
    assert desk.raise_alert(AlertKind.SCAN_FAILED, "monitor", WORDS).number == 3
    with pytest.raises(RefusedError, match="unknown_alert"):
        desk.see(99, "aigerim")


def test_a_cut_line_is_tried_again_and_a_whole_one_is_not(desk: AlertDesk, clock: Clock) -> None:
    mail, hook = Line("e-mail"), Line("webhook", cuts=3)
    alert = desk.raise_alert(AlertKind.CLUSTER_NEW, "c1", WORDS)
    waits = []
    for second in range(0, 1000, 10):
        clock.time = NOON + timedelta(seconds=second)
        if desk.send_out([mail, hook]):
            waits.append(second)
    assert waits == [0, 60, 180]
    assert (mail.got, hook.got) == ([alert.number], [alert.number])


def test_an_alert_that_was_seen_is_not_sent_any_more(desk: AlertDesk) -> None:
    hook = Line("webhook")
    alert = desk.raise_alert(AlertKind.CLUSTER_NEW, "c1", WORDS)
    desk.see(alert.number, "aigerim")
    desk.send_out([hook])
    assert hook.got == []


def alert() -> Alert:
    return Alert(number=7, kind=AlertKind.CLUSTER_NEW, subject="c1", text=WORDS, at=NOON)


@pytest.mark.parametrize(
    ("status", "passes"), [(200, True), (204, True), (302, False), (500, False)]
)
def test_a_webhook_is_signed_and_only_success_is_success(status: int, *, passes: bool) -> None:
    got: list[tuple[str, bytes]] = []

    class Hook(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            got.append((self.headers["Dauys-Signature"], body))
            self.send_response(status)
            self.send_header("Location", "http://127.0.0.1:9/elsewhere")
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, *_: object) -> None:
            """Keep quiet."""

    with listening(ThreadingHTTPServer(("127.0.0.1", 0), Hook)) as port:
        channel = AlertsByWebhook("alerted", f"http://127.0.0.1:{port}/dauys?x=1", SECRET)
        if passes:
            channel.send(alert())
        else:
            with pytest.raises(OSError, match=str(status)):
                channel.send(alert())
    ((signature, body),) = got
    assert hmac.compare_digest(signature, hmac.digest(SECRET, body, "sha256").hex())
    assert json.loads(body)["text"]["kk"] == WORDS.kk
    assert "secret" not in repr(channel)
    with pytest.raises(ConnectionRefusedError):
        channel.send(alert())


@pytest.mark.parametrize("address", ["ftp://a/b", "https://user:pass@a/b", "https:///b", "a/b"])
def test_an_address_that_is_none_is_refused_at_once(address: str) -> None:
    with pytest.raises(MalformedError):
        AlertsByWebhook("alerted", address, SECRET)


def test_a_letter_says_it_in_three_languages_and_a_refused_one_is_an_error() -> None:
    Mailbox.letters.clear()
    with listening(ThreadingTCPServer(("127.0.0.1", 0), Mailbox)) as port:
        server = MailServer("127.0.0.1", port, "none")
        to = ("duty@example.org", "chair@example.org")
        channel = AlertsByEmail("alerted", server, "dauys@example.org", to)
        channel.send(alert())
        with pytest.raises(OSError, match="no such person"):
            replace(channel, recipients=("nobody@example.org",)).send(alert())
    (letter,) = Mailbox.letters
    assert "To: duty@example.org, chair@example.org" in letter
    assert "Message-ID: <alert-7-alerted@example.org>" in letter


@pytest.mark.parametrize("mark", ["\r", "\r\n", "\v", "\x1c", "\x85", "\u2028"])
def test_a_name_with_a_line_in_it_adds_no_header_and_holds_up_no_alert(mark: str) -> None:
    Mailbox.letters.clear()
    words = f"Сеть AS1{mark}Bcc: thief@example.org"
    with listening(ThreadingTCPServer(("127.0.0.1", 0), Mailbox)) as port:
        server = MailServer("127.0.0.1", port, "none")
        channel = AlertsByEmail("alerted", server, "dauys@example.org", ("duty@example.org",))
        channel.send(replace(alert(), text=Text(kk=words, ru=words, en=words)))
    (letter,) = Mailbox.letters
    assert not any(line.startswith("Bcc") for line in letter.partition("\n\n")[0].splitlines())
