"""Members sign elsewhere: the keys of the small board's commission, for tests only."""

from dauys.core.entries import approval_bytes
from dauys.core.ids import ElectionId
from tests.unit.tally.small_board import ELECTION, MEMBERS


def sign(member: str, digest: str, election: ElectionId = ELECTION) -> str:
    """What the member's browser sends: 128 hex digits."""
    return MEMBERS[member].sign(approval_bytes(election, digest)).hex()
