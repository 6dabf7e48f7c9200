"""The caretaker's first look at an election after the server was cut off."""

from pathlib import Path
from types import SimpleNamespace
from typing import cast

import pytest

from dauys.conduct.caretaking import Caretaker, Charge
from dauys.conduct.counting import CountingDesk
from dauys.core.errors import RefusedError
from dauys.response.decisions import DecisionDesk
from dauys.response.proposals import Proposal


class Desk:
    """Stands for the desk of decisions; refuses `troubles` times."""

    def __init__(self, troubles: int = 0, *stuck: int) -> None:
        self.troubles = troubles
        self.stuck = stuck
        self.calls = 0

    def resume(self) -> tuple[Proposal, ...]:
        self.calls += 1
        if self.calls <= self.troubles:
            raise RefusedError("busy")
        return tuple(cast("Proposal", SimpleNamespace(number=number)) for number in self.stuck)


class Draft:
    """Stands for the count of an election that has nothing on its board."""

    def __init__(self) -> None:
        self.journal = SimpleNamespace(state=lambda: SimpleNamespace(rules=None))


def caretaker(*desks: Desk) -> Caretaker:
    charges = [
        Charge(f"e{n}", cast("CountingDesk", Draft()), cast("DecisionDesk", desk), Path("/nowhere"))
        for n, desk in enumerate(desks)
    ]
    return Caretaker(lambda: charges, lambda: None)


def test_what_was_signed_before_the_crash_is_published_once() -> None:
    desk = Desk()
    keeper = caretaker(desk)
    for _ in range(3):
        keeper.look()
    assert desk.calls == 1


def test_trouble_with_one_election_keeps_no_other_waiting_and_is_tried_again() -> None:
    troubled, well = Desk(2), Desk()
    keeper = caretaker(troubled, well)
    for _ in range(5):
        keeper.look()
    assert (troubled.calls, well.calls) == (3, 1)


def test_a_decision_that_came_too_late_is_told_to_the_operator(
    caplog: pytest.LogCaptureFixture,
) -> None:
    caretaker(Desk(0, 7)).look()
    assert "decision 7 can no longer take effect" in caplog.text
