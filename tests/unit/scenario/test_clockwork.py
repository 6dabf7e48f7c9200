"""Whoever's moment comes first acts first, and the clock shows that moment."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

from dauys.scenario.clockwork import Clockwork, SimulatedClock

START = datetime(2020, 8, 5, 4, 0, tzinfo=UTC)


def at(minutes: int) -> datetime:
    return START + timedelta(minutes=minutes)


def test_people_take_turns_by_their_moments() -> None:
    clock = SimulatedClock(START)
    ended = 0
    acted: list[tuple[str, datetime]] = []

    def person(name: str, *moments: int) -> Iterator[datetime]:
        for moment in moments:
            yield at(moment)
            acted.append((name, clock.now()))

    def end() -> None:
        nonlocal ended
        ended += 1

    work = Clockwork(clock, end)
    work.add(person("late", 3, 9))
    work.add(person("early", 1, 3))
    work.run(at(5))
    assert acted == [("early", at(1)), ("late", at(3)), ("early", at(3))]
    assert (ended, clock.now()) == (1, at(5))
    work.run(at(10))
    assert acted[-1] == ("late", at(9))
    assert ended == 2


def test_whoever_wants_the_past_acts_now() -> None:
    clock = SimulatedClock(at(10))
    acted: list[datetime] = []

    def person() -> Iterator[datetime]:
        yield at(1)
        acted.append(clock.now())

    work = Clockwork(clock)
    work.add(person())
    work.run(at(11))
    assert acted == [at(10)]
