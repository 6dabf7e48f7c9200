"""What came out of a simulated election, beside what the simulator knows to be true."""

from collections import Counter
from collections.abc import Container, Iterable, Mapping
from typing import Any

from dauys.conduct.reading import stratum_votes
from dauys.core.canonical import encode
from dauys.core.entries import QuestionResult
from dauys.core.ids import (
    CandidateId,
    ContestId,
    DecisionNumber,
    LeafIndex,
    RegisterNumber,
    Tracker,
)
from dauys.core.remedies import Annul, Restore
from dauys.core.state import ElectionState
from dauys.response.cases import Case
from dauys.scenario.asking import marked_first
from dauys.scenario.harm import by_fate, fates
from dauys.scenario.people import Actor
from dauys.scenario.rhythm import KAZAKHSTAN
from dauys.scenario.visits import TrueBallot
from dauys.scenario.week import Week
from dauys.tally.countable import countable

Json = dict[str, Any]


def report(week: Week) -> Json:
    """Everything that `report.json` holds. docs/scenario.md explains each field."""
    with week.services.journal.reading() as state:
        truth = week.players.truth
        codes = Counter(code for _, code in truth.refused)
        return {
            "registered": state.manifest.registered,
            "cast": len(state.ballots),
            "refused_voted": codes["already_voted"],
            "refused": dict(sorted(codes.items())),
            "cases": [_case(case) for case in week.services.cases.find()],
            "decisions": [_decision(state, number) for number in sorted(state.decisions)],
            "annulled": len(state.annulled),
            "reclaimed": sum(b.reclaims is not None for b in state.ballots.values()),
            "results": {c: _result(state, c) for c in state.results},
            "days": _days(week),
            "truth": _truth(week, state),
        }


def _days(week: Week) -> list[Json]:
    """Ballots on the board by day: of the voters themselves, and of the thief."""
    days: dict[str, Counter[Actor]] = {}
    for ballot in week.players.truth.ballots:
        day = ballot.at.astimezone(KAZAKHSTAN).date().isoformat()
        days.setdefault(day, Counter())[ballot.by] += 1
    return [
        {"day": day, "own": counts[Actor.VOTER], "stuffed": counts[Actor.THIEF]}
        for day, counts in sorted(days.items())
    ]


def _case(case: Case) -> Json:
    return {
        "number": case.number,
        "contest": case.contest,
        "origin": case.origin.value,
        "status": case.status.value,
        "ballots": len(case.ballots),
        "disputed": len(case.disputed),
        "evidence": [line.text.en for line in case.evidence],
    }


def _decision(state: ElectionState, number: DecisionNumber) -> Json:
    record = state.decisions[number]
    remedy: Json = {"type": type(record.decision.remedy).__name__.lower()}
    if isinstance(record.decision.remedy, Annul | Restore):
        remedy["ballots"] = len(record.decision.remedy.ballots)
    return {
        "number": number,
        "case": record.decision.case,
        "remedy": remedy,
        "in_force": record.in_force is not None,
        "approved_by": list(record.approved_by),
        "reason": record.decision.reason.en,
    }


def _result(state: ElectionState, contest: ContestId) -> Json:
    entry, *_ = state.results[contest].questions
    total = state.tallies[contest].strata[0]
    strata = stratum_votes(state, contest, entry.question)
    return {
        "total": {one.candidate: one.votes for one in entry.counts},
        "strata": {name: votes.candidates for name, votes in strata.items() if name != "total"},
        "blank": entry.blank,
        "elected": list(entry.elected),
        "tied": list(entry.tied),
        "registered": sum(c.voters for c in state.contest(contest).registered),
        "voted": total.ballots,
        "weight": total.weight,
        "questions": {one.question: _question(one) for one in state.results[contest].questions},
    }


def _question(result: QuestionResult) -> Json:
    return {
        "counts": {one.candidate: one.votes for one in result.counts},
        "lists": {one.list: one.votes for one in result.lists},
        "blank": result.blank,
        "elected": list(result.elected),
    }


