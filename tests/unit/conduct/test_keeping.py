"""When signals must go, by the clock and by what the board says of the election's end."""

from datetime import UTC, datetime, timedelta
from ipaddress import ip_address
from itertools import count

import pytest

from dauys.conduct.keeping import SignalKeeper
from dauys.core.errors import MalformedError
from dauys.core.state import ElectionState, Phase
from dauys.monitor.network import block_of
from dauys.monitor.retention import (
    Form,
    Retention,
    pseudonymous_address,
    pseudonyms,
)

CLOSES = datetime(2026, 9, 20, 15, tzinfo=UTC)
RETENTION = Retention(timedelta(days=30), timedelta(days=365), timedelta(days=90))


class Signals:
    """Notes what was asked of it."""

    def __init__(self) -> None:
        self.forms: list[Form] = []

    def bring_to(self, form: Form, now: datetime) -> bool:
        self.forms.append(form)
        return True


def asked(state: ElectionState, after: timedelta, *, held: bool = False) -> list[Form]:
    signals = Signals()
    SignalKeeper("one", signals, RETENTION, held)(state, CLOSES + after)
    return signals.forms


def announced() -> ElectionState:
    return ElectionState(
        phase=Phase.FINAL, now="2026-09-22T15:00:00Z", closes="2026-09-20T15:00:00Z"
    )


def forgotten() -> ElectionState:
    return ElectionState(
        phase=Phase.CLOSED, now="2026-09-20T15:00:00Z", closes="2026-09-20T15:00:00Z"
    )


@pytest.mark.parametrize(
    ("days", "forms"),
    [
        (-3, []),
        (31.9, []),
        (32, [Form.PSEUDONYMOUS]),
        (366.9, [Form.PSEUDONYMOUS]),
        (367, [Form.GONE]),
    ],
)
def test_time_runs_from_the_last_entry_of_the_board(days: float, forms: list[Form]) -> None:
    assert asked(announced(), timedelta(days=days)) == forms


def test_an_election_that_nobody_ever_announces_does_not_keep_addresses_for_ever() -> None:
    assert asked(forgotten(), timedelta(days=119)) == []
    assert asked(forgotten(), timedelta(days=120)) == [Form.PSEUDONYMOUS]
    assert asked(forgotten(), timedelta(days=455)) == [Form.GONE]


def test_nothing_goes_while_a_court_wants_it() -> None:
    assert asked(announced(), timedelta(days=4000), held=True) == []


def test_a_schedule_that_deletes_first_is_refused() -> None:
    with pytest.raises(MalformedError, match="before they go"):
        Retention(whole=timedelta(days=9), pseudonymous=timedelta(days=8))


def test_numbers_say_nothing_of_the_order_things_came_in() -> None:
    drawn = iter(range(9, 0, -1))
    names = pseudonyms(["a", "b", "a", "c"], lambda n: next(drawn).to_bytes(n))
    assert sorted(names.values()) == [0, 1, 2]
    other = count()
    again = pseudonyms(["a", "b", "a", "c"], lambda n: next(other).to_bytes(n))
    assert [names[thing] for thing in again] == [2 - again[thing] for thing in again]


def test_neighbours_stay_neighbours_at_addresses_that_lead_nowhere() -> None:
    one, two, far = (pseudonymous_address(*at) for at in ((7, 0), (7, 90_000), (8, 1)))
    assert block_of(one) == block_of(two) != block_of(far)
    assert all(ip_address(address).is_private for address in (one, two, far))
    assert str(ip_address(one)) == one
