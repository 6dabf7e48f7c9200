"""The register of a world: regions, precincts, households and phones, in its printed order."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from dauys.scenario.worlds.settings import World

Ints = NDArray[np.int64]

PREFIXES = (701, 702, 705, 707, 708, 747, 771, 775, 776, 777, 778)


@dataclass(frozen=True, slots=True)
class Lines:
    """Columns of the register; line number `i + 1` stands at `i`."""

    region: Ints
    precinct: Ints
    household: Ints
    phone: Ints

    def __len__(self) -> int:
        return len(self.region)


def make_register(world: World, random: np.random.Generator) -> Lines:
    """Make the register: sorted by precinct, or by surname, households together in both."""
    count = world.registered
    sizes = random.choice([1, 2, 3, 4, 5], count, p=[0.45, 0.28, 0.14, 0.1, 0.03])
    household = np.repeat(np.arange(count), sizes)[:count]
    households = int(household[-1]) + 1
    precincts = max(world.regions, count // world.precinct_size)
    weights = random.dirichlet(np.full(precincts, 8.0))
    home_precinct = random.choice(precincts, households, p=weights)
    if not world.alphabetical:
        home_precinct = np.sort(home_precinct)
    precinct = home_precinct[household]
    region = precinct * world.regions // precincts
    return Lines(region, precinct, household, _phones(world, household, random))


def _phones(world: World, household: Ints, random: np.random.Generator) -> Ints:
    """Give everybody a phone; some households have one for all, and operators differ in size."""
    count = len(household)
    weights = random.dirichlet(np.full(len(PREFIXES), 2.0))
    prefix = np.asarray(PREFIXES)[random.choice(len(PREFIXES), count, p=weights)]
    # Operators fill their numbers unevenly: some thousands are dense, most are thin.
    dense = random.integers(0, 10_000, 400)
    thousands = np.where(
        random.random(count) < 0.5,
        dense[random.integers(0, len(dense), count)],
        random.integers(0, 10_000, count),
    )
    phone = (70_000_000_000 + prefix * 10_000_000 + thousands * 1_000).astype(np.int64)
    phone += random.integers(0, 1_000, count)
    first = np.searchsorted(household, household)
    shared = random.random(int(household[-1]) + 1)[household] < world.shared_phones
    return np.asarray(np.where(shared, phone[first], phone), np.int64)
