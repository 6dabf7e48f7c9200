"""An auditor looks behind the permits; somebody was there before with the database in hand."""

import json
import os
from collections.abc import Callable, Iterator
from contextlib import nullcontext
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

import pytest
import typer
from django.db import transaction
from typer.testing import CliRunner

from dauys.ballotbox.request import CastRequest
from dauys.cli import count
from dauys.cli import evidence as command
from dauys.conduct.evidence_audit import EvidenceReport, Fault
from dauys.conduct.people import Visit
from dauys.core.errors import RefusedError
from dauys.core.ids import Credential, MethodId
from dauys.crypto.ballot import CredentialKey, make_ballot
from dauys.crypto.election import parse_election
from dauys.identity.kazakhstan.algorithms import ALGORITHMS
from dauys.identity.permits import PermitRequest
from dauys.identity.signature.fetching import HttpFetch
from dauys.identity.signature.revocation import ListedRevocation, OnlineRevocation
from dauys.identity.signature.trust import RevocationPolicy, RevocationSource
from dauys.scenario.rush import CONTEST, found_rush
from dauys.scenario.test_ca import Leaf, TestAuthority
from dauys.scenario.test_keys import KeyKind
from dauys.scenario.test_revocation import AnswerOptions, revocation_list
from dauys.store.models import EvidenceRow, PermitRow, VoterRow
from dauys.wiring import Office, Services, SystemClock
from tests.unit.identity.authority_site import AuthoritySite, authority_site

VISIT = Visit("127.0.0.1")
VOTERS = 5


@dataclass
class Signed:
    """Voters 1 and 2 signed and cast, 3 has an unused permit, 4 signed and left; 5 slept."""

    office: Office
    services: Services
    authority: TestAuthority
    leaves: list[Leaf]
    hashes: list[str]

    def audit(self, source: RevocationSource | None = None) -> EvidenceReport:
        told: list[tuple[int, int]] = []
        audit = self.services.evidence_audit(source)
        report = audit.verify(self.office.clock.now(), lambda *done: told.append(done))
        assert told[-1][0] == told[-1][1]
        return report

    def faults(self, source: RevocationSource | None = None) -> dict[Fault, int]:
        found: dict[Fault, int] = {}
        for flaw in self.audit(source).flaws:
            found[flaw.fault] = found.get(flaw.fault, 0) + 1
        return found


def hold(folder: Path, authority: TestAuthority, **options: object) -> Signed:
    (folder / "anchors").mkdir()
    (folder / "anchors" / "root.cer").write_bytes(authority.root)
    office = Office(folder, SystemClock(), **options)  # type: ignore[arg-type]
    services = found_rush(office, VOTERS)
    services.counting.open()
    election = parse_election(services.journal.state().elections[CONTEST])
    leaves, hashes = [], []
    for place, voter in enumerate(tuple(services.voters.all())[:-1], 1):
        key = CredentialKey.generate(os.urandom)
        leaf = authority.issue_person(voter.number, voter.name)
        cms = authority.sign_cms(leaf, services.voting.challenge(key.public))
        identified = services.voting.check_signature(cms, VISIT)
        leaves.append(leaf)
        hashes.append(identified.evidence or "")
        if place > 3:
            continue
        permit = services.voting.permit(identified, key.public, None, VISIT)
        if place <= 2:
            ballot = make_ballot(election, key, [[1] + [0] * 9], os.urandom)
            services.casting.cast(CastRequest(permit=permit, ballot=ballot), VISIT)
    return Signed(office, services, authority, leaves, hashes)


@pytest.fixture
def signed(database: str, tmp_path: Path) -> Signed:
    now = SystemClock().now()
    return hold(tmp_path, TestAuthority.create(now - timedelta(days=1)))


def test_an_honest_election_is_good(signed: Signed) -> None:
    report = signed.audit()
    assert report.ok
    assert (report.permits, report.signed, report.kept) == (3, 3, 4)
    assert (report.valid, report.without_permit, report.unasked) == (3, 1, 3)


def delete(signed: Signed) -> None:
    EvidenceRow.objects.filter(pk=signed.hashes[0]).delete()


def swap(signed: Signed) -> None:
    one, two = EvidenceRow.objects.filter(pk__in=signed.hashes[:2])
    one.sealed, two.sealed = two.sealed, one.sealed
    one.save()
    two.save()


