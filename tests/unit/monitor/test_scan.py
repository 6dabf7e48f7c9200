"""Stuffing is found; crowds, offices and carriers are left in peace."""

import random
from dataclasses import replace

import pytest

from dauys.monitor.signals import Kind, Signal
from tests.unit.monitor.towns import complaint, crowd, scanned, town

Signals = tuple[Signal, ...]


@pytest.fixture(scope="module")
def honest() -> Signals:
    return town(2_000, 77, robbed=False).signals


@pytest.mark.parametrize("seed", [1, 2, 3, 4, 5])
@pytest.mark.parametrize("voters", [400, 2_000])
def test_thief_with_two_machines_is_found_and_nobody_else(voters: int, seed: int) -> None:
    robbed = town(voters, seed, robbed=True)
    report = scanned(robbed.signals, robbed.reported)
    flagged = set(report.flagged)
    assert len(flagged & robbed.stolen) >= 0.9 * len(robbed.stolen)
    assert not flagged - robbed.stolen


@pytest.mark.parametrize("seed", range(1, 7))
def test_thief_who_learned_to_be_slow_is_found_by_order_and_complaints(seed: int) -> None:
    robbed = town(2_000, seed, robbed=True)
    signals = [replace(signal, code_latency_s=None, dwell_s=None) for signal in robbed.signals]
    flagged = set(scanned(signals, robbed.reported).flagged)
    assert len(flagged & robbed.stolen) >= 0.9 * len(robbed.stolen)
    assert not flagged - robbed.stolen


@pytest.mark.parametrize("seed", range(10))
def test_honest_election_raises_no_cluster(seed: int) -> None:
    honest = town(400, 1_000 + seed, robbed=False)
    assert scanned(honest.signals, honest.reported).clusters == ()


def test_vote_drive_of_an_office_with_identical_computers_is_not_accused(honest: Signals) -> None:
    office = crowd(60, hours=2)
    assert scanned([*honest, *office]).clusters == ()


def test_two_complaints_about_a_large_office_do_not_accuse_it(honest: Signals) -> None:
    office = crowd(60)
    assert scanned([*honest, *office, *map(complaint, office[:2])]).clusters == ()


def test_office_becomes_a_cluster_when_its_voters_come_to_vote_themselves(honest: Signals) -> None:
    office = crowd(60)
    (cluster,) = scanned([*honest, *office, *map(complaint, office[:10])]).clusters
    assert set(cluster.signal_ids) == {cast.signal_id for cast in office}
    assert [score.family for score in cluster.families] == ["colocation", "complaints"]


def test_reports_of_voters_count_as_complaints(honest: Signals) -> None:
    office = crowd(60)
    reported = frozenset(cast.signal_id for cast in office[:10])
    assert len(scanned([*honest, *office], reported).clusters) == 1


def test_voter_who_comes_back_on_the_same_device_does_not_complain(honest: Signals) -> None:
    office = crowd(60)
    again = [
        replace(complaint(cast), device=cast.device, signal_id=f"{cast.signal_id}-again")
        for cast in office[:20]
    ]
    assert scanned([*honest, *office, *again]).clusters == ()


def test_carrier_gateway_with_hundreds_is_not_accused(honest: Signals) -> None:
    gateway = crowd(300, address="198.18.0.10", device=None, hours=300)
    assert scanned([*honest, *gateway]).clusters == ()


def test_busy_gateway_is_not_accused_for_the_complaints_of_a_few(honest: Signals) -> None:
    gateway = [s for s in honest if s.ip == "198.18.0.10" and s.kind == Kind.CAST]
    assert len(gateway) > 40
    assert scanned([*honest, *map(complaint, gateway[:6])]).clusters == ()


def test_one_device_over_many_places_is_found_by_the_order_it_keeps(honest: Signals) -> None:
    places = [f"100.{64 + number % 8}.{number}.9" for number in range(12)]
    thief = [
        replace(cast, ip=places[number % 12], asn=f"AS6{number % 12}")
        for number, cast in enumerate(crowd(36, in_order=True, hours=200))
    ]
    (cluster,) = scanned([*honest, *thief]).clusters
    assert cluster.scope == "device"
    assert set(cluster.signal_ids) == {cast.signal_id for cast in thief}


def test_thief_who_comes_too_late_makes_no_honest_ballot_suspect(honest: Signals) -> None:
    office = crowd(60)
    late = [
        replace(complaint(cast), ip="100.88.9.9", device="7h1ef", signal_id=f"late-{number}")
        for number, cast in enumerate(office[:10])
    ]
    thief = crowd(
        40, address="100.88.9.9", device="7h1ef", latency_s=2, dwell_s=3, first_line=50_001
    )
    (cluster,) = scanned([*honest, *office, *late, *thief]).clusters
    assert set(cluster.signal_ids) == {cast.signal_id for cast in thief}


def test_order_of_signals_makes_no_difference() -> None:
    robbed = town(400, 3, robbed=True)
    shuffled = list(robbed.signals)
    random.Random(1).shuffle(shuffled)
    assert scanned(shuffled) == scanned(robbed.signals)


def test_evidence_is_in_three_languages_and_names_no_address_or_phone() -> None:
    robbed = town(400, 3, robbed=True)
    report = scanned(robbed.signals, robbed.reported)
    secrets = {signal.ip for signal in robbed.signals} | {s.phone for s in robbed.signals}
    secrets |= {cluster.value for cluster in report.clusters}
    assert report.clusters
    for cluster in report.clusters:
        lines = [*cluster.evidence, *(innocent.why for innocent in cluster.innocent)]
        assert len(lines) >= 5
        for line in lines:
            assert len({line.kk, line.ru, line.en}) == 3
            for text in (line.kk, line.ru, line.en):
                assert not any(secret in text for secret in secrets if secret)


def test_office_that_was_called_by_the_register_is_proposed_with_its_explanation(
    honest: Signals,
) -> None:
    (cluster,) = scanned([*honest, *crowd(40, in_order=True)]).clusters
    assert [innocent.fits for innocent in cluster.innocent] == [False, False, True, False, False]


def test_signals_with_nothing_but_the_required_columns_accuse_nobody(honest: Signals) -> None:
    bare = [
        Signal(
            signal_id=signal.signal_id,
            time=signal.time,
            kind=signal.kind,
            contest=signal.contest,
            register_number=signal.register_number,
        )
        for signal in honest
    ]
    assert not scanned(bare).clusters


def test_burst_is_found_where_nobody_knows_the_networks(honest: Signals) -> None:
    thief = crowd(40, in_order=True, latency_s=2, dwell_s=3)
    signals = [replace(s, asn=None, ip_class=None, ip_region=None) for s in [*honest, *thief]]
    assert set(scanned(signals).flagged) == {cast.signal_id for cast in thief}


def test_no_signals_give_an_empty_report_that_names_its_policy() -> None:
    report = scanned([])
    assert not report.clusters
    assert not report.flagged
    assert len(report.policy_sha256) == 64
