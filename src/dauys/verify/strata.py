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
    weight: int
    """What the weights of the ballots add up to."""


def strata(
    ballots: Iterable[tuple[MethodId, int]], order: Sequence[MethodId], minimum: int
) -> tuple[Stratum, ...]:
    """`total`, then a stratum for each group of methods if more than one group is left.

    Of every ballot the method and the weight are given. `order` holds the manifest's methods
    from the weakest; `minimum` its `stratum_minimum`.
    """
    number: Counter[MethodId] = Counter()
    weight: Counter[MethodId] = Counter()
    for method, factor in ballots:
        number.update([method])
        weight.update({method: factor})
    occurring = tuple(method for method in order if number[method])
    groups: list[tuple[MethodId, ...]] = [(method,) for method in occurring]

    def size(group: tuple[MethodId, ...]) -> int:
        return sum(number[method] for method in group)

    def named(name: str, group: tuple[MethodId, ...]) -> Stratum:
        return Stratum(name, group, size(group), sum(weight[method] for method in group))

    # Ballots by a method that the manifest does not know are in no group, and in the total.
    total = Stratum(TOTAL, occurring, number.total(), weight.total())
    while len(groups) > 1 and any(size(group) < minimum for group in groups):
        # Sorting is stable: of equal groups the one whose weakest method is weaker goes first.
        first, second = sorted(groups, key=size)[:2]
        joined = tuple(sorted(first + second, key=order.index))
        groups = [group for group in groups if group not in (first, second)] + [joined]
        groups.sort(key=lambda group: order.index(group[0]))
    if len(groups) <= 1:
        return (total,)
    return (total, *(named("+".join(group), group) for group in groups))
