"""A small open election behind the real server, for tests of the voter's pages.

`python -m tests.web.portal_site DATA HOURS METHODS` founds it; `serving` runs the server on it.
Contest `karaganda`: one choice. `ulytau`: up to three, or a blank vote. With `several`, `ulytau`
asks three questions, the last of them on lists, and the voters' votes weigh 1, 2 or 3.
"""

import json
import os
import sqlite3
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

import msgspec

from dauys.identity.kazakhstan.numbering import NationalNumbers
from dauys.identity.settings import IdentitySettings, read_settings
from dauys.scenario import demo_signer
from dauys.scenario.test_ca import TestAuthority
from tests.server import pages
from tests.tables import lay_out

if TYPE_CHECKING:
    from dauys.scenario.people import ContestPlan, Electorate
    from dauys.store.drafting import DraftDesk

SLUG = "chamber"
VOTERS = 60
LENGTH = timedelta(days=3)


@dataclass(slots=True)
class Site:
    """The running server, its voters not yet used by a test, and their signing authority."""

    url: str
    data: Path
    authority: TestAuthority
    voters: list[dict[str, Any]]
    election: str
    numbers: set[str] = field(default_factory=set)

    def fresh_voter(
        self, contest: str = "karaganda", category: str = "entrepreneur"
    ) -> dict[str, Any]:
        """A voter nobody has used; fails when there are none left."""
        for voter in self.voters:
            fits = voter["contest"] == contest and voter["category"] == category
            if fits and voter["number"] not in self.numbers:
                self.numbers.add(voter["number"])
                return voter
        raise LookupError(f"no fresh voter of {contest}")

    def page(self, language: str, path: str = "") -> str:
        """Address of a page of the election."""
        return f"{self.url}/{language}/e/{SLUG}/{path}"

    def age_codes(self, number: str) -> None:
        """Put the voter's codes an hour back, so that another may be sent at once."""
        with closing(sqlite3.connect(self.data / "dauys.sqlite3", timeout=20)) as database:
            database.execute(
                "UPDATE store_coderow SET sent_at = datetime(sent_at, '-1 hour') WHERE number = ?",
                (number,),
            )
            database.commit()

    def sign(self, number: str, content: bytes) -> bytes:
        """The voter's attached signature (CMS, DER)."""
        voter = next(v for v in self.voters if v["number"] == number)
        leaf = self.authority.issue_person(number, voter["name"]["ru"])
        return self.authority.sign_cms(leaf, content)


@contextmanager
def serving(
    folder: Path,
    *,
    demo: bool = True,
    hours: int = -2,
    trusted: Sequence[TestAuthority] = (),
    methods: str = "sms,eds",
    identity: str = "",
    several: bool = False,
) -> Iterator[Site]:
    """Found the election in `folder` and serve it on a free port of this machine.

    `methods` from the weakest; `identity` is the operator's `identity.toml`. Where it describes
    numbers, voters are `M-000001` and so on.

    Voting opens `hours` from now and takes three days. Authorities `trusted` are trusted too.
    """
    authority = TestAuthority.create(datetime.now(UTC) - timedelta(minutes=1))
    (folder / "anchors").mkdir(parents=True)
    for number, one in enumerate((authority, *trusted)):
        (folder / "anchors" / f"test-root-{number}.cer").write_bytes(one.root)
    if identity:
        (folder / "identity.toml").write_text(identity)
    (folder / "static").mkdir()  # WhiteNoise warns without it
    lay_out(folder)
    environment = {
        **os.environ,
        "DAUYS_DATA": str(folder),
        "DAUYS_DEMO": "1" if demo else "0",
        "DAUYS_HOSTS": "127.0.0.1",
    }
    subprocess.run(
        [
            *(sys.executable, "-m", "tests.web.portal_site", str(folder), str(hours), methods),
            *(["several"] if several else []),
        ],
        env=environment,
        check=True,
    )
    kept = json.loads((folder / "demo.json").read_text())
    demo_signer.keep(folder, authority, _signers(kept["voters"]))
    with pages(folder, environment) as url:
        yield Site(url, folder, authority, kept["voters"], kept["election"])


