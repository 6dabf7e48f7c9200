"""The board and the auditor, written apart from one text, say the same of the same entries.

`core.replay` decides what the server takes in, `verify.replay` what an auditor objects to.
Here every kind of entry in every phase; random logs are in tests/unit/verify.
"""

from collections.abc import Callable

import pytest

from dauys.core.entries import AnyEntry, encode_entry
from dauys.core.errors import VerificationError
from dauys.verify.checks import Findings
from dauys.verify.replay import Replay as Audit
from tests.unit.core import test_replay_order as order
from tests.unit.tally.small_board import SmallBoard


class Objections(Findings):
    """All faults found, with nothing left out."""

    def __init__(self) -> None:
        super().__init__()
        self.all: list[str] = []

    def fault(self, name: str, detail: str) -> None:
        super().fault(name, detail)
        self.all.append(f"{name}: {detail}")


def objections(entries: list[bytes], entry: AnyEntry) -> list[str]:
    """What the auditor has against `entry` after `entries`."""
    found = Objections()
    auditor = Audit(found)
    for number, data in enumerate([*entries, encode_entry(entry)]):
        auditor.take(number, data)
    return [fault for fault in found.all if f"entry {len(entries)}:" in fault]


def taken(board: SmallBoard, entry: AnyEntry) -> bool:
    try:
        board.add(entry)
    except VerificationError:
        return False
    return True


@pytest.mark.parametrize(
    "lead",
    [order.sealed, order.opened, order.closed, order.one_tallied, order.tallied, order.final],
)
def test_what_the_board_refuses_the_auditor_objects_to(lead: Callable[[], SmallBoard]) -> None:
    for entry in order.every_kind(lead()):
        board = lead()
        found = objections(board.entries, entry)
        assert taken(board, entry) == (not found), (type(entry).__name__, found)
