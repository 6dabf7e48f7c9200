"""Codes by e-mail: addresses, the operator's settings, and mail servers good and bad."""

import asyncio
from collections import Counter
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from socketserver import ThreadingTCPServer

import pytest

from dauys.core.errors import MalformedError
from dauys.core.ids import ContestId
from dauys.identity.code_limits import CodeLimits
from dauys.identity.email import EmailChannel, limits_of_email, normalise_address
from dauys.identity.generic.numbers import MembershipNumbers
from dauys.identity.messages.gateway import NotTakenError, PerhapsTakenError, Then
from dauys.identity.messages.gateways.mail import SUBJECT, MailGateway, Security
from dauys.identity.messages.message import Message
from dauys.identity.register import (
    ImportReport,
    RegisterRules,
    import_register,
    problem_text,
    read_table,
    suggest_mapping,
)
from dauys.identity.settings import read_settings
from dauys.identity.texts import LOCALES
from dauys.store.messages import _BLANK
from tests.letterbox import PASSWORD, Mailbox, MailServer, listening, mail_server

NOW = datetime(2026, 8, 5, 4, 30, tzinfo=UTC)
LETTER = Message(
    "ab" * 16, "email", "member@example.org", "123456 – код для голосования.", NOW, NOW
)
ENVIRONMENT = {"MAIL_PASSWORD": PASSWORD}


@pytest.mark.parametrize(
    "typed", ["a@b", "a b@c.kz", "a@b..kz", "@b.kz", "a@-b.kz", "a@b.kz\nBcc: c@d.kz", "ә@b.kz"]
)
def test_an_address_that_carries_something_else_is_refused(typed: str) -> None:
    with pytest.raises(MalformedError, match="not_an_address"):
        normalise_address(typed)


def test_an_address_is_masked_and_a_stranger_sees_one_like_it() -> None:
    register = [f"{letter}@example.kz" for letter in "abc"] + ["a.b@gmail.com"] * 3
    channel = EmailChannel(lambda: iter(register))
    assert normalise_address(" Aliya.K@Example.KZ ") == "aliya.k@example.kz"
    assert channel.mask("aliya.k@example.kz") == "a•••@e•••.kz"
    decoys = Counter(channel.decoy(f"M-{n:06}", bytes(32)) for n in range(600))
    assert set(decoys) == {"a•••@e•••.kz", "b•••@e•••.kz", "c•••@e•••.kz", "a•••@g•••.com"}
    assert 240 < decoys["a•••@g•••.com"] < 360, "as often as the register has them"
    assert channel.decoy("M-000001", bytes(32)) == channel.decoy("M-000001", bytes(32))
    assert channel.block("a@b.example.kz") == "b.example.kz"


def mail(port: int) -> MailGateway:
    return MailGateway(
        "post", Security.NONE, "127.0.0.1", port, "", "s3cret", "vote@example.org", timeout_s=2
    )


def test_a_letter_is_handed_in_and_a_wrong_address_is_not_tried_elsewhere() -> None:
    Mailbox.letters.clear()
    with listening(ThreadingTCPServer(("127.0.0.1", 0), Mailbox)) as port:
        reference = asyncio.run(mail(port).send(LETTER))
        nobody = replace(LETTER, address="nobody@example.org")
        with pytest.raises(NotTakenError) as refused:
            asyncio.run(mail(port).send(nobody))
    assert (refused.value.then, refused.value.reason) == (Then.GIVE_UP, "recipient_550")
    (letter,) = Mailbox.letters
    assert reference == f"<{LETTER.id}@example.org>"
    assert "123456" in letter
    assert "s3cret" not in repr(mail(1))


def test_a_server_that_is_down_may_be_passed_by_and_one_that_breaks_off_may_not() -> None:
    with listening(ThreadingTCPServer(("127.0.0.1", 0), Mailbox)) as port:
        pass
    with pytest.raises(NotTakenError) as refused:
        asyncio.run(mail(port).send(LETTER))
    assert refused.value.then is Then.NEXT

    class Broken(Mailbox):
        def say(self, line: str) -> None:
            if line == "354 go on":
                self.connection.close()
                raise ConnectionResetError
            super().say(line)

        def handle(self) -> None:
            try:
                super().handle()
            except (ConnectionError, ValueError, OSError):
                return

    with (
        listening(ThreadingTCPServer(("127.0.0.1", 0), Broken)) as port,
        pytest.raises(PerhapsTakenError, match="connection_lost"),
    ):
        asyncio.run(mail(port).send(LETTER))