def entrepreneurs(kept: dict[str, Any], contest: str) -> Iterator[dict[str, Any]]:
    """Persons of a contest who have not voted, as `demo.json` describes them."""
    wanted = contest, "entrepreneur"
    return (one for one in kept["voters"] if (one["contest"], one["category"]) == wanted)


def _signers(voters: list[dict[str, Any]]) -> tuple[demo_signer.SampleSigner, ...]:
    people = [v for v in voters if v["category"] == "entrepreneur"]
    return tuple(
        demo_signer.SampleSigner(
            number=voter["number"],
            iin=voter["number"] if voter in people else people[0]["number"],
            name=voter["name"]["ru"],
            organisation="" if voter in people else voter["name"]["ru"],
        )
        for voter in voters
    )


def found(data: Path, hours: int, methods: tuple[str, ...], *, several: bool = False) -> None:
    """Found the election in `data`, whose tables are made here; open it when its hour has come."""
    from dauys.store.startup import make_tables, start

    start(data)
    make_tables()

    from dauys.core.ids import ElectionId
    from dauys.crypto.election import new_uuid
    from dauys.identity.register import read_table, suggest_mapping
    from dauys.scenario import asking, founding
    from dauys.scenario.clockwork import SimulatedClock
    from dauys.scenario.electorate import make_electorate
    from dauys.scenario.people_keys import SEATS, TRUSTEES, OfficeKeys
    from dauys.store.drafting import DraftDesk
    from dauys.wiring import Office

    now = datetime.now(UTC).replace(microsecond=0)
    opens = now + timedelta(hours=hours)
    electorate = make_electorate(VOTERS, 7, opens, opens + LENGTH)
    keys = OfficeKeys.generate(os.urandom)
    clock = SimulatedClock(opens - timedelta(hours=1))
    numbering = _identity(data).numbering
    electorate = _as_members(electorate) if numbering else electorate
    office = Office(data, clock, numbering=numbering or NationalNumbers())
    election = ElectionId(new_uuid(os.urandom))
    draft = DraftDesk(election)
    draft.create(SLUG, founding.NAME, founding.ORGANISER, "+7 7212 00 00 00")
    draft.set_times(electorate.start, electorate.end, "Asia/Almaty")
    draft.set_rules(
        methods=methods, policy="stronger", stratum_minimum=20, quorum=2, clock_step=300
    )
    for plan in electorate.contests:
        draft.put_contest(plan.id, plan.name, region=str(plan.id), uuid=new_uuid(os.urandom))
        if str(plan.id) == "ulytau" and several:
            _ask_three(draft, plan)
            continue
        many = str(plan.id) == "ulytau"
        draft.put_question(
            plan.id,
            asking.QUESTION,
            plan.name,
            seats=plan.seats,
            maximum=3 if many else 1,
            blank=many,
        )
        for candidate in plan.candidates:
            draft.put_candidate(plan.id, asking.QUESTION, candidate)
    for number, (name, key) in enumerate(zip(TRUSTEES, keys.trustees, strict=True), 1):
        draft.put_trustee(number, name, key.public.to_json())
    for seat, title in SEATS:
        draft.put_seat(seat, title, keys.commission[seat].public_hex)
    services = office.services(election)
    register = _members(electorate) if numbering else founding.register_csv(electorate)
    table = read_table((_weigh(register) if several else register).encode(), "register.csv")
    report = services.set_up.read_register(table, suggest_mapping(table.columns))
    if report.problems:
        raise RuntimeError(str(report.problems))
    services.set_up.accept_register(report.voters)
    services.set_up.seal()
    if hours <= 0:
        clock.advance(opens)
        services.counting.open()
    voters = [
        {
            "number": voter.number,
            "name": {"kk": voter.name.kk, "ru": voter.name.ru, "en": voter.name.en},
            "phone": voter.phone,
            "email": _mailbox(voter.number) if numbering else "",
            "category": str(voter.category),
            "contest": str(voter.contest),
            "note": {"kk": "Ескертпе", "ru": "Примечание", "en": "Note"},
        }
        for voter in electorate.voters
    ]
    account = {
        "username": "organiser",
        "password": "demo",
        "totp_secret": "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ",
        "roles": ["organiser"],
        "key_file": "commission-chair.json",
    }
    kept = {
        "election": str(election),
        "slug": SLUG,
        "voters": voters,
        "accounts": [account],
        "holders": "holders",
        "passphrase": "demo",
    }
    (data / "demo.json").write_text(json.dumps(kept, ensure_ascii=False))


