"""Sets up the simulated election through the services: draft, register, keys, sealing."""

import csv
import io

from dauys.core.forms import Text
from dauys.core.ids import ElectionId
from dauys.core.ports import RandomSource
from dauys.crypto.election import new_uuid
from dauys.identity.register import read_table, suggest_mapping
from dauys.scenario.asking import Ask, papers
from dauys.scenario.people import Category, ContestPlan, Electorate
from dauys.scenario.people_keys import SEATS, TRUSTEES, OfficeKeys
from dauys.store.ceremonies import CeremonyBook
from dauys.store.drafting import DraftDesk
from dauys.wiring import Office, Services

CATEGORY_NAMES = {
    Category.ENTREPRENEUR: "ИП",
    Category.COMPANY: "ТОО",
    Category.ASSOCIATION: "Ассоциация",
    Category.SELF_REGULATED: "СРО",
}
NAME = Text(
    kk="Кәсіпкерлер палатасы өңірлік кеңестерінің сайлауы",
    ru="Выборы региональных советов палаты предпринимателей",
    en="Election of the regional councils of the chamber of entrepreneurs",
)
ORGANISER = Text(
    kk="Кәсіпкерлер палатасы", ru="Палата предпринимателей", en="Chamber of Entrepreneurs"
)
COLUMNS = ("ИИН/БИН", "Наименование", "Категория", "Регион", "Телефон", "Участок", "Адрес")
WEIGHT = "Голосов"


class FoundingError(Exception):
    """The simulated register did not import cleanly."""


def found(
    office: Office,
    electorate: Electorate,
    keys: OfficeKeys,
    *,
    slug: str,
    random: RandomSource,
    ask: Ask = Ask.ONE,
) -> Services:
    """Create, fill and seal the election. Voting is opened later."""
    election = ElectionId(new_uuid(random))
    draft = DraftDesk(election)
    _draft(draft, electorate, keys, slug)
    for plan in electorate.contests:
        _contest(draft, plan, ask, random)
    services = office.services(election)
    _import(services, electorate)
    services.set_up.seal()
    return services


def _draft(draft: DraftDesk, electorate: Electorate, keys: OfficeKeys, slug: str) -> None:
    draft.create(slug, NAME, ORGANISER, "+7 7212 00 00 00")
    draft.set_times(electorate.start, electorate.end, "Asia/Almaty")
    draft.set_rules(
        methods=("sms", "eds"), policy="stronger", stratum_minimum=20, quorum=2, clock_step=300
    )
    if keys.ceremony is not None:
        book = CeremonyBook(draft.election)
        number = book.begin(keys.ceremony.plan)
        for message in keys.ceremony.messages:
            book.take(number, *message)
    else:
        for number, (name, key) in enumerate(zip(TRUSTEES, keys.trustees, strict=True), 1):
            draft.put_trustee(number, name, key.public.to_json())
    for seat, title in SEATS:
        draft.put_seat(seat, title, keys.commission[seat].public_hex)


def _contest(draft: DraftDesk, plan: ContestPlan, ask: Ask, random: RandomSource) -> None:
    draft.put_contest(plan.id, plan.name, region=str(plan.id), uuid=new_uuid(random))
    for paper in papers(plan, ask):
        rule = paper.rule
        draft.put_question(
            plan.id,
            rule.id,
            rule.text,
            kind=rule.kind,
            seats=rule.seats,
            minimum=rule.minimum,
            maximum=rule.maximum,
            blank=rule.blank,
        )
        for candidate in paper.candidates:
            draft.put_candidate(plan.id, rule.id, candidate)
        for group in paper.lists:
            draft.put_list(plan.id, rule.id, group.id, group.name)
            for candidate in group.candidates:
                draft.put_candidate(plan.id, rule.id, candidate, group.id)


def _import(services: Services, electorate: Electorate) -> None:
    table = read_table(register_csv(electorate).encode(), "register.csv")
    report = services.set_up.read_register(table, suggest_mapping(table.columns))
    if report.problems:
        raise FoundingError(f"{len(report.problems)} rows of the register were not taken")
    services.set_up.accept_register(report.voters)


def register_csv(electorate: Electorate) -> str:
    """The register as a chamber would hand it in; with weights if there are any."""
    weighted = any(voter.weight > 1 for voter in electorate.voters)
    stream = io.StringIO()
    writer = csv.writer(stream, delimiter=";")
    writer.writerow((*COLUMNS, WEIGHT) if weighted else COLUMNS)
    for voter in electorate.voters:
        writer.writerow(
            (
                voter.number,
                voter.name.ru,
                CATEGORY_NAMES[voter.category],
                voter.region,
                voter.phone,
                voter.precinct,
                voter.household or "",
                *((voter.weight,) if weighted else ()),
            )
        )
    return stream.getvalue()
