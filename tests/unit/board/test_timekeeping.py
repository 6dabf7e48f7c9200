"""The log's clock, opening and closing."""

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dauys.board.timekeeping import close_entries, open_entries, tick_if_due
from dauys.core.entries import AnyEntry, ClockTick, Close, Open, StratumTally, Tally
from dauys.core.errors import RefusedError
from dauys.core.forms import format_instant, parse_instant
from dauys.core.remedies import Extend, Restrict
from dauys.core.replay import Replay
from dauys.core.state import ElectionState
from dauys.crypto.signing import verify_signature
from tests.unit.board.elections import CLOSES, EDS, NORTH, OPENS, ballot, decided, opened, sealed

SECOND = timedelta(seconds=1)


def state_after(*entries: AnyEntry) -> ElectionState:
    replay = Replay(verify_signature)
    for entry in entries:
        replay.apply(entry)
    return replay.state


def refusal(code: str, state: ElectionState, at: str, permits: int | None = None) -> None:
    """Opening, or closing after so many `permits`, is refused with `code`."""
    now = parse_instant(at)
    with pytest.raises(RefusedError) as refused:
        _ = open_entries(state, now) if permits is None else close_entries(state, now, permits)
    assert refused.value.code == code


def test_no_tick_before_a_step_has_passed() -> None:
    state = state_after(*opened())
    assert tick_if_due(state, OPENS) is None
    assert tick_if_due(state, OPENS + timedelta(seconds=59)) is None
    assert tick_if_due(state, OPENS - timedelta(hours=1)) is None


def test_a_tick_shows_a_whole_step_and_not_the_second() -> None:
    state = state_after(*opened())
    tick = tick_if_due(state, OPENS + timedelta(seconds=119))
    assert tick == ClockTick(at=format_instant(OPENS + timedelta(seconds=60)))


def test_a_restriction_that_has_begun_is_shown_to_the_second() -> None:
    since = OPENS + timedelta(seconds=30)
    restrict = Restrict(methods=(EDS,), since=format_instant(since))
    state = state_after(*opened(), *decided(1, restrict, OPENS))
    assert tick_if_due(state, since - SECOND) is None
    assert tick_if_due(state, since) == ClockTick(at=format_instant(since))
    assert tick_if_due(state, since + timedelta(seconds=20)) == ClockTick(at=format_instant(since))


@given(st.lists(st.integers(0, 400), min_size=1, max_size=30), st.integers(0, 3000))
def test_the_log_is_never_ahead_and_never_a_step_behind(gaps: list[int], restricted: int) -> None:
    since = format_instant(OPENS + timedelta(seconds=restricted))
    replay = Replay(verify_signature)
    restrict = Restrict(methods=(EDS,), since=since)
    for entry in (*opened(), *decided(1, restrict, OPENS)):
        replay.apply(entry)
    now = OPENS
    for gap in gaps:
        now += timedelta(seconds=gap)
        tick = tick_if_due(replay.state, now)
        if tick is not None:
            assert tick.at > replay.state.now or tick.at == since
            replay.apply(tick)
        assert replay.state.now <= format_instant(now)
        assert now - parse_instant(replay.state.now) < timedelta(seconds=60)
        assert (replay.state.now >= since) == (format_instant(now) >= since)


def test_voting_opens_within_its_hours() -> None:
    state = state_after(*sealed())
    refusal("too_early", state, format_instant(OPENS - SECOND))
    refusal("closed", state, format_instant(CLOSES))
    assert open_entries(state, OPENS + SECOND) == (Open(at=format_instant(OPENS + SECOND)),)


def test_voting_does_not_open_twice_nor_without_trustees_nor_without_a_booth() -> None:
    now = format_instant(OPENS)
    refusal("already_open", state_after(*opened()), now)
    refusal("not_sealed", state_after(*sealed()[:2]), now)
    refusal("not_sealed", state_after(*sealed()[:3]), now)
    refusal("not_sealed", ElectionState(), now)


def test_voting_closes_when_it_was_said_and_not_before() -> None:
    state = state_after(*opened(), ballot(3))
    refusal("too_early", state, format_instant(CLOSES - SECOND), permits=3)
    assert close_entries(state, CLOSES, 3) == (Close(at=format_instant(CLOSES), permits=3),)
    refusal("not_open", state_after(*sealed()), format_instant(CLOSES), permits=3)


def test_voting_does_not_close_over_a_ballot_whose_permit_the_registrar_lost() -> None:
    state = state_after(*opened(), ballot(3))
    refusal("permits_missing", state, format_instant(CLOSES), permits=2)


def test_voting_goes_on_after_an_extension_decided_when_it_had_closed() -> None:
    extend = Extend(closes=format_instant(CLOSES + timedelta(days=1)))
    closed = (*opened(), Close(at=format_instant(CLOSES), permits=0))
    refusal("closed", state_after(*closed), format_instant(CLOSES + SECOND))
    state = state_after(*closed, *decided(1, extend, CLOSES + SECOND))
    assert open_entries(state, CLOSES + timedelta(hours=1))
    refusal(
        "too_early",
        state_after(*opened(), *decided(1, extend, OPENS)),
        format_instant(CLOSES),
        permits=0,
    )


def test_voting_does_not_open_again_once_the_tally_has_begun() -> None:
    stratum = StratumTally(name="total", methods=(), weight=0, ballots=0, encrypted_tally="{}")
    state = state_after(
        *opened(),
        Close(at=format_instant(CLOSES), permits=0),
        Tally(contest=NORTH, strata=(stratum,)),
    )
    refusal("tallied", state, format_instant(CLOSES + timedelta(hours=1)))
