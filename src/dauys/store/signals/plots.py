"""What the pictures of a cluster are drawn from: when and from where ballots of a contest came."""

from dataclasses import dataclass, field
from datetime import datetime

from dauys.core.ids import ContestId, ElectionId, LeafIndex
from dauys.store.signals.models import SignalRow


@dataclass(frozen=True, slots=True)
class CastPoint:
    """One cast: a dot of a plot. `leaf` is its ballot's place on the board."""

    leaf: LeafIndex
    time: datetime
    register_number: int
    method: str
    network: str
    kind: str
    """Of the network: mobile, fixed, hosting, vpn or unknown."""
    address: str = field(repr=False)


def cast_points(election: ElectionId, contest: ContestId) -> tuple[CastPoint, ...]:
    """Every cast of the contest, by time. Callers mask what they show."""
    rows = SignalRow.objects.filter(
        election=election, contest=contest, kind="cast", leaf_index__isnull=False
    ).order_by("time", "id")
    columns = ("leaf_index", "time", "register_number", "method", "asn", "ip_class", "ip")
    return tuple(CastPoint(*row) for row in rows.values_list(*columns).iterator(5000))
