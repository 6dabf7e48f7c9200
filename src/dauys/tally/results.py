"""The result of a contest, from the trustees' decryptions. docs/protocol.md, section 8."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from dauys.core.contests import QuestionKind, QuestionRule
from dauys.core.entries import (
    Candidates,
    CandidateVotes,
    ListVotes,
    QuestionResult,
    Result,
    StratumResult,
    StratumTally,
    ZeroedVotes,
)
from dauys.core.errors import RefusedError
from dauys.core.ids import CandidateId, ContestId, ListId
from dauys.core.replay import TOTAL
from dauys.core.state import ElectionState
from dauys.crypto.election import parse_election
from dauys.crypto.tally import EncryptedTally, combine, flat, result_to_json
from dauys.crypto.tally import Result as Decrypted
from dauys.crypto.threshold import keys_by_owner, quorums, weighted_parts
from dauys.tally.decrypting import check_decryption, trustees_of
from dauys.tally.seats import seats, seats_of_lists
from dauys.tally.strata import Stratum, own_stratum

Votes = Mapping[str, tuple[tuple[int, ...], ...]]
"""By stratum and question: the decrypted numbers as printed, list after list."""


def result_entry(state: ElectionState, contest: ContestId) -> Result:
    """The `result` entry of `contest`.

    Checks all decryptions. Raises RefusedError `not_tallied`, or `decryptions_missing`
    with the stratum and whose part is missing; VerificationError for a wrong part.
    """
    if contest not in state.tallies:
        raise RefusedError("not_tallied", contest)
    tally = state.tallies[contest]
    decrypted = {stratum.name: _decrypt(state, contest, stratum) for stratum in tally.strata}
    votes = {name: tuple(map(flat, result)) for name, result in decrypted.items()}
    return Result(
        contest=contest,
        strata=tuple(
            StratumResult(name=name, result=result_to_json(result))
            for name, result in decrypted.items()
        ),
        questions=tuple(
            _question(state, contest, place, votes) for place in range(len(state.papers(contest)))
        ),
    )


def _question(state: ElectionState, contest: ContestId, place: int, votes: Votes) -> QuestionResult:
    """The result of the question at `place`, from 0."""
    rules, paper = state.contest(contest).questions[place], state.papers(contest)[place]
    total = read_numbers(rules, paper, votes[TOTAL][place])
    counts = dict(total.candidates)
    zeroed = _zeroed(state, contest, place, votes)
    for one in zeroed:
        counts[one.candidate] -= one.votes or 0
    if rules.kind is QuestionKind.LISTS:
        own = [{c.id: counts[c.id] for c in group.candidates} for group in paper.lists]
        elected, tied = seats_of_lists(list(total.lists.values()), own, rules.seats)
    else:
        elected, tied = seats(counts, rules.seats)
    return QuestionResult(
        question=rules.id,
        zeroed=zeroed,
        counts=tuple(CandidateVotes(candidate=c, votes=n) for c, n in counts.items()),
        lists=tuple(ListVotes(list=name, votes=n) for name, n in total.lists.items()),
        blank=total.blank,
        elected=elected,
        tied=tied,
    )


@dataclass(frozen=True, slots=True)
class Numbers:
    """What was decrypted of a question, in the order of the ballot paper."""

    candidates: Mapping[CandidateId, int]
    lists: Mapping[ListId, int]
    blank: int | None


def read_numbers(rules: QuestionRule, paper: Candidates, numbers: Sequence[int]) -> Numbers:
    """Say whose each of the decrypted `numbers` is."""
    rest = iter(numbers)
    blank = next(rest) if rules.blank else None
    candidates = {one.id: next(rest) for one in paper.candidates}
    lists = {}
    for group in paper.lists:
        lists[group.id] = next(rest)
        candidates |= {one.id: next(rest) for one in group.candidates}
    return Numbers(candidates, lists, blank)


def _decrypt(state: ElectionState, contest: ContestId, stratum: StratumTally) -> Decrypted:
    trustees, parts = trustees_of(state), {}
    for number in range(1, len(keys_by_owner(trustees)) + 1):
        entry = state.decryptions.get((contest, stratum.name, number))
        if entry is not None:
            parts[number] = check_decryption(state, entry)
    for quorum in quorums(trustees):
        if short := quorum.short(parts):
            among = ", ".join(map(str, quorum.absent(parts)))
            raise RefusedError(
                "decryptions_missing", f"{stratum.name}: {short} of trustees {among}"
            )
    election = parse_election(state.elections[contest])
    encrypted = EncryptedTally.parse(stratum.encrypted_tally)
    return combine(election, encrypted, weighted_parts(trustees, parts), stratum.weight)


def _zeroed(
    state: ElectionState, contest: ContestId, place: int, votes: Votes
) -> tuple[ZeroedVotes, ...]:
    """Votes taken from candidates of the question at `place`."""
    tally = state.tallies[contest]
    found = tuple(Stratum(s.name, s.methods, s.ballots, s.weight) for s in tally.strata)
    rules, paper = state.contest(contest).questions[place], state.papers(contest)[place]
    standing = {one.id for one in paper.people}
    done: set[tuple[CandidateId, str]] = set()
    zeroed = []
    for number, zero in sorted(state.zeroed, key=lambda one: one[0]):
        if zero.contest != contest or zero.candidate not in standing:
            continue
        stratum = own_stratum(found, zero.method)
        taken: int | None
        if zero.method not in found[0].methods or (zero.candidate, zero.method) in done:
            taken = 0
        elif stratum is None:
            taken = None
        else:
            numbers = read_numbers(rules, paper, votes[stratum.name][place])
            taken = numbers.candidates[zero.candidate]
            done.add((zero.candidate, zero.method))
        zeroed.append(
            ZeroedVotes(decision=number, candidate=zero.candidate, method=zero.method, votes=taken)
        )
    return tuple(zeroed)
