"""How countable ballots are grouped before they are summed. docs/protocol.md, section 7."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from dauys.core.ids import MethodId

TOTAL = "total"


@dataclass(frozen=True, slots=True)
class Stratum:
    """Ballots by `methods`, from the weakest, that are summed and decrypted together."""

    name: str
    methods: tuple[MethodId, ...]
    ballots: int


def strata(
    methods_of_ballots: Iterable[MethodId], order: Sequence[MethodId], minimum: int
) -> tuple[Stratum, ...]:
    """`total`, then a stratum for each group of methods if more than one group is left.

    `order` holds the manifest's methods from the weakest; `minimum` its `stratum_minimum`.
    """
    ballots = Counter(methods_of_ballots)
    groups: list[tuple[MethodId, ...]] = [(method,) for method in order if ballots[method]]

    def size(group: tuple[MethodId, ...]) -> int:
        return sum(ballots[method] for method in group)

    total = Stratum(TOTAL, tuple(m for m in order if ballots[m]), ballots.total())
    while len(groups) > 1 and any(size(group) < minimum for group in groups):
        # Sorting is stable: of equal groups the one whose weakest method is weaker goes first.
        first, second = sorted(groups, key=size)[:2]
        joined = tuple(sorted(first + second, key=order.index))
        groups = [group for group in groups if group not in (first, second)] + [joined]
        groups.sort(key=lambda group: order.index(group[0]))
    if len(groups) <= 1:
        return (total,)
    return (total, *(Stratum("+".join(group), group, size(group)) for group in groups))