def _truth(week: Week, state: ElectionState) -> Json:
    counted = {b.index for ballots in countable(state).values() for b in ballots}
    taken_back = {b.reclaims for b in state.ballots.values()}
    ballots = week.players.truth.ballots
    honest = [b for b in ballots if b.by is Actor.VOTER]
    stuffed = [b for b in ballots if b.by is Actor.THIEF]
    recast = {b.register_number for b in honest if b.index in counted}
    lost = [b for b in _one_each(honest) if b.register_number not in recast]

    def by_candidate(contest: ContestId, some: Iterable[TrueBallot]) -> dict[CandidateId, int]:
        return _by_candidate(week, contest, some)

    return {
        "contests": {
            contest.id: {
                "intended": by_candidate(contest.id, _one_each(honest)),
                "honest_annulled_not_recast": by_candidate(contest.id, lost),
                "stuffed": by_candidate(contest.id, stuffed),
                "stuffed_annulled": by_candidate(
                    contest.id, [b for b in stuffed if b.index not in counted]
                ),
                "stuffed_not_annulled": by_candidate(
                    contest.id, [b for b in stuffed if b.index in counted]
                ),
                "unrepaired": by_candidate(contest.id, _first_in_each_name(ballots)),
                "turned_away": _turned_away(week, contest.id),
            }
            for contest in state.manifest.contests
        },
        "stuffed_ballots": [_ballot(state, b, counted, taken_back) for b in stuffed],
        "honest_ballots": [_ballot(state, b, counted, taken_back) for b in honest],
        "fates": by_fate(fates(state, week.players.truth)),
        "refused_other_region": week.players.truth.other_region,
    }


def _one_each(ballots: Iterable[TrueBallot]) -> list[TrueBallot]:
    """The last ballot of each voter: what the voter meant."""
    return list({b.register_number: b for b in ballots}.values())


def _first_in_each_name(ballots: Iterable[TrueBallot]) -> list[TrueBallot]:
    """The first ballot in each voter's name: what would count had nobody acted."""
    first: dict[RegisterNumber, TrueBallot] = {}
    for ballot in ballots:
        first.setdefault(ballot.register_number, ballot)
    return list(first.values())


def _by_candidate(
    week: Week, contest: ContestId, ballots: Iterable[TrueBallot]
) -> dict[CandidateId, int]:
    """Votes of these ballots in the contest's first question, as they were marked and weigh."""
    plan = week.electorate.contest(contest)
    marked = marked_first(plan, week.asked.ask)
    votes: Counter[str] = Counter()
    for ballot in ballots:
        if ballot.contest == contest:
            weight = week.electorate.voter(ballot.register_number).weight
            votes.update(dict.fromkeys(marked[ballot.candidate], weight))
    return {candidate.id: votes[candidate.id] for candidate in plan.candidates}


def _turned_away(week: Week, contest: ContestId) -> Mapping[str, int]:
    """Honest voters who came and in the end cast nothing, by the candidate they meant."""
    cast = {b.register_number for b in week.players.truth.ballots if b.by is Actor.VOTER}
    meant = {
        visit.register_number: visit.candidate
        for visit, _ in week.players.truth.refused
        if visit.by is Actor.VOTER and visit.register_number not in cast
    }
    counts = Counter(
        candidate
        for number, candidate in meant.items()
        if week.electorate.voter(number).contest == contest
    )
    return {c.id: counts[c.id] for c in week.electorate.contest(contest).candidates}


def _ballot(
    state: ElectionState,
    ballot: TrueBallot,
    counted: Container[LeafIndex],
    taken_back: Container[Tracker | None],
) -> Json:
    reclaimed = ballot.tracker in taken_back
    return {
        "voter": ballot.register_number,
        "entry": ballot.index,
        "tracker": ballot.tracker,
        "contest": ballot.contest,
        "candidate": ballot.candidate,
        "annulled": ballot.index in state.annulled or reclaimed,
        "by": "decision" if ballot.index in state.annulled else "reclaim" if reclaimed else None,
        "counted": ballot.index in counted,
    }


def report_bytes(content: Json) -> bytes:
    """The file: canonical JSON with a line end."""
    return encode(content) + b"\n"
