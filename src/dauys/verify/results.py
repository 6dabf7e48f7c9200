"""Results: decrypted numbers, votes taken away, counts, who is elected.

docs/protocol.md, section 8. Each check is of the published fields alone, from the fields
before it as they ought to be, so that one mistake is not reported under every name.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from dauys.core.entries import CandidateVotes, Contest, Result, Tally, ZeroedVotes
from dauys.core.errors import DauysError
from dauys.core.ids import CandidateId, ContestId, DecisionNumber, MethodId
from dauys.crypto.tally import check_result, flat, parse_result
from dauys.verify.checks import Findings
from dauys.verify.history import CastBallot, History
from dauys.verify.strata import TOTAL
from dauys.verify.tallies import DecryptedStratum

DECRYPTION = "result-decryption"
ZEROED = "result-zeroed"
COUNTS = "result-counts"
ELECTED = "result-elected"
_ALL = (DECRYPTION, ZEROED, COUNTS, ELECTED)


@dataclass(frozen=True, slots=True)
class Votes:
    """The decrypted numbers of a stratum, in the order of the ballot paper."""

    by_candidate: dict[CandidateId, int]
    blank: int | None


def check_results(
    history: History,
    counted: dict[ContestId, tuple[CastBallot, ...]],
    decrypted: dict[ContestId, tuple[DecryptedStratum, ...]],
    findings: Findings,
) -> None:
    """Check the result of every contest that has one."""
    for contest in history.manifest.contests:
        published = history.results.get(contest.id)
        if published is None:
            for name in _ALL:
                findings.not_yet(name, f"{contest.id} has no result yet")
            continue
        if contest.id not in history.tallies:
            for name in _ALL:
                findings.skip(name, f"{contest.id} has no tally")
            continue
        number, result = published
        votes = _votes(history, contest, number, result, findings)
        _check_decrypted(number, result, decrypted.get(contest.id), findings)
        _check_contest(history, contest, counted[contest.id], votes, findings)
    findings.ran(*_ALL, seen=f"{len(history.results)} results")


def expected_zeroed(
    history: History,
    contest: ContestId,
    counted: Sequence[CastBallot],
    votes: dict[str, Votes],
) -> tuple[ZeroedVotes, ...]:
    """Votes taken away by each zero decision in force, by number."""
    tally = history.tallies[contest][1]
    done: set[tuple[CandidateId, MethodId]] = set()
    zeroed = []
    for number, zero in sorted(history.zeros.items()):
        if zero.contest != contest:
            continue
        stratum = _stratum_of(tally, zero.method)
        taken: int | None
        if (zero.candidate, zero.method) in done or all(b.method != zero.method for b in counted):
            taken = 0
        elif stratum is None or stratum not in votes:
            taken = None
        else:
            taken = votes[stratum].by_candidate.get(zero.candidate, 0)
            done.add((zero.candidate, zero.method))
        zeroed.append(
            ZeroedVotes(
                decision=DecisionNumber(number),
                candidate=zero.candidate,
                method=zero.method,
                votes=taken,
            )
        )
    return tuple(zeroed)


def elected_and_tied(
    counts: Sequence[tuple[CandidateId, int]], seats: int
) -> tuple[tuple[CandidateId, ...], tuple[CandidateId, ...]]:
    """Who is sure of a seat, and who shares the last ones; both in the order of `counts`."""
    ranked = sorted((votes for _, votes in counts), reverse=True)
    threshold = ranked[seats - 1] if seats <= len(ranked) else 0
    reaching = [(c, votes) for c, votes in counts if votes >= threshold and votes > 0]
    # With threshold 0 those without votes reach it too, and are never elected or tied.
    if sum(votes >= threshold for _, votes in counts) <= seats:
        return tuple(c for c, _ in reaching), ()
    return (
        tuple(c for c, votes in reaching if votes > threshold),
        tuple(c for c, votes in reaching if votes == threshold),
    )


def _votes(
    history: History, contest: Contest, number: int, result: Result, findings: Findings
) -> dict[str, Votes]:
    """What each stratum's result says, as far as it can be read."""
    names = [stratum.name for stratum in history.tallies[contest.id][1].strata]
    if [stratum.name for stratum in result.strata] != names:
        findings.fault_at(DECRYPTION, number, f"the strata are to be {', '.join(names)}")
    candidates = history.candidate_ids(contest.id)
    votes = {}
    for stratum in result.strata:
        try:
            (row,) = map(flat, parse_result(stratum.result))
        except (DauysError, ValueError) as error:
            findings.fault_at(DECRYPTION, number, f"stratum {stratum.name}: {error}")
            continue
        blank, choices = (row[0], row[1:]) if contest.blank and row else (None, row)
        if len(choices) != len(candidates):
            findings.fault_at(DECRYPTION, number, f"stratum {stratum.name}: not one per choice")
            continue
        votes[stratum.name] = Votes(dict(zip(candidates, choices, strict=True)), blank)
    return votes