def gateway(server: MailServer, environment: dict[str, str] | None = None) -> MailGateway:
    (made,) = read_settings(server.settings(), environment or ENVIRONMENT, server.folder).mail
    return made


@pytest.mark.parametrize("security", ["smtps", "smtp"])
def test_a_letter_goes_encrypted_and_says_its_code_first(security: str, tmp_path: Path) -> None:
    with mail_server(security, tmp_path) as server:
        reference = asyncio.run(gateway(server).send(LETTER))
        (letter,) = server.letters
    assert (letter["To"], letter["From"]) == ("member@example.org", "vote@example.org")
    assert letter["Subject"] == SUBJECT
    assert letter["Message-ID"] == reference
    assert letter["Date"] == "Wed, 05 Aug 2026 04:30:00 +0000"
    assert letter["Auto-Submitted"] == "auto-generated"
    assert letter.get_content().strip() == LETTER.text
    assert server.plain == 0
    assert PASSWORD not in repr(gateway(server))


def test_a_server_that_hides_its_encryption_gets_neither_password_nor_letter(
    tmp_path: Path,
) -> None:
    with (
        mail_server("smtp", tmp_path, strips=True) as server,
        pytest.raises(NotTakenError) as refused,
    ):
        asyncio.run(gateway(server).send(LETTER))
    assert (refused.value.reason, refused.value.then) == ("not_encrypted", Then.STOP)
    assert (server.plain, server.letters) == (0, [])


@pytest.mark.parametrize("security", ["smtps", "smtp"])
def test_a_server_with_a_certificate_of_nobody_gets_nothing(security: str, tmp_path: Path) -> None:
    with mail_server(security, tmp_path) as server:
        settings = server.settings(trusted="")
        (made,) = read_settings(settings, ENVIRONMENT, tmp_path).mail
        with pytest.raises(NotTakenError) as refused:
            asyncio.run(made.send(LETTER))
    assert (refused.value.reason, refused.value.then) == ("not_encrypted", Then.STOP)
    assert (server.plain, server.letters, server.wrong_logins) == (0, [], 0)


def test_a_server_that_does_not_know_us_is_stopped_and_no_password_is_told(tmp_path: Path) -> None:
    with mail_server("smtp", tmp_path) as server, pytest.raises(NotTakenError) as refused:
        asyncio.run(gateway(server, {"MAIL_PASSWORD": "a wrong one"}).send(LETTER))
    assert (refused.value.reason, refused.value.then) == ("login_refused", Then.STOP)
    assert server.wrong_logins >= 1
    assert "a wrong one" not in f"{refused.value!r} {refused.value.__cause__!r}"


@pytest.mark.parametrize(
    ("address", "reason", "then"),
    [
        ("nobody@example.org", "recipient_550", Then.GIVE_UP),
        ("somebody@elsewhere.org", "refused_554", Then.NEXT),
        ("later@example.org", "refused_451", Then.NEXT),
    ],
)
def test_a_mailbox_that_is_not_there_is_told_from_a_server_that_does_not_want(
    address: str, reason: str, then: Then, tmp_path: Path
) -> None:
    with mail_server("smtp", tmp_path) as server, pytest.raises(NotTakenError) as refused:
        asyncio.run(gateway(server).send(replace(LETTER, address=address)))
    assert (refused.value.reason, refused.value.then) == (reason, then)
    assert server.letters == []


SERVER = """
[[email]]
server = "smtps://mail.example.org"
login = "vote"
secret_env = "MAIL_PASSWORD"
sender = "Vote@Example.org"
"""


def test_what_is_not_said_is_as_the_standards_have_it() -> None:
    (made,) = read_settings(SERVER, ENVIRONMENT, Path()).mail
    assert (made.security, made.port, made.sender) == (Security.TLS, 465, "vote@example.org")
    (made,) = read_settings(SERVER.replace("smtps:", "smtp:"), ENVIRONMENT, Path()).mail
    assert (made.security, made.port) == (Security.STARTTLS, 587)


