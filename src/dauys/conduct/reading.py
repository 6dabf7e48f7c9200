"""Reads what the board says in numbers, for pages, reports and the command line."""

from dauys.core.ids import CandidateId, ContestId
from dauys.core.state import ElectionState
from dauys.crypto.tally import flat, parse_result


def stratum_votes(state: ElectionState, contest: ContestId) -> dict[str, dict[CandidateId, int]]:
    """Votes for each candidate in each stratum of a contest, before zeroing."""
    blank = state.contest(contest).blank
    candidates = [c.id for c in state.candidates[contest].candidates]
    return {
        stratum.name: dict(
            zip(candidates, flat(parse_result(stratum.result)[0])[blank:], strict=True)
        )
        for stratum in state.results[contest].strata
    }
