"""A dry run of a register in the reader's words, and what a new import would change."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from django.conf import settings
from django.utils.translation import gettext

from dauys.conduct.people import Voter
from dauys.core.ids import ContestId
from dauys.identity.register import (
    ColumnMapping,
    ImportReport,
    RegisterVoter,
    Table,
    diff_registers,
    problem_text,
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
    categories: str


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
        (contest, category, voters)
        for contest, categories in services.voters.counts().items()
        for category, voters in categories.items()
    ]
    return Current(services.voters.count(), draft.register, _counts(draft, counts), draft.sealed)


def dry_run(services: Services, report: ImportReport) -> DryRun:
    """The report of an import in words."""
    draft = outline(services.election)
    locale = saying.locale()
    return DryRun(
        voters=len(report.voters),
        problems=len(report.problems),
        bad_rows=len({problem.row for problem in report.problems}),
        counts=_counts(draft, [(c.contest, c.category, c.voters) for c in report.counts]),
        notices=tuple((gettext(NOTICES[n.code]), n.rows) for n in report.notices),
        rows=tuple(
            Row(p.row, p.column, p.value, problem_text(p, locale)) for p in report.problems[:SHOWN]
        ),
        change=_change(services, report.voters),
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
        phone=voter.phone,
        precinct=voter.precinct or None,
        household=voter.household or None,
    )


def _counts(
    draft: Outline, counts: Iterable[tuple[ContestId, str, int]]
) -> tuple[ContestCount, ...]:
    names = {contest.word: saying.say(contest.name) for contest in draft.contests}
    totals: Counter[ContestId] = Counter()
    lines: dict[ContestId, list[str]] = {}
    for contest, category, voters in counts:
        totals[contest] += voters
        lines.setdefault(contest, []).append(f"{saying.category_name(category)}: {voters}")
    return tuple(
        ContestCount(names.get(contest, contest), total, "; ".join(lines[contest]))
        for contest, total in totals.items()
    )
