"""In-memory ports of the response stage. They keep the promises in contracts.py."""

from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from threading import RLock
from typing import Generic, TypeVar

from dauys.core.entries import AnyEntry, decode_entry
from dauys.core.errors import RefusedError
from dauys.core.ids import CaseId, ContestId, DecisionNumber, LeafIndex
from dauys.core.state import ElectionState
from dauys.response.cases import Case, CaseStatus
from dauys.response.journal import Writer
from dauys.response.proposals import Proposal, ProposalStatus
from tests.unit.tally.small_board import SmallBoard

T = TypeVar("T")


class Shelf(Generic[T]):
    """Numbered things under a lock that undoes what fails."""

    def __init__(self) -> None:
        self._lock = RLock()
        self._held = False
        self.kept: dict[int, T] = {}

    @contextmanager
    def locked(self) -> Iterator[None]:
        with self._lock:
            before = dict(self.kept)
            self._held = True
            try:
                yield
            except BaseException:
                self.kept = before
                raise
            finally:
                self._held = False

    def next_number(self) -> int:
        assert self._held
        return max(self.kept, default=0) + 1

    def put(self, number: int, thing: T) -> None:
        assert self._held
        self.kept[number] = thing

    def all(self) -> list[T]:
        return [self.kept[number] for number in sorted(self.kept)]


class MemoryCases:
    """`response.cases.CaseStore`."""

    def __init__(self) -> None:
        self._shelf: Shelf[Case] = Shelf()

    def locked(self) -> AbstractContextManager[None]:
        return self._shelf.locked()

    def next_number(self) -> CaseId:
        return CaseId(self._shelf.next_number())

    def put(self, case: Case) -> None:
        self._shelf.put(case.number, case)

    def get(self, number: CaseId) -> Case:
        try:
            return self._shelf.kept[number]
        except KeyError as error:
            raise RefusedError("unknown_case", str(number)) from error

    def find(
        self, *, contest: ContestId | None = None, status: CaseStatus | None = None
    ) -> tuple[Case, ...]:
        return tuple(
            case
            for case in self._shelf.all()
            if contest in {None, case.contest} and status in {None, case.status}
        )


class MemoryProposals:
    """`response.proposals.ProposalStore`."""

    def __init__(self) -> None:
        self._shelf: Shelf[Proposal] = Shelf()

    def locked(self) -> AbstractContextManager[None]:
        return self._shelf.locked()

    def next_number(self) -> DecisionNumber:
        return DecisionNumber(self._shelf.next_number())

    def put(self, proposal: Proposal) -> None:
        self._shelf.put(proposal.number, proposal)

    def get(self, number: DecisionNumber) -> Proposal:
        try:
            return self._shelf.kept[number]
        except KeyError as error:
            raise RefusedError("unknown_proposal", str(number)) from error

    def find(self, *, status: ProposalStatus | None = None) -> tuple[Proposal, ...]:
        return tuple(p for p in self._shelf.all() if status in {None, p.status})


class PowerCutError(Exception):
    """The process died."""


class MemoryJournal:
    """`response.journal.Journal` over a small board. `cut_power` makes a commit fail.

    With "after", everything was durable before the power went; with "before", nothing.
    """

    def __init__(self, board: SmallBoard) -> None:
        self.board = board
        self.cut_power = ""

    @contextmanager
    def reading(self) -> Iterator[ElectionState]:
        yield self.board.state

    @contextmanager
    def writing(self) -> Iterator[Writer]:
        durable = list(self.board.entries)
        try:
            yield _Pen(self.board)
            self._commit("before")
        except BaseException:
            self.board.read_again(durable)
            raise
        self._commit("after")

    def _commit(self, moment: str) -> None:
        if self.cut_power == moment:
            raise PowerCutError


class _Pen:
    def __init__(self, board: SmallBoard) -> None:
        self._board = board

    @property
    def state(self) -> ElectionState:
        return self._board.state

    def append(self, entry: AnyEntry) -> LeafIndex:
        index = self._board.add(entry)
        decode_entry(self._board.entries[-1])
        return index
