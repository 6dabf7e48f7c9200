"""Which requests come through a network whose voters are asked for a signature."""

from dataclasses import dataclass
from datetime import datetime

from dauys.core.errors import MalformedError
from dauys.monitor.network import AddressBook
from dauys.response.step_up import StepUpDesk


@dataclass(frozen=True, slots=True)
class SteppedUpNetworks:
    """Looks an address up in the book of this machine, and its network among the step-ups."""

    desk: StepUpDesk
    book: AddressBook

    def until(self, address: str) -> datetime | None:
        """Until when whoever comes from `address` is asked for a signature; None if not.

        The answer is the same for every number that is typed there.
        """
        try:
            facts = self.book.find(address)
        except MalformedError:
            return None
        return self.desk.until(facts.label) if facts.asn else None
