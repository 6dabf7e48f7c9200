"""Two organisers at once: one takes another register while the other seals."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from threading import Event, Thread
from typing import Any

import pytest

from dauys.board.draft import ElectionDraft
from dauys.board.journal import Journal
from dauys.conduct.setting_up import SetUpDesk
from dauys.core.errors import RefusedError
from dauys.core.ports import RandomSource
from dauys.crypto.signing import verify_signature
from dauys.identity.kazakhstan.numbering import NationalNumbers
from dauys.identity.register import RegisterVoter
from tests.unit.board.elections import LOG
from tests.unit.board.memory import MemoryEntryStore
from tests.unit.board.test_sealing import RANDOM, draft


@dataclass
class Desk:
    """Draft and register of one election; replacing the register takes a while."""

    register_sha256: str = "0" * 64
    sealed: bool = False
    looked: Event = field(default_factory=Event)

    def require_unsealed(self) -> None:
        if self.sealed:
            raise RefusedError("sealed")
        self.looked.set()

    def replace(self, voters: Iterable[RegisterVoter], _random: RandomSource) -> int:
        Event().wait(0.2)
        return len(tuple(voters))

    def keep_register(self, _salt: str, sha256: str) -> None:
        self.register_sha256 = sha256

    def mark_sealed(self) -> None:
        self.sealed = True

    def read(self, _around: object) -> ElectionDraft:
        return draft(register=self.register_sha256)


def test_the_register_that_votes_is_the_one_that_was_sealed() -> None:
    desk = Desk()
    journal = Journal(MemoryEntryStore(), LOG, verify_signature)
    parts: dict[str, Any] = {"drafts": desk, "register": desk, "surroundings": lambda: None}
    set_up = SetUpDesk(journal, random=RANDOM, numbering=NationalNumbers(), **parts)
    taking = Thread(target=set_up.accept_register, args=((),))
    taking.start()
    desk.looked.wait(5)
    set_up.seal()
    taking.join()
    assert journal.state().manifest.register == desk.register_sha256
    for deed in (set_up.seal, lambda: set_up.accept_register(())):
        with pytest.raises(RefusedError, match="sealed"):
            deed()
