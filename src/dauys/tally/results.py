"""The result of a contest, from the trustees' decryptions. docs/protocol.md, section 8."""

from collections.abc import Mapping, Sequence

from dauys.core.entries import (
    CandidateVotes,
    Result,
    StratumResult,
    StratumTally,
    ZeroedVotes,
)
from dauys.core.errors import RefusedError
from dauys.core.ids import CandidateId, ContestId
from dauys.core.state import ElectionState
from dauys.crypto.election import parse_election
from dauys.crypto.tally import EncryptedTally, combine, flat, result_to_json
from dauys.crypto.tally import Result as Decrypted
from dauys.crypto.threshold import keys_by_owner, quorums, weighted_parts
from dauys.tally.decrypting import check_decryption, trustees_of
from dauys.tally.strata import Stratum, own_stratum

Votes = Mapping[str, tuple[int, ...]]
"""By stratum: the decrypted numbers, the blank votes first where the contest has them."""


def result_entry(state: ElectionState, contest: ContestId) -> Result:
    """The `result` entry of `contest`.

    Checks all decryptions. Raises RefusedError `not_tallied`, or `decryptions_missing`
    with the stratum and whose part is missing; VerificationError for a wrong part.
    """
    if contest not in state.tallies:
        raise RefusedError("not_tallied", contest)
    tally = state.tallies[contest]
    decrypted = {stratum.name: _decrypt(state, contest, stratum) for stratum in tally.strata}
    rules = state.contest(contest)
    candidates = tuple(c.id for c in state.candidates[contest].candidates)
    votes = {name: flat(result[0]) for name, result in decrypted.items()}
    zeroed = _zeroed(state, contest, candidates, votes)
    total = votes[tally.strata[0].name]
    counts = dict(zip(candidates, total[rules.blank :], strict=True))
    for one in zeroed:
        counts[one.candidate] -= one.votes or 0
    elected, tied = seats(counts, rules.seats)
    return Result(
        contest=contest,
        strata=tuple(
            StratumResult(name=name, result=result_to_json(result))
            for name, result in decrypted.items()
        ),
        zeroed=zeroed,
        counts=tuple(CandidateVotes(candidate=c, votes=n) for c, n in counts.items()),
        blank=total[0] if rules.blank else None,
        elected=elected,
        tied=tied,
    )


def seats(
    counts: Mapping[CandidateId, int], number: int
) -> tuple[tuple[CandidateId, ...], tuple[CandidateId, ...]]:
    """Who has one of `number` seats, and who ties for the last; in the order of `counts`.

    No one is elected, or tied, with 0 votes. docs/protocol.md, section 8.
    """
    ranked = sorted(counts.values(), reverse=True)
    threshold = ranked[number - 1] if number <= len(ranked) else 0
    voted = {candidate: votes for candidate, votes in counts.items() if votes > 0}
    enough = [votes for votes in counts.values() if votes >= threshold]
    if len(enough) <= number:
        return tuple(c for c, votes in voted.items() if votes >= threshold), ()
    elected = tuple(c for c, votes in voted.items() if votes > threshold)
    return elected, tuple(c for c, votes in voted.items() if votes == threshold)


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
    return combine(election, encrypted, weighted_parts(trustees, parts), stratum.ballots)


def _zeroed(
    state: ElectionState, contest: ContestId, candidates: Sequence[CandidateId], votes: Votes
) -> tuple[ZeroedVotes, ...]:
    found = tuple(Stratum(s.name, s.methods, s.ballots) for s in state.tallies[contest].strata)
    blank = int(state.contest(contest).blank)
    done: set[tuple[CandidateId, str]] = set()
    zeroed = []
    for number, zero in sorted(state.zeroed, key=lambda one: one[0]):
        if zero.contest != contest:
            continue
        stratum = own_stratum(found, zero.method)
        taken: int | None
        if zero.method not in found[0].methods or (zero.candidate, zero.method) in done:
            taken = 0
        elif stratum is None:
            taken = None
        else:
            taken = votes[stratum.name][blank + candidates.index(zero.candidate)]
            done.add((zero.candidate, zero.method))
        zeroed.append(
            ZeroedVotes(decision=number, candidate=zero.candidate, method=zero.method, votes=taken)
        )
    return tuple(zeroed)
