"""The analyst of the story: opens cases for what the patrol proposes, and is mistaken once."""

from collections import defaultdict
from dataclasses import dataclass

from dauys.conduct.watching import open_case_for
from dauys.core.ids import LeafIndex
from dauys.response.cases import Finding, Origin
from dauys.scenario.people import SMS, Actor, Electorate, Terminal
from dauys.scenario.visits import Truth
from dauys.scenario.words import SAME_COMPUTERS, one_office
from dauys.wiring import Services

FEWEST = 3
"""Ballots that look alike to a person."""


@dataclass(frozen=True, slots=True)
class Analyst:
    """Reads the monitor's queue, and the ballots themselves."""

    services: Services

    def bring_proposed(self) -> None:
        """A case for each cluster that the newest scan found, or what is new added to its case."""
        now, queue = self.services.clock.now(), self.services.queue
        for queued in queue.all():
            if queued.last_seen == now:
                open_case_for(self.services.cases, queue, queued.cluster)

    def suspect_an_office(self, electorate: Electorate, truth: Truth) -> None:
        """Open a case by hand for an office that the monitor cleared: one address, like computers.

        Small elections have no such office.
        """
        ballots = _largest_office(electorate, truth)
        if len(ballots) >= FEWEST:
            state = self.services.journal.state()
            contest = state.ballots[ballots[0]].contest
            finding = Finding(contest, one_office(len(ballots)), (SAME_COMPUTERS,), ballots)
            self.services.cases.open_case(finding, Origin.STAFF)


def _largest_office(electorate: Electorate, truth: Truth) -> tuple[LeafIndex, ...]:
    """The most ballots by SMS that voters of one contest cast on like computers at one address."""
    places: dict[int, Terminal] = {
        visit.register_number: visit.terminal for visit in reversed(electorate.visits)
    }
    by_place: defaultdict[tuple[str, Terminal], list[LeafIndex]] = defaultdict(list)
    for ballot in truth.ballots:
        if ballot.by is Actor.VOTER and ballot.method == SMS:
            by_place[ballot.contest, places[ballot.register_number]].append(ballot.index)
    none: list[LeafIndex] = []
    largest = max((none, *by_place.values()), key=len)
    return tuple(largest)