def _identity(data: Path) -> IdentitySettings:
    file = data / "identity.toml"
    if not file.exists():
        return IdentitySettings()
    return read_settings(file.read_text(), os.environ, data)


def _as_members(electorate: "Electorate") -> "Electorate":
    members = (replace(v, number=f"M-{v.register_number:06}") for v in electorate.voters)
    return replace(electorate, voters=tuple(members))


def _members(electorate: "Electorate") -> str:
    """The register of a union: members, and nothing of a country."""
    rows = (
        f"{v.number};{v.name.ru};{v.region};{v.phone};{_mailbox(v.number)}"
        for v in electorate.voters
    )
    return "\n".join(("Membership;Name;Region;Phone;E-mail", *rows)) + "\n"


def _mailbox(number: str) -> str:
    return f"{number.lower()}@members.example.org"


def _ask_three(draft: "DraftDesk", plan: "ContestPlan") -> None:
    """A chair or a blank vote; up to two auditors, or nobody; a list for the council."""
    from dauys.core.contests import QuestionKind
    from dauys.core.forms import Text
    from dauys.core.ids import CandidateId, ListId, QuestionId

    chair, audit, council = map(QuestionId, ("chair", "audit", "council"))
    titles = {
        chair: Text(kk="Кеңес төрағасы", ru="Председатель совета", en="Chair of the council"),
        audit: Text(kk="Тексеру комиссиясы", ru="Ревизионная комиссия", en="Audit commission"),
        council: Text(kk="Кеңес мүшелері", ru="Члены совета", en="Members of the council"),
    }
    draft.put_question(plan.id, chair, titles[chair], blank=True)
    draft.put_question(plan.id, audit, titles[audit], seats=2, minimum=0, maximum=2)
    draft.put_question(plan.id, council, titles[council], kind=QuestionKind.LISTS, seats=2)
    for question in (chair, audit):
        for candidate in plan.candidates:
            named = msgspec.structs.replace(candidate, id=CandidateId(f"{candidate.id}-{question}"))
            draft.put_candidate(plan.id, question, named)
    halves = (plan.candidates[:2], plan.candidates[2:])
    for name, candidates in zip(("Бірлік", "Өрлеу"), halves, strict=True):
        group = ListId(f"list-{len(candidates)}-{candidates[0].id}")
        draft.put_list(plan.id, council, group, name)
        for candidate in candidates:
            draft.put_candidate(plan.id, council, candidate, group)


def _weigh(register: str) -> str:
    """The register with a column more: weights 1, 2, 3, 1, …"""
    lines = register.splitlines()
    weighed = [f"{line};{1 + place % 3}" for place, line in enumerate(lines[1:])]
    return "\n".join([f"{lines[0]};Вес голоса", *weighed]) + "\n"


if __name__ == "__main__":
    offered = tuple((sys.argv[3] if sys.argv[3:] else "sms,eds").split(","))
    found(Path(sys.argv[1]), int(sys.argv[2]), offered, several=sys.argv[4:] == ["several"])