def _check_decrypted(
    number: int,
    result: Result,
    decrypted: tuple[DecryptedStratum, ...] | None,
    findings: Findings,
) -> None:
    texts = {stratum.name: stratum.result for stratum in result.strata}
    if decrypted is None:
        findings.skip(DECRYPTION, f"{result.contest}: nothing decrypted to compare with")
        return
    for stratum in decrypted:
        where = f"{result.contest}, stratum {stratum.name}"
        if not stratum.complete:
            findings.skip(DECRYPTION, f"{where}: a partial decryption is missing or wrong")
        elif stratum.name in texts:
            try:
                numbers = parse_result(texts[stratum.name])
                check_result(stratum.tally, stratum.partials, numbers)
            except DauysError as error:
                findings.fault_at(DECRYPTION, number, f"{where}: {error}")


def _check_contest(
    history: History,
    contest: Contest,
    counted: Sequence[CastBallot],
    votes: dict[str, Votes],
    findings: Findings,
) -> None:
    number, result = history.results[contest.id]
    total = votes.get(TOTAL)
    if total is None:
        for name in (ZEROED, COUNTS, ELECTED):
            findings.skip(name, f"{contest.id}: the stratum '{TOTAL}' has no readable result")
        return
    zeroed = expected_zeroed(history, contest.id, counted, votes)
    if result.zeroed != zeroed:
        expected = ", ".join(f"decision {z.decision}: {_or_none(z.votes)}" for z in zeroed)
        findings.fault_at(ZEROED, number, f"{contest.id}: not {expected or 'none'}")
    left = dict(total.by_candidate)
    for item in zeroed:
        if item.candidate in left:
            left[item.candidate] -= item.votes or 0
    counts = tuple(CandidateVotes(candidate=c, votes=v) for c, v in left.items() if v >= 0)
    if result.counts != counts or result.blank != total.blank:
        findings.fault_at(COUNTS, number, f"{contest.id}: not {_told(left, total.blank)}")
    elected, tied = elected_and_tied(list(left.items()), contest.seats)
    if (result.elected, result.tied) != (elected, tied):
        who = f"elected {', '.join(elected) or 'none'}; tied {', '.join(tied) or 'none'}"
        findings.fault_at(ELECTED, number, f"{contest.id}: not {who}")


def _stratum_of(tally: Tally, method: MethodId) -> str | None:
    """The stratum whose only method is `method`."""
    single = [stratum.name for stratum in tally.strata if stratum.methods == (method,)]
    own = [name for name in single if name != TOTAL] if len(tally.strata) > 1 else single
    return own[0] if own else None


def _or_none(votes: int | None) -> str:
    return "none can be" if votes is None else str(votes)


def _told(counts: dict[CandidateId, int], blank: int | None) -> str:
    told = ", ".join(f"{candidate} {votes}" for candidate, votes in counts.items())
    return told if blank is None else f"{told}, blank {blank}"
