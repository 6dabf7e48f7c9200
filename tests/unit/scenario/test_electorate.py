"""The simulated electorate is valid, varied, and comes back from its seed."""

from collections import Counter
from datetime import UTC, datetime, timedelta
from ipaddress import ip_address

import pytest

from dauys.core.ids import ContestId, RegisterNumber
from dauys.identity.kazakhstan.numbers import parse_bin, parse_iin
from dauys.identity.kazakhstan.phones import normalise_phone
from dauys.scenario.electorate import make_electorate
from dauys.scenario.network import NETWORKS
from dauys.scenario.people import (
    EDS,
    KARAGANDA,
    SMS,
    ULYTAU,
    Actor,
    Category,
    Electorate,
    OnRefusal,
)
from dauys.scenario.rhythm import KAZAKHSTAN

START = datetime(2026, 8, 5, 4, tzinfo=UTC)
END = datetime(2026, 8, 20, 13, tzinfo=UTC)


@pytest.fixture(scope="module")
def electorate() -> Electorate:
    return make_electorate(3_000, 5, START, END)


def test_same_seed_gives_the_same_electorate_and_another_seed_another() -> None:
    assert make_electorate(100, 1, START, END) == make_electorate(100, 1, START, END)
    assert make_electorate(100, 1, START, END) != make_electorate(100, 2, START, END)


def test_numbers_and_phones_pass_the_checks_of_the_register(electorate: Electorate) -> None:
    for voter in electorate.voters:
        parse = parse_iin if voter.category == Category.ENTREPRENEUR else parse_bin
        assert parse(voter.number).digits == voter.number
        assert normalise_phone(voter.phone) == voter.phone


def test_no_number_and_no_phone_is_there_twice(electorate: Electorate) -> None:
    assert len({voter.number for voter in electorate.voters}) == 3_000
    assert len({voter.phone for voter in electorate.voters}) == 3_000


def test_register_is_numbered_in_order_with_every_category_in_both_regions() -> None:
    electorate = make_electorate(40, 9, START, END)
    assert [voter.register_number for voter in electorate.voters] == list(range(1, 41))
    for contest, size in ((KARAGANDA, 28), (ULYTAU, 12)):
        voters = [voter for voter in electorate.voters if voter.contest == contest]
        assert len(voters) == size
        assert {voter.category for voter in voters} >= {
            Category.ASSOCIATION,
            Category.SELF_REGULATED,
        }


def test_household_shares_its_address(electorate: Electorate) -> None:
    addresses: dict[str, set[str]] = {}
    for voter in electorate.voters:
        if voter.household is not None:
            addresses.setdefault(voter.household, set()).add(voter.address)
    shared = Counter(v.household for v in electorate.voters if v.household is not None)
    assert max(shared.values()) == 2
    assert all(len(found) == 1 for found in addresses.values())


def test_every_visit_is_possible(electorate: Electorate) -> None:
    assert list(electorate.visits) == sorted(electorate.visits, key=lambda visit: visit.time)
    for visit in electorate.visits:
        voter = electorate.voter(visit.register_number)
        contest = electorate.contest(voter.contest)
        assert START <= visit.time <= visit.identified_at <= visit.cast_at < END
        assert visit.candidate in {candidate.id for candidate in contest.candidates}
        assert visit.by == Actor.VOTER
        assert visit.method == SMS or (visit.method == EDS and voter.has_signature)
        assert visit.wrong_codes < 3
        assert (visit.code_latency == timedelta(0)) == (visit.method == EDS)


def test_only_who_owns_a_signature_can_reclaim(electorate: Electorate) -> None:
    assert all(v.has_signature for v in electorate.voters if v.on_refusal == OnRefusal.RECLAIM)
    assert {voter.on_refusal for voter in electorate.voters} == set(OnRefusal)


def test_about_half_vote_few_at_night_and_support_is_uneven(electorate: Electorate) -> None:
    voted = {visit.register_number for visit in electorate.visits}
    assert 0.45 < len(voted) / 3_000 < 0.65
    hours = Counter(visit.time.astimezone(KAZAKHSTAN).hour for visit in electorate.visits)
    assert sum(hours[hour] for hour in range(6)) < 0.05 * len(electorate.visits)
    owners = [v for v in electorate.voters if v.category == Category.ENTREPRENEUR]
    assert 0.5 < sum(v.has_signature for v in owners) / len(owners) < 0.6
    choices = Counter(
        v.candidate
        for v in electorate.visits
        if electorate.voter(v.register_number).contest == KARAGANDA
    )
    assert choices.most_common(1)[0][1] > 3 * choices.most_common()[-1][1]


def test_carriers_hide_crowds_and_every_address_is_reserved(electorate: Electorate) -> None:
    by_address = Counter(visit.terminal.address for visit in electorate.visits)
    carriers = [network.prefix for network in NETWORKS if network.kind == "mobile"]
    busiest, most = by_address.most_common(1)[0]
    assert most > 80
    assert any(ip_address(busiest) in prefix for prefix in carriers)
    assert not any(ip_address(address).is_global for address in by_address)
    assert any(":" in address for address in by_address)


def test_office_votes_from_one_computer_image(electorate: Electorate) -> None:
    devices = Counter(visit.terminal.device for visit in electorate.visits)
    assert devices.most_common(1)[0][1] >= 15


def test_names_are_in_three_languages(electorate: Electorate) -> None:
    for voter in electorate.voters[:50]:
        assert len({voter.name.kk, voter.name.ru, voter.name.en}) == 3


def test_demonstration_of_an_hour_has_all_its_visits_inside() -> None:
    electorate = make_electorate(200, 1, START, START + timedelta(hours=1))
    assert len(electorate.visits) > 60
    assert all(visit.cast_at < electorate.end for visit in electorate.visits)


@pytest.mark.parametrize("contest", [KARAGANDA, ULYTAU])
def test_support_is_a_share_for_each_candidate(electorate: Electorate, contest: ContestId) -> None:
    plan = electorate.contest(contest)
    assert len(plan.support) == len(plan.candidates) == len({c.id for c in plan.candidates})
    assert sum(plan.support) == pytest.approx(1)
    assert plan.seats < len(plan.candidates)


def test_line_outside_the_register_is_nobody(electorate: Electorate) -> None:
    with pytest.raises(IndexError):
        electorate.voter(RegisterNumber(0))


def test_handful_of_voters_is_refused() -> None:
    with pytest.raises(ValueError, match="fewer than 20"):
        make_electorate(19, 1, START, END)
