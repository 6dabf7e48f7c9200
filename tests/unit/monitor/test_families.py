"""Each family of evidence keeps its promise to the honest, and sees what it is for."""

from dataclasses import replace

import numpy as np
import pytest
from scipy import stats

from dauys.core.ids import RegisterNumber
from dauys.monitor import families
from dauys.monitor.ballots import Ballot, Group, Scope, make_ballots
from dauys.monitor.peers import Pace, Peers, paces
from dauys.monitor.policy import Policy
from dauys.scenario.people import KARAGANDA
from tests.unit.monitor.towns import crowd

POLICY = Policy()


def ballots(size: int, **traits: object) -> tuple[Ballot, ...]:
    return make_ballots(crowd(size, **traits), frozenset())  # type: ignore[arg-type]  # named at each call


def group(size: int, siblings: tuple[int, ...]) -> Group:
    return Group(KARAGANDA, Scope.ADDRESS, "100.64.0.1", "AS1", ballots(size), siblings)


def p_of(finding: families.Finding | None) -> float:
    assert finding is not None
    return finding.p


def test_honest_networks_however_uneven_are_seldom_unlikely() -> None:
    random = np.random.default_rng(1)
    unlikely = tests = 0
    for dispersion in (0.3, 1.0, 5.0):
        counts = 1 + random.negative_binomial(dispersion, dispersion / (dispersion + 6), 300)
        for place, count in enumerate(counts[:100]):
            if count >= POLICY.fewest_voters:
                siblings = (*counts[:place], *counts[place + 1 :])
                tests += 1
                unlikely += p_of(families.colocation(group(int(count), siblings))) < 1e-3
    assert tests > 80
    assert unlikely <= tests * 0.05


def test_second_thief_on_the_network_does_not_hide_the_first() -> None:
    homes = (1,) * 25 + (2,) * 5
    alone = p_of(families.colocation(group(20, homes)))
    beside = p_of(families.colocation(group(20, (*homes, 40))))
    assert alone <= beside < 1e-3


def test_gateway_among_busy_gateways_is_usual() -> None:
    assert p_of(families.colocation(group(90, (30, 55, 120)))) > 0.05


def test_address_without_siblings_is_not_judged() -> None:
    assert families.colocation(group(90, ())) is None


def test_faster_pace_counts_only_when_the_difference_is_large() -> None:
    others = ballots(2_000, device=None)
    faster = ballots(200, dwell_s=40, first_line=50_001)
    script = ballots(20, dwell_s=5, first_line=70_001)
    peers = Peers((*others, *faster, *script), frozenset())
    assert p_of(families.pace(Pace.PAGE, faster, peers, POLICY)) == 1
    assert p_of(families.pace(Pace.PAGE, script, peers, POLICY)) < 1e-6


def test_slower_people_are_not_suspect() -> None:
    others = ballots(500, device=None)
    slower = ballots(30, dwell_s=600, first_line=50_001)
    peers = Peers((*others, *slower), frozenset())
    assert p_of(families.pace(Pace.PAGE, slower, peers, POLICY)) == 1


@pytest.mark.parametrize("size", [6, 25, 400])
def test_pace_agrees_with_the_test_of_scipy(size: int) -> None:
    others = ballots(300, device=None)
    script = ballots(size, dwell_s=15, first_line=70_001)
    found = families.pace(Pace.PAGE, script, Peers((*script, *others), frozenset()), POLICY)
    expected = stats.ks_2samp(
        [ballot.signal.dwell_s for ballot in script],
        [ballot.signal.dwell_s for ballot in others],
        alternative="greater",
        method="asymp",
    )
    assert expected.statistic > 0.5
    assert p_of(found) == pytest.approx(max(float(expected.pvalue), families.LEAST_P))


def test_peers_outside_a_group_are_all_but_its_own_even_where_times_are_equal() -> None:
    casts = [replace(cast, dwell_s=float(n % 3)) for n, cast in enumerate(crowd(9))]
    everybody = make_ballots(casts, frozenset())
    own = paces(Pace.PAGE, everybody[:4])
    rest = paces(Pace.PAGE, everybody[4:])
    assert Peers(everybody, frozenset()).outside(Pace.PAGE, own).tolist() == rest.tolist()


def test_honest_order_is_seldom_unlikely() -> None:
    chances = [p_of(families.order(ballots(size), POLICY)) for size in range(12, 212)]
    assert sum(p < 0.05 for p in chances) <= 10


@pytest.mark.parametrize("backwards", [False, True])
def test_script_that_walks_the_register_either_way_is_seen(backwards: bool) -> None:
    walked = crowd(20, in_order=True)
    if backwards:
        lines = [cast.register_number for cast in walked]
        walked = [
            replace(cast, register_number=line)
            for cast, line in zip(walked, reversed(lines), strict=True)
        ]
    assert p_of(families.order(make_ballots(walked, frozenset()), POLICY)) < 1e-4


def test_household_that_votes_together_is_one_voter_in_the_order() -> None:
    family = [replace(cast, household="k-1") for cast in crowd(20, in_order=True)]
    assert families.order(make_ballots(family, frozenset()), POLICY) is None


def test_strangers_far_apart_in_the_register_are_no_neighbours() -> None:
    scattered = [
        replace(cast, register_number=RegisterNumber(number * 100 + 1))
        for number, cast in enumerate(crowd(20, in_order=True))
    ]
    assert families.order(make_ballots(scattered, frozenset()), POLICY) is None


def test_office_beside_a_thief_is_kept_apart_from_the_thief() -> None:
    office = ballots(12)
    thief = ballots(20, address="100.64.200.9", device="7h1ef", first_line=50_001)
    cores = families.cores((*office, *thief), POLICY.fewest_voters)
    assert set(cores) == {(*office, *thief), office, thief}


def test_phone_that_moves_between_gateways_of_one_block_does_not_roam() -> None:
    phone = make_ballots(
        [
            replace(cast, ip=f"198.18.0.{10 + number % 3}")
            for number, cast in enumerate(crowd(9, address="198.18.0.10"))
        ],
        frozenset(),
    )
    others = ballots(100, device=None, first_line=50_001)
    assert families.roaming(phone, Peers((*phone, *others), frozenset()), POLICY) is None
