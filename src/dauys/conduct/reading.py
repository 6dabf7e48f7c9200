"""Reads what the board says in numbers, for pages, reports and the command line."""

from dauys.core.ids import ContestId, QuestionId
from dauys.core.state import ElectionState
from dauys.crypto.tally import flat, parse_result
from dauys.tally.results import Numbers, read_numbers


def stratum_votes(
    state: ElectionState, contest: ContestId, question: QuestionId
) -> dict[str, Numbers]:
    """Votes in each stratum for each candidate and list of a question, before zeroing."""
    rules = state.contest(contest)
    place = [one.id for one in rules.questions].index(question)
    paper = state.candidates[contest, question]
    return {
        stratum.name: read_numbers(
            rules.questions[place], paper, flat(parse_result(stratum.result)[place])
        )
        for stratum in state.results[contest].strata
    }