@pytest.mark.parametrize(
    ("change", "why"),
    [
        (("smtps://", "https://"), "smtps://host:port or smtp://host:port"),
        (("smtps://", "smtp+plain://"), "unencrypted"),
        (("mail.example.org", "vote:hush@mail.example.org"), "without a login and a password"),
        (("mail.example.org", "mail.example.org:port"), "smtps://host:port"),
        (("mail.example.org", "mail.example.org/box"), "smtps://host:port"),
        (("Vote@Example.org", "Election <vote@example.org>"), "sender: not an e-mail address"),
        (("MAIL_PASSWORD", "NOT_SET"), "NOT_SET is empty"),
        (('secret_env = "MAIL_PASSWORD"', ""), "a login, and a secret_file or secret_env"),
        (('secret_env = "MAIL_PASSWORD"', 'secret = "hush"'), "unknown field"),
        (('login = "vote"', 'trusted = "nowhere.pem"\nlogin = "vote"'), "nowhere.pem"),
    ],
)
def test_settings_that_cannot_be_right_say_where(change: tuple[str, str], why: str) -> None:
    with pytest.raises(MalformedError, match=why) as refused:
        read_settings(SERVER.replace(*change), ENVIRONMENT, Path())
    assert PASSWORD not in str(refused.value)
    assert "hush" not in str(refused.value)


def test_two_servers_stand_in_for_each_other_under_two_names() -> None:
    second = SERVER.replace('login = "vote"', 'name = "relay"\nlogin = "vote"')
    found = read_settings(SERVER + second, ENVIRONMENT, Path()).mail
    assert [one.name for one in found] == ["mail", "relay"]
    with pytest.raises(MalformedError, match="one name"):
        read_settings(SERVER + SERVER, ENVIRONMENT, Path())


NUMBERS = MembershipNumbers(r"M-[0-9]{6}")
HEADER = "Membership;Name;E-mail\n"


def imported(rows: str, *, one_each: bool = True) -> ImportReport:
    rules = RegisterRules({"Union": ContestId("union")}, NUMBERS, one_phone_one_voter=one_each)
    table = read_table((HEADER + rows).encode(), "members.csv")
    return import_register(table, suggest_mapping(table.columns), rules)


ROWS = (
    "M-000001;Aliya;Aliya.K@Example.org\n"
    "M-000002;Bolat;bolat at example.org\n"
    "M-000003;Dana;ALIYA.K@example.org\n"
    "M-000004;Erlan;\n"
)


def test_addresses_of_a_register_are_read_and_bad_ones_named() -> None:
    report = imported(ROWS)
    assert [(v.number, v.email) for v in report.voters] == [
        ("M-000001", "aliya.k@example.org"),
        ("M-000004", None),
    ]
    assert [(p.row, p.column, p.code, p.first_row) for p in report.problems] == [
        (3, "E-mail", "not_an_address", None),
        (4, "E-mail", "duplicate_email", 2),
    ]
    assert [(n.code, n.rows) for n in report.notices] == [("no_email", 1)]
    for problem in report.problems:
        assert "bolat" not in problem.value
        assert all(problem_text(problem, locale) for locale in LOCALES)


def test_one_address_of_several_voters_is_an_exception_that_is_counted() -> None:
    report = imported(ROWS.replace("bolat at", "bolat@"), one_each=False)
    assert len(report.voters) == 4 - 1  # Bolat's is no address still
    assert {n.code: n.rows for n in report.notices} == {"no_email": 1, "shared_email": 1}


@pytest.mark.parametrize(
    "column", ["E-mail", "email", "Электронная почта", "Эл. пошта", "Адрес эл. почты", "Work mail"]
)
def test_the_column_of_addresses_is_known_by_its_name(column: str) -> None:
    assert suggest_mapping(("Membership", "Name", column)).email == column


def test_the_longest_letter_is_as_long_as_a_decoy() -> None:
    channel = EmailChannel(lambda: ())
    for locale in LOCALES:
        text = channel.text("000000", 15, locale)
        assert text.startswith("000000 ")
        assert len(text.encode()) <= len(_BLANK)


def test_half_a_register_at_one_provider_is_no_flood() -> None:
    limits = CodeLimits()
    assert limits_of_email(limits).per_block == limits.budget_day
    assert limits_of_email(limits).per_phone == limits.per_phone