def spoil(signed: Signed) -> None:
    EvidenceRow.objects.filter(pk=signed.hashes[0]).update(sealed=b"x" * 60)


def slip_in(signed: Signed) -> None:
    """A file that nobody signed, and a stranger's signature that says the right thing."""
    now = signed.office.clock.now()
    signed.services.evidence.keep(b"rubbish", now, "good")
    content = signed.services.voting.challenge(Credential("c" * 64))
    stranger = signed.authority.issue_person("900101300017", "БӨТЕН")
    signed.services.evidence.keep(signed.authority.sign_cms(stranger, content), now, "good")


def exchange_pseudonyms(signed: Signed) -> None:
    one, two = VoterRow.objects.filter(register_number__in=(1, 5))
    one.pseudonym, two.pseudonym = two.pseudonym, one.pseudonym
    VoterRow.objects.filter(pk=two.pk).update(pseudonym="f" * 32)
    one.save()
    two.save()


def forge(signed: Signed, evidence: str | None) -> None:
    """The registrar makes a permit for the voter who slept."""
    sleeper = signed.services.voters.by_register_number(VOTERS)
    signed.services.voting.registrar.issue(
        PermitRequest(
            election=signed.services.election,
            contest=CONTEST,
            pseudonym=sleeper.pseudonym,
            credential=CredentialKey.generate(os.urandom).public,
            method=MethodId("eds"),
            weight=1,
            evidence=evidence,
            reclaims=None,
        )
    )


def put_back(signed: Signed) -> None:
    row = EvidenceRow.objects.get(pk=signed.hashes[0])
    row.kept_at -= timedelta(days=2)
    row.save()


def change_the_book(signed: Signed) -> None:
    """The permit of a cast ballot is another in the registrar's book."""
    one, two = PermitRow.objects.filter(serial__in=(1, 3)).order_by("serial")
    one.permit = two.permit
    one.save()


DEEDS: dict[str, tuple[Callable[[Signed], None], dict[Fault, int]]] = {
    "deleted": (delete, {Fault.MISSING: 1}),
    "swapped": (swap, {Fault.DAMAGED: 2}),
    "spoilt": (spoil, {Fault.DAMAGED: 1}),
    "slipped in": (slip_in, {Fault.EXTRA: 2}),
    "pseudonyms exchanged": (exchange_pseudonyms, {Fault.PERSON: 1}),
    "permit of none": (lambda signed: forge(signed, None), {Fault.MISSING: 1}),
    "used again": (lambda signed: forge(signed, signed.hashes[0]), {Fault.USED_TWICE: 1}),
    "of another": (lambda signed: forge(signed, signed.hashes[3]), {Fault.CONTENT: 1}),
    "invented": (lambda signed: forge(signed, "e" * 64), {Fault.MISSING: 1}),
    "put back in time": (put_back, {Fault.SIGNATURE: 1}),
    "book changed": (change_the_book, {Fault.PERMIT: 1, Fault.USED_TWICE: 1}),
}


def test_whoever_touched_evidence_is_found_out(signed: Signed) -> None:
    found = {}
    for name, (deed, _) in DEEDS.items():
        with transaction.atomic():
            deed(signed)
            found[name] = signed.faults()
            transaction.set_rollback(True)
    assert found == {name: faults for name, (_, faults) in DEEDS.items()}
    assert signed.audit().ok


def test_a_certificate_revoked_before_it_signed_is_found_by_lists(signed: Signed) -> None:
    issuer, now = signed.authority.intermediate_leaf, signed.office.clock.now()
    for revoked_at, found in (
        (now - timedelta(hours=1), {Fault.REVOKED: 1}),
        (now + timedelta(minutes=1), {}),
    ):
        data = revocation_list(issuer, revoked_at, [signed.leaves[0].certificate])
        assert signed.faults(ListedRevocation((data,), ALGORITHMS)) == found


