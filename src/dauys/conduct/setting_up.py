"""From a draft to a sealed election: the register comes in, the board begins."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Protocol

from dauys.board.draft import DraftError, ElectionDraft, Problem
from dauys.board.journal import Journal
from dauys.board.sealing import seal
from dauys.conduct.weaknesses import Chosen
from dauys.core.entries import BoothFile
from dauys.core.forms import Text
from dauys.core.ports import RandomSource
from dauys.identity.numbering import Numbering
from dauys.identity.register import (
    ColumnMapping,
    ImportReport,
    RegisterRules,
    RegisterVoter,
    Table,
    import_register,
    register_commitment,
)

Progress = Callable[[int, int], None]


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What a draft needs beside the organiser's choices: keys and hashes, all hex."""

    registrar: str
    log_key: str
    log_origin: str
    monitor: str
    booth: tuple[BoothFile, ...]
    warnings: tuple[Text, ...] = ()
    """What is weaker than could be in how the installation checks signatures."""


class Drafts(Protocol):
    """The organiser's choices so far."""

    def read(self, around: Surroundings) -> ElectionDraft:
        """The draft as it stands."""
        ...

    def register_rules(self, numbering: Numbering) -> RegisterRules:
        """What a register of this election must be like."""
        ...

    def days(self) -> int:
        """Days of voting, begun ones counted whole."""
        ...

    def chosen(self) -> Chosen:
        """What may be weaker than it could be."""
        ...

    def require_unsealed(self) -> None:
        """Raise RefusedError `sealed` once the draft is on the board."""
        ...

    def keep_register(self, salt: str, sha256: str) -> None:
        """Keep the commitment to the register."""
        ...

    def mark_sealed(self) -> None:
        """Lock the draft."""
        ...


class RegisterBook(Protocol):
    """Where the register is kept."""

    def replace(self, voters: Iterable[RegisterVoter], random: RandomSource) -> int:
        """Put `voters` in the place of the register so far; return how many."""
        ...


@dataclass(frozen=True, slots=True)
class SetUpDesk:
    """Sets up one election. `surroundings` tells what the draft needs beside choices."""

    journal: Journal
    drafts: Drafts
    register: RegisterBook
    surroundings: Callable[[], Surroundings]
    random: RandomSource
    numbering: Numbering

    def read_register(
        self, table: Table, mapping: ColumnMapping, progress: Progress | None = None
    ) -> ImportReport:
        """A dry run: who would be taken, and every row that would not, with the reason."""
        rules = self.drafts.register_rules(self.numbering)
        return import_register(table, mapping, rules, progress or (lambda _done, _total: None))

    def accept_register(self, voters: tuple[RegisterVoter, ...]) -> int:
        """Take `voters` as the register, in the place of an earlier one.

        Raises RefusedError `sealed`. Nobody seals meanwhile: the register that votes is the
        one that the board commits to.
        """
        salt = self.random(32)
        commitment = register_commitment(voters, salt)
        with self.journal.writing():
            self.drafts.require_unsealed()
            count = self.register.replace(voters, self.random)
            self.drafts.keep_register(salt.hex(), commitment)
        return count

    def problems(self) -> tuple[Problem, ...]:
        """What still keeps the draft from being sealed."""
        try:
            seal(self.drafts.read(self.surroundings()))
        except DraftError as error:
            return error.problems
        return ()

    def seal(self) -> None:
        """Publish the rules as the board's first entries. They cannot be changed after.

        Raises RefusedError `sealed`, DraftError with everything to mend.
        """
        with self.journal.writing() as writer:
            self.drafts.require_unsealed()
            for entry in seal(self.drafts.read(self.surroundings())):
                writer.append(entry)
            self.drafts.mark_sealed()
