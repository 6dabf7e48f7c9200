"""What the auditor reads: decisions on the board, looks at private data, counts, files."""

import csv
import io
import zipfile
from collections.abc import Iterable
from dataclasses import dataclass

from dauys.board.publish import files
from dauys.identity.register.problems import inert
from dauys.store.accounts import Access, accesses
from dauys.store.figures import Figures
from dauys.web.console import saying
from dauys.web.console.pages.decisions import remedy_words
from dauys.wiring import Services


@dataclass(frozen=True, slots=True)
class DecisionLine:
    """A decision on the board."""

    number: int
    remedy: str
    reason: str
    proposed: str
    entry: int
    signed_by: str
    in_force: bool


@dataclass(frozen=True, slots=True)
class AccessLine:
    """A look at private data."""

    at: str
    who: str
    what: str
    reason: str


@dataclass(frozen=True, slots=True)
class Audit:
    """The page as a whole."""

    decisions: tuple[DecisionLine, ...]
    accesses: tuple[AccessLine, ...]
    evidence: int
    unasked: int
    signals: int
    permits: int
    ballots: int
    cases: int
    size: int
    checkpoint: str


def audit(services: Services) -> Audit:
    """Everything the auditor sees at a glance."""
    figures = Figures(services.election)
    with services.journal.reading() as state:
        zone = state.manifest.zone
        seats = {member.id: saying.say(member.name) for member in state.manifest.commission}
        decisions = tuple(
            DecisionLine(
                number=record.decision.number,
                remedy=remedy_words(state, record.decision.remedy),
                reason=saying.say(record.decision.reason),
                proposed=saying.when(record.decision.proposed, zone),
                entry=record.index,
                signed_by=", ".join(seats[member] for member in record.approved_by),
                in_force=record.in_force is not None,
            )
            for record in state.decisions.values()
        )
        ballots, size = len(state.ballots), state.size
    return Audit(
        decisions=decisions,
        accesses=tuple(_access(one, zone) for one in accesses(100)),
        evidence=figures.evidence_kept(),
        unasked=services.recheck.pending(),
        signals=figures.signals_kept(),
        permits=services.permits.issued(),
        ballots=ballots,
        cases=len(services.cases.find()),
        size=size,
        checkpoint=services.journal.checkpoint(),
    )


def access_csv(rows: Iterable[Access]) -> str:
    """The log of looks at private data as a table; times in UTC."""
    target = io.StringIO()
    writer = csv.writer(target)
    writer.writerow(("time", "account", "what", "reason"))
    for row in rows:
        cells = row.who, row.what, row.reason
        writer.writerow((row.at.isoformat(), *map(inert, cells)))
    return target.getvalue()


def published_zip(services: Services) -> bytes:
    """The board's files in one archive, for people who work without a network.

    Packed lightly: half of every ballot is random, and nobody waits three times as long for a
    tenth of the rest.
    """
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive:
        for name, content in files(services.journal):
            archive.writestr(name, content)
    return target.getvalue()


def _access(row: Access, zone: str) -> AccessLine:
    return AccessLine(saying.briefly(row.at, zone), row.who, row.what, row.reason)
