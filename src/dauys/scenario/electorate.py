"""An electorate from a seed: a register of two regions, and the visits of those who vote."""

from collections.abc import Iterator
from datetime import datetime
from random import Random

from dauys.core.forms import Text
from dauys.core.ids import ContestId, RegisterNumber
from dauys.scenario import names
from dauys.scenario.asking import WEIGHTS
from dauys.scenario.candidates import CONTESTS
from dauys.scenario.habits import on_refusal, plan_visits
from dauys.scenario.network import address_book_csv
from dauys.scenario.people import KARAGANDA, ULYTAU, Category, Electorate, Voter
from dauys.scenario.rhythm import make_rhythm

FEWEST_VOTERS = 20

_KARAGANDA_SHARE = 0.7
_COMPANY_SHARE = 0.36
_ORGANISATION_SHARE = 0.01
_SHARES_HOUSEHOLD = 0.06
_OWNS_SIGNATURE = {
    Category.ENTREPRENEUR: 0.55,
    Category.COMPANY: 0.9,
    Category.ASSOCIATION: 1.0,
    Category.SELF_REGULATED: 1.0,
}
_TOWNS = {KARAGANDA: "Қарағанды", ULYTAU: "Жезқазған"}
_STREETS = ("Дала көшесі", "Көктем көшесі", "Кенші көшесі", "Бейбіт көшесі", "Жаңа көшесі")


def make_electorate(
    voters: int, seed: int, start: datetime, end: datetime, *, weighted: bool = False
) -> Electorate:
    """Simulate a register of `voters` lines and the honest visits to an election.

    If votes are `weighted`, organisations have more of them; people and visits are the same.

    `voters >= 20`; `start < end`, both with zones. About 55 % vote. Every visit that is
    planned ends before `end`. The same arguments give the same electorate.
    """
    if voters < FEWEST_VOTERS:
        raise ValueError(f"fewer than {FEWEST_VOTERS} voters")
    random = Random(seed)
    rhythm = make_rhythm(start, end)
    register = tuple(_register(voters, random, weighted=weighted))
    visits = sorted(
        (v for v in plan_visits(register, CONTESTS, rhythm, random) if v.cast_at < end),
        key=lambda visit: (visit.time, visit.register_number),
    )
    return Electorate(
        start=start,
        end=end,
        contests=CONTESTS,
        voters=register,
        visits=tuple(visits),
        reminders=rhythm.reminders,
        address_book=address_book_csv(),
    )


def _register(voters: int, random: Random, *, weighted: bool) -> Iterator[Voter]:
    """Yield the register: region by region, households on neighbouring lines."""
    iins, bins = names.person_numbers(random), names.organisation_numbers(random)
    phones = names.phones(random)
    first_of_ulytau = round(voters * _KARAGANDA_SHARE) + 1
    before: Voter | None = None
    for line in range(1, voters + 1):
        contest = KARAGANDA if line < first_of_ulytau else ULYTAU
        first = 1 if contest == KARAGANDA else first_of_ulytau
        category = _category(line - first, random)
        with_neighbour = (
            before is not None
            and before.contest == contest
            and before.household is not None
            and before.household.endswith(f"-{line - 1}")
        )
        household = before.household if before is not None and with_neighbour else None
        if household is None and random.random() < _SHARES_HOUSEHOLD:
            household = f"{contest}-{line}"
        signs = random.random() < _OWNS_SIGNATURE[category]
        before = Voter(
            register_number=RegisterNumber(line),
            number=next(iins if category == Category.ENTREPRENEUR else bins),
            name=_name(category, line, random),
            category=category,
            contest=contest,
            region=str(contest),
            precinct=f"{contest}-{(line - first) // 100 + 1:02d}",
            address=before.address if before and with_neighbour else _address(contest, random),
            household=household,
            phone=next(phones),
            has_signature=signs,
            on_refusal=on_refusal(random, has_signature=signs),
            weight=WEIGHTS[category] if weighted else 1,
        )
        yield before


def _category(place: int, random: Random) -> Category:
    """Give every region an association and a self-regulated organisation near its top."""
    if place in {1, 2}:
        return (Category.ASSOCIATION, Category.SELF_REGULATED)[place - 1]
    drawn = random.random()
    if drawn < _ORGANISATION_SHARE:
        return random.choice((Category.ASSOCIATION, Category.SELF_REGULATED))
    if drawn < _ORGANISATION_SHARE + _COMPANY_SHARE:
        return Category.COMPANY
    return Category.ENTREPRENEUR


def _name(category: Category, line: int, random: Random) -> Text:
    match category:
        case Category.ENTREPRENEUR:
            return names.entrepreneur_name(line)
        case Category.COMPANY:
            return names.company_name(line, random)
        case Category.ASSOCIATION:
            return names.association_name(line, random)
        case Category.SELF_REGULATED:
            return names.self_regulated_name(line, random)


def _address(contest: ContestId, random: Random) -> str:
    return f"{_TOWNS[contest]}, {random.choice(_STREETS)}, {random.randint(1, 180)}"
