"""A dry run of a register in the reader's words, and what a new import would change."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from django.conf import settings
from django.utils.translation import gettext

from dauys.conduct.people import Voter
from dauys.core.ids import ContestId
from dauys.identity.register import (
    ColumnMapping,
    ImportReport,
    RegisterCount,
    RegisterVoter,
    Table,
    diff_registers,
    problem_text,
    rare_weights,
    read_table,
    suggest_mapping,
)
from dauys.store.outline import Outline, outline
from dauys.store.uploads import Uploads
from dauys.web.console import saying
from dauys.web.console.words import NOTICES
from dauys.wiring import Services

SHOWN = 100


@dataclass(frozen=True, slots=True)
class Row:
    """A fault of a row."""

    row: int
    column: str
    value: str
    words: str


@dataclass(frozen=True, slots=True)
class ContestCount:
    """Voters of a contest by category."""

    contest: str
    voters: int
    weight: int
    categories: str

    @property
    def weighted(self) -> bool:
        """Whether some voter has more than one vote."""
        return self.weight > self.voters


@dataclass(frozen=True, slots=True)
class RareLine:
    """A weight that says who somebody is."""

    contest: str
    weight: int
    voters: int


@dataclass(frozen=True, slots=True)
class DryRun:
    """What an import would come to. `rows` are the first problems of `problems` in all."""

    voters: int
    problems: int
    bad_rows: int
    counts: tuple[ContestCount, ...]
    notices: tuple[tuple[str, int], ...]
    rows: tuple[Row, ...]
    change: "Change | None"
    rare: tuple[RareLine, ...]


@dataclass(frozen=True, slots=True)
class Change:
    """How the file differs from the register accepted before."""

    added: int
    removed: int
    changed: int


@dataclass(frozen=True, slots=True)
class Current:
    """The register accepted so far."""

    voters: int
    sha256: str
    counts: tuple[ContestCount, ...]
    sealed: bool
    rare: tuple[RareLine, ...]


def uploads(services: Services) -> Uploads:
    """Where registers wait to be accepted."""
    return Uploads(Path(settings.DATA) / "imports", services.election)


def table_of(services: Services, token: str) -> Table:
    """The uploaded table. Raises LookupError, MalformedError."""
    data, name = uploads(services).read(token)
    return read_table(data, name)


def suggestion(table: Table) -> ColumnMapping:
    """Which column probably holds what."""
    return suggest_mapping(table.columns)


def current(services: Services) -> Current:
    """The register so far."""
    draft = outline(services.election)
    counts = [
        RegisterCount(contest, one.category, one.voters, one.weight)
        for contest, categories in services.voters.counts().items()
        for one in categories
    ]
    return Current(
        services.voters.count(),
        draft.register,
        _counts(draft, counts),
        draft.sealed,
        _rare(draft, services.voters.weights()),
    )


def dry_run(services: Services, report: ImportReport) -> DryRun:
    """The report of an import in words."""
    draft = outline(services.election)
    locale = saying.locale()
    return DryRun(
        voters=len(report.voters),
        problems=len(report.problems),
        bad_rows=len({problem.row for problem in report.problems}),
        counts=_counts(draft, report.counts),
        notices=tuple((gettext(NOTICES[n.code]), n.rows) for n in report.notices),
        rows=tuple(
            Row(p.row, p.column, p.value, problem_text(p, locale)) for p in report.problems[:SHOWN]
        ),
        change=_change(services, report.voters),
        rare=_rare(draft, _weights(report.voters)),
    )


def _change(services: Services, voters: tuple[RegisterVoter, ...]) -> Change | None:
    old = [_as_registered(voter) for voter in services.voters.all()]
    if not old:
        return None
    found = diff_registers(old, voters)
    return Change(len(found.added), len(found.removed), len(found.changed))


def _as_registered(voter: Voter) -> RegisterVoter:
    return RegisterVoter(
        register_number=voter.register_number,
        number=voter.number,
        name=voter.name,
        category=voter.category,
        region=voter.region,
        contest=voter.contest,
        weight=voter.weight,
        phone=voter.phone,
        precinct=voter.precinct or None,
        household=voter.household or None,
        email=voter.email,
    )


def _counts(draft: Outline, counts: Iterable[RegisterCount]) -> tuple[ContestCount, ...]:
    names = {contest.word: saying.say(contest.name) for contest in draft.contests}
    voters: Counter[ContestId] = Counter()
    weights: Counter[ContestId] = Counter()
    lines: dict[ContestId, list[str]] = {}
    for count in counts:
        voters[count.contest] += count.voters
        weights[count.contest] += count.weight
        line = f"{saying.category_name(count.category)}: {count.voters}"
        lines.setdefault(count.contest, []).append(line)
    return tuple(
        ContestCount(
            names.get(contest, contest), total, weights[contest], "; ".join(lines[contest])
        )
        for contest, total in voters.items()
    )


def _weights(voters: Iterable[RegisterVoter]) -> dict[ContestId, Counter[int]]:
    found: dict[ContestId, Counter[int]] = {}
    for voter in voters:
        found.setdefault(voter.contest, Counter())[voter.weight] += 1
    return found


def _rare(draft: Outline, weights: Mapping[ContestId, Mapping[int, int]]) -> tuple[RareLine, ...]:
    names = {contest.word: saying.say(contest.name) for contest in draft.contests}
    return tuple(
        RareLine(names.get(one.contest, one.contest), one.weight, one.voters)
        for one in rare_weights(weights, draft.stratum_minimum)
    )
