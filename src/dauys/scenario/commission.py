"""The commission of the story: looks at the cases and signs what it decides."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta

from dauys.core.forms import Text, format_instant
from dauys.core.ids import LeafIndex, MethodId
from dauys.core.remedies import Annul, Dismiss, Extend, Remedy, Restore, Restrict
from dauys.response.cases import Case, CaseStatus, Origin
from dauys.scenario.people_keys import OfficeKeys
from dauys.scenario.words import EXTENDED, SIGNATURES_ONLY, TAKEN_BACK, annulled, restored
from dauys.wiring import Services


@dataclass(frozen=True, slots=True)
class Commission:
    """Two of the three members sign each decision."""

    services: Services
    keys: OfficeKeys

    def decide_all(self, closes: datetime) -> None:
        """Extend by a day, leave signatures only, annul the ballots of what staff brought."""
        open_cases = self.services.cases.find(status=CaseStatus.OPEN)
        brought = [case for case in open_cases if case.origin is not Origin.VOTER]
        if brought:
            now = self.services.clock.now()
            later = format_instant(closes + timedelta(days=1))
            self._decide(Extend(closes=later), EXTENDED, brought[0])
            only = Restrict(
                methods=(MethodId("eds"),), since=format_instant(now + timedelta(minutes=1))
            )
            self._decide(only, SIGNATURES_ONLY, brought[0])
        for case in brought:
            self._decide(Annul(ballots=case.ballots), annulled(case), case)
        for case in self.services.cases.find(status=CaseStatus.OPEN):
            if self._is_taken_back(case):
                self._decide(Dismiss(), TAKEN_BACK, case)

    def restore(self, shown: Collection[LeafIndex]) -> None:
        """Let ballots count again whose voters came in person, each with the receipt.

        A case that the monitor did not make is taken for a mistake then, and restored whole.
        """
        for case in self.services.cases.find(status=CaseStatus.DECIDED):
            own = tuple(ballot for ballot in case.ballots if ballot in shown)
            again = own if case.origin is Origin.MONITOR else case.ballots
            if own:
                words = restored(case, len(again), len(own))
                self._decide(Restore(ballots=again), words, case)

    def _is_taken_back(self, case: Case) -> bool:
        state = self.services.journal.state()
        return case.origin is Origin.VOTER and all(
            state.is_fallen(state.ballots[ballot]) for ballot in case.ballots
        )

    def _decide(self, remedy: Remedy, reason: Text, case: Case) -> None:
        decisions = self.services.decisions
        proposal = decisions.propose(remedy, reason, case.number, "analyst")
        message = decisions.bytes_to_sign(proposal.number)
        for seat in ("chair", "secretary"):
            signature = self.keys.commission[seat].sign(message).hex()
            decisions.approve(proposal.number, seat, signature)