def test_the_command_tells_people_and_programs(
    signed: Signed, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(command, "services_of", lambda *_: nullcontext(signed.services))
    told = CliRunner().invoke(command.app, ["verify", "rush"])
    assert (told.exit_code, told.stdout.startswith("GOOD\n")) == (0, True)
    delete(signed)
    told = CliRunner().invoke(command.app, ["verify", "rush", "--json"])
    report = json.loads(told.stdout)
    assert (told.exit_code, report["ok"]) == (1, False)
    assert report["flaws"][0]["fault"] == "missing"
    assert "NOT GOOD" in CliRunner().invoke(command.app, ["verify", "rush"]).stdout


def test_a_new_key_opens_what_the_old_one_sealed(signed: Signed) -> None:
    evidence = signed.services.evidence
    before = {row.pk: bytes(row.sealed) for row in EvidenceRow.objects.all()}
    first = evidence.keys.newest()
    for _ in range(2):
        assert evidence.rotate(lambda *_: None) == 4
        assert signed.audit().ok
    assert first not in evidence.keys.all()
    assert all(bytes(row.sealed) != before[row.pk] for row in EvidenceRow.objects.all())
    file = next((signed.office.data / "keys").glob("*.evidence.json"))
    assert file.stat().st_mode & 0o777 == 0o600


# ------------------------------------------------- when the authority could not be asked


@pytest.fixture
def unasked(database: str, tmp_path: Path) -> Iterator[tuple[Signed, AuthoritySite]]:
    """An election whose voters signed while the authority did not answer."""
    with authority_site(KeyKind.RSA) as site:
        now = SystemClock().now() - timedelta(days=1)
        site.authority = TestAuthority.create(now, site=site.address)
        site.broken = {"/ocsp", "/intermediate.crl", "/root.crl"}
        signed = hold(
            tmp_path,
            site.authority,
            revocation=RevocationPolicy.IF_KNOWN,
            revocation_hosts=frozenset({site.host}),
        )
        # Asked anew at once, not after the minute for which a place that failed is left alone.
        recheck = signed.services.recheck
        fresh = OnlineRevocation(HttpFetch(), frozenset({site.host}), os.urandom, ALGORITHMS)
        object.__setattr__(recheck, "source", fresh)
        site.clock = lambda: SystemClock().now().replace(microsecond=0)
        yield signed, site


def test_who_could_not_be_asked_about_is_asked_about_again(
    unasked: tuple[Signed, AuthoritySite],
) -> None:
    signed, site = unasked
    desk = signed.services.recheck
    assert desk.pending() == 4
    site.broken = set()
    assert desk.recheck().good == 4
    assert desk.pending() == 0
    assert signed.services.cases.find() == ()


def test_the_tally_waits_for_whoever_could_not_be_asked_about(
    unasked: tuple[Signed, AuthoritySite], monkeypatch: pytest.MonkeyPatch
) -> None:
    signed, _ = unasked
    monkeypatch.setattr(count, "services_of", lambda *_: nullcontext(signed.services))
    app = typer.Typer()
    app.command()(count.tally)
    told = CliRunner().invoke(app, ["rush"])
    assert (told.exit_code, "--unchecked" in told.stderr) == (1, True)
    told = CliRunner().invoke(app, ["rush", "--unchecked"])
    assert isinstance(told.exception, RefusedError)  # voting is not over: it got past the marks
    assert told.exception.code == "not_closed"


def test_a_revoked_one_makes_a_case_and_an_unused_permit_is_cancelled(
    unasked: tuple[Signed, AuthoritySite],
) -> None:
    """Voters 1 (cast) and 3 (not cast) signed with certificates revoked a day ago."""
    signed, site = unasked
    site.revoked = [signed.leaves[0].certificate, signed.leaves[2].certificate]
    site.answer_options = AnswerOptions(revoked_at=SystemClock().now() - timedelta(days=1))
    desk = signed.services.recheck
    assert (desk.recheck().unknown, desk.pending()) == (4, 4)
    fresh = OnlineRevocation(HttpFetch(), frozenset({site.host}), os.urandom, ALGORITHMS)
    object.__setattr__(desk, "source", fresh)
    site.broken = set()
    found = desk.recheck()
    assert (found.good, found.revoked, found.unknown) == (2, 2, 0)
    (case,) = signed.services.cases.find()
    state = signed.services.journal.state()
    assert [state.ballots[index].serial for index in case.ballots] == [1]
    assert PermitRow.objects.get(serial=3).cancelled
    assert signed.faults() == {Fault.REVOKED: 2}
    assert desk.recheck().revoked == 0
