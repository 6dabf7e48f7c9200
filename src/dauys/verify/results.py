"""Results: decrypted numbers, votes taken away, counts, who is elected.

docs/protocol.md, section 8. Each check is of the published fields alone, from the fields
before it as they ought to be, so that one mistake is not reported under every name.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from dauys.core.contests import Contest, QuestionRule
from dauys.core.entries import (
    Candidates,
    CandidateVotes,
    ListVotes,
    QuestionResult,
    Result,
    Tally,
    ZeroedVotes,
)
from dauys.core.errors import DauysError
from dauys.core.ids import CandidateId, ContestId, DecisionNumber, ListId, MethodId
from dauys.crypto.tally import ResultRow, check_result, flat, parse_result
from dauys.verify.checks import Findings
from dauys.verify.history import CastBallot, History
from dauys.verify.seats import elected_and_tied, elected_and_tied_on_lists
from dauys.verify.strata import TOTAL
from dauys.verify.tallies import DecryptedStratum

DECRYPTION = "result-decryption"
ZEROED = "result-zeroed"
COUNTS = "result-counts"
ELECTED = "result-elected"
_ALL = (DECRYPTION, ZEROED, COUNTS, ELECTED)


@dataclass(frozen=True, slots=True)
class Votes:
    """The decrypted numbers of a question and stratum, in the order of the ballot paper."""

    by_candidate: dict[CandidateId, int]
    by_list: dict[ListId, int]
    blank: int | None


@dataclass(frozen=True, slots=True)
class _Asked:
    """A question, who stands in it, and the numbers of each stratum, as far as readable."""

    contest: ContestId
    rule: QuestionRule
    paper: Candidates
    votes: dict[str, Votes]

    @property
    def where(self) -> str:
        """What faults are said of."""
        return f"{self.contest}, {self.rule.id}"


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
        rows = _rows(history, contest, number, result, findings)
        _check_decrypted(number, result, decrypted.get(contest.id), findings)
        _check_contest(history, contest, counted[contest.id], rows, findings)
    findings.ran(*_ALL, seen=f"{len(history.results)} results")


def expected_zeroed(
    history: History,
    contest: ContestId,
    counted: Sequence[CastBallot],
    paper: Candidates,
    votes: dict[str, Votes],
) -> tuple[ZeroedVotes, ...]:
    """Votes taken away from those of `paper` by each zero decision in force, by number."""
    tally = history.tallies[contest][1]
    standing = {candidate.id for candidate in paper.people}
    done: set[tuple[CandidateId, MethodId]] = set()
    zeroed = []
    for number, zero in sorted(history.zeros.items()):
        if zero.contest != contest or zero.candidate not in standing:
            continue
        stratum = _stratum_of(tally, zero.method)
        taken: int | None
        if (zero.candidate, zero.method) in done or all(b.method != zero.method for b in counted):
            taken = 0
        elif stratum is None or stratum not in votes:
            taken = None
        else:
            taken = votes[stratum].by_candidate[zero.candidate]
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


def _rows(
    history: History, contest: Contest, number: int, result: Result, findings: Findings
) -> dict[str, tuple[ResultRow, ...]]:
    """By stratum: a row of numbers for each question, as far as it can be read."""
    names = [stratum.name for stratum in history.tallies[contest.id][1].strata]
    if [stratum.name for stratum in result.strata] != names:
        findings.fault_at(DECRYPTION, number, f"the strata are to be {', '.join(names)}")
    rows = {}
    for stratum in result.strata:
        try:
            numbers = parse_result(stratum.result)
        except DauysError as error:
            findings.fault_at(DECRYPTION, number, f"stratum {stratum.name}: {error}")
            continue
        if len(numbers) == len(contest.questions):
            rows[stratum.name] = numbers
        else:
            findings.fault_at(DECRYPTION, number, f"stratum {stratum.name}: not one per question")
    return rows


def _read(rule: QuestionRule, paper: Candidates, row: ResultRow) -> Votes | None:
    """Whose each number is; None if they are not one per choice."""
    blanks, people = int(rule.blank), paper.candidates
    if not paper.lists:
        numbers = flat(row)
        if numbers != row or len(numbers) != blanks + len(people):
            return None
        by = {one.id: votes for one, votes in zip(people, numbers[blanks:], strict=True)}
        return Votes(by, {}, numbers[0] if blanks else None)
    groups = [group for group in row if isinstance(group, tuple)]
    if list(map(len, groups)) != [1 + len(group.candidates) for group in paper.lists]:
        return None
    pairs = list(zip(paper.lists, groups, strict=True))
    return Votes(
        {
            one.id: votes
            for group, numbers in pairs
            for one, votes in zip(group.candidates, numbers[1:], strict=True)
        },
        {group.id: numbers[0] for group, numbers in pairs},
        None,
    )


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
    rows: dict[str, tuple[ResultRow, ...]],
    findings: Findings,
) -> None:
    number, result = history.results[contest.id]
    ids = [question.id for question in contest.questions]
    if [question.question for question in result.questions] != ids:
        findings.fault_at(COUNTS, number, f"{contest.id}: the questions are {', '.join(ids)}")
        for name in (ZEROED, ELECTED):
            findings.skip(name, f"{contest.id}: its questions are not the manifest's")
        return
    for place, published in enumerate(result.questions):
        asked = _asked(history, contest, place, rows, findings)
        if asked is not None and TOTAL in asked.votes:
            _check_question(history, counted, asked, published, findings)
            continue
        for name in (ZEROED, COUNTS, ELECTED):
            where = f"{contest.id}, {published.question}"
            findings.skip(name, f"{where}: the stratum '{TOTAL}' has no readable result")


def _asked(
    history: History,
    contest: Contest,
    place: int,
    rows: dict[str, tuple[ResultRow, ...]],
    findings: Findings,
) -> _Asked | None:
    """The question at `place` of the contest, with its numbers; None if nobody stands there."""
    rule, number = contest.questions[place], history.results[contest.id][0]
    paper = history.paper(contest.id, rule.id)
    if paper is None:
        return None
    votes = {}
    for stratum, numbers in rows.items():
        read = _read(rule, paper, numbers[place])
        if read is None:
            where = f"stratum {stratum}, {rule.id}"
            findings.fault_at(DECRYPTION, number, f"{where}: not one per choice")
        else:
            votes[stratum] = read
    return _Asked(contest.id, rule, paper, votes)


def _check_question(
    history: History,
    counted: Sequence[CastBallot],
    asked: _Asked,
    published: QuestionResult,
    findings: Findings,
) -> None:
    number, total = history.results[asked.contest][0], asked.votes[TOTAL]
    zeroed = expected_zeroed(history, asked.contest, counted, asked.paper, asked.votes)
    if published.zeroed != zeroed:
        expected = ", ".join(f"decision {z.decision}: {_or_none(z.votes)}" for z in zeroed)
        findings.fault_at(ZEROED, number, f"{asked.where}: not {expected or 'none'}")
    left = dict(total.by_candidate)
    for item in zeroed:
        left[item.candidate] -= item.votes or 0
    counts = tuple(CandidateVotes(candidate=c, votes=v) for c, v in left.items() if v >= 0)
    lists = tuple(ListVotes(list=name, votes=v) for name, v in total.by_list.items())
    found = (published.counts, published.lists, published.blank)
    if found != (counts, lists, total.blank):
        told = _told(left, total)
        findings.fault_at(COUNTS, number, f"{asked.where}: not {told}")
    elected, tied = _elected(asked, left)
    if (published.elected, published.tied) != (elected, tied):
        who = f"elected {', '.join(elected) or 'none'}; tied {', '.join(tied) or 'none'}"
        findings.fault_at(ELECTED, number, f"{asked.where}: not {who}")


def _elected(
    asked: _Asked, left: dict[CandidateId, int]
) -> tuple[tuple[CandidateId, ...], tuple[CandidateId, ...]]:
    if not asked.paper.lists:
        return elected_and_tied(list(left.items()), asked.rule.seats)
    of_lists = asked.votes[TOTAL].by_list
    lists = [
        (of_lists[group.id], [(one.id, left[one.id]) for one in group.candidates])
        for group in asked.paper.lists
    ]
    return elected_and_tied_on_lists(lists, asked.rule.seats)


def _stratum_of(tally: Tally, method: MethodId) -> str | None:
    """The stratum whose only method is `method`."""
    single = [stratum.name for stratum in tally.strata if stratum.methods == (method,)]
    own = [name for name in single if name != TOTAL] if len(tally.strata) > 1 else single
    return own[0] if own else None


def _or_none(votes: int | None) -> str:
    return "none can be" if votes is None else str(votes)


def _told(counts: dict[CandidateId, int], total: Votes) -> str:
    told = [f"{candidate} {votes}" for candidate, votes in counts.items()]
    told += [f"list {name} {votes}" for name, votes in total.by_list.items()]
    if total.blank is not None:
        told.append(f"blank {total.blank}")
    return ", ".join(told)
