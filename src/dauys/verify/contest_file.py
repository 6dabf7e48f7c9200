"""One contest, or one stratum of it, taken out of the log: what an archive of it holds.

docs/protocol.md, section 10. The log is replayed and its tree checked first; the proofs
are for whoever reads the archive.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from dauys.core.contests import Contest
from dauys.core.entries import BallotEntry, StratumTally, decode_entry
from dauys.core.errors import RefusedError, VerificationError
from dauys.core.forms import parse_instant
from dauys.core.ids import ContestId
from dauys.verify.audit import read_log
from dauys.verify.countable import countable
from dauys.verify.executors import Progress, no_progress
from dauys.verify.history import CastBallot, History, Stage
from dauys.verify.log import PublishedLog
from dauys.verify.manifest import voters_of, weight_of
from dauys.verify.strata import TOTAL
from dauys.verify.tallies import expected_strata


@dataclass(frozen=True, slots=True)
class ContestFile:
    """Texts byte for byte as in the log; only what is there yet."""

    timestamp: int
    """Seconds since 1970 of the last time in the log."""
    election: str
    trustees: str
    credentials: tuple[str, ...]
    """Each followed by a comma and the weight, where votes are weighted."""
    ballots: Iterable[str]
    """The countable ballots in log order; read from the files when asked for."""
    ended: bool
    tally: StratumTally | None
    decryptions: tuple[tuple[int, str], ...]
    """With the trustee's place, from 1."""
    result: str | None


def read_contest(
    folder: Path,
    contest: ContestId,
    stratum: str = TOTAL,
    progress: Progress = no_progress,
) -> ContestFile:
    """Read `stratum` of `contest` from the log in `folder`.

    Raises UnreadableError; VerificationError if the log is not in order; RefusedError
    (no_such_contest, no_such_stratum, not_sealed).
    """
    log, replay, findings = read_log(folder, progress)
    history, faulty = replay.history, findings.faulty()
    if faulty or log is None or history is None:
        raise VerificationError("log", f"see 'dauys verify': {', '.join(faulty)}")
    rules = history.contest(contest)
    if rules is None:
        raise RefusedError("no_such_contest", contest)
    if history.trustees is None:
        raise RefusedError("not_sealed")
    counted = countable(history)[contest]
    groups = {s.name: s.methods for s in expected_strata(history, counted)}
    if stratum not in groups:
        raise RefusedError("no_such_stratum", f"{stratum}; there are {', '.join(groups)}")
    ballots = tuple(ballot for ballot in counted if ballot.method in groups[stratum])
    return _contest_file(log, history, rules, stratum, ballots)


def _contest_file(
    log: PublishedLog,
    history: History,
    rules: Contest,
    stratum: str,
    ballots: tuple[CastBallot, ...],
) -> ContestFile:
    contest, weighted = rules.id, weight_of(rules) != voters_of(rules)
    trustees = history.trustees
    elections = {} if trustees is None else {e.contest: e.election for e in trustees.elections}
    if trustees is None or contest not in elections:
        raise VerificationError("elections", f"{contest} has none")
    tally = history.tallies.get(contest)
    result = history.results.get(contest)
    parts = sorted(
        (trustee, part.text)
        for (of, name, trustee), part in history.decryptions.items()
        if (of, name) == (contest, stratum)
    )
    return ContestFile(
        timestamp=int(parse_instant(history.time or history.manifest.opens).timestamp()),
        election=elections[contest],
        trustees=trustees.trustees,
        credentials=tuple(
            f"{ballot.credential},{ballot.weight}" if weighted else ballot.credential
            for ballot in ballots
        ),
        ballots=_Ballots(log, frozenset(ballot.entry for ballot in ballots)),
        ended=history.stage >= Stage.CLOSED,
        tally=None if tally is None else _named(tally[1].strata, stratum),
        decryptions=tuple(parts),
        result=None
        if result is None
        else next((s.result for s in result[1].strata if s.name == stratum), None),
    )


def _named(strata: tuple[StratumTally, ...], name: str) -> StratumTally | None:
    return next((stratum for stratum in strata if stratum.name == name), None)


@dataclass(frozen=True, slots=True)
class _Ballots:
    """The texts of the ballots at `entries`, read anew each time."""

    log: PublishedLog
    entries: frozenset[int]

    def __iter__(self) -> Iterator[str]:
        for number, data in self.log.same_entries():
            if number in self.entries:
                entry = decode_entry(data)
                if isinstance(entry, BallotEntry):
                    yield entry.ballot
