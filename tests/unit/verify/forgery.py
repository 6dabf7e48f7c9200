"""Ways to alter the told election, as someone who stole the keys would."""

from collections.abc import Callable, Sequence
from typing import Any, TypeVar

from msgspec.structs import replace

from dauys.core.entries import AnyEntry, BallotEntry
from tests.unit.verify.story import Board, story

E = TypeVar("E", bound=AnyEntry)
Entries = list[AnyEntry]
Mutations = dict[str, tuple[Callable[[], Entries], str]]
"""By what was done: how, and the check that finds it."""


def entries() -> Entries:
    """A copy of the finished election."""
    return list(story().entries)


def altered(place: int | str, kind: type[E], change: Callable[[E], AnyEntry]) -> Entries:
    """The election with one entry, which is of `kind`, changed."""
    copy = entries()
    number = story().places[place] if isinstance(place, str) else place
    entry = copy[number]
    assert isinstance(entry, kind)
    copy[number] = change(entry)
    return copy


def without(number: int) -> Entries:
    """The election with one entry left out."""
    copy = entries()
    del copy[number]
    return copy


def inserted(place: str, *new: AnyEntry) -> Entries:
    """The election with `new` entries before the named place."""
    copy = entries()
    copy[story().places[place] : story().places[place]] = new
    return copy


def place(name: str) -> int:
    """Number of the entry where the named thing stands."""
    return story().places[name]


def ballot(name: str) -> BallotEntry:
    """The ballot entry at the named place."""
    entry = story().entries[place(name)]
    assert isinstance(entry, BallotEntry)
    return entry


def extra(tell: Callable[[Board], object]) -> AnyEntry:
    """The last entry that `tell` makes a board write, which goes on from the told one."""
    board = going_on()
    tell(board)
    return board.entries[-1]


def going_on(until: Sequence[AnyEntry] | None = None) -> Board:
    """A board with the told election's keys, to write `until` (or all) of it differently."""
    board = Board()
    board.entries = list(story().entries if until is None else until)
    board.serial = 19  # 20 permits were issued
    board.keys.random.seed(2)  # keys are drawn; what follows is drawn differently
    return board


def permitted_anew(**changes: object) -> Callable[[BallotEntry], BallotEntry]:
    """Change the permit's statement; the registrar signs it."""
    board = story().board

    def change(entry: BallotEntry) -> BallotEntry:
        statement = replace(entry.permit.statement, **changes)
        return replace(entry, permit=board.permit(statement))

    return change


def voted(*args: Any, **more: Any) -> AnyEntry:
    return extra(lambda board: board.vote(*args, **more))


def decided(*args: Any, **more: Any) -> list[AnyEntry]:
    board = going_on()
    start = board.decide(*args, **more)
    return board.entries[start:]
