"""From the last ballot to the published result: close, tally, decrypt, announce."""

from collections import Counter
from collections.abc import Callable, Sequence
from concurrent.futures import Executor
from copy import deepcopy
from dataclasses import dataclass
from pathlib import Path

from dauys.board.journal import Journal
from dauys.board.publish import publish
from dauys.board.timekeeping import close_entries, open_entries
from dauys.conduct.people import PermitBook
from dauys.core.entries import ClockTick, Decryption, Final
from dauys.core.errors import RefusedError
from dauys.core.forms import format_instant
from dauys.core.ids import ContestId
from dauys.core.ports import Clock, RandomSource
from dauys.core.state import Phase
from dauys.crypto.threshold import quorums
from dauys.crypto.trustees import TrusteeKey
from dauys.tally.decrypting import check_decryption, decrypt_contest, trustees_of
from dauys.tally.results import result_entry
from dauys.tally.tallying import check_tallies, tally_entries

Progress = Callable[[int, int], None]


@dataclass(frozen=True, slots=True)
class QuorumStanding:
    """A single trustee, or a group of whom `needed` must decrypt: who has done so.

    `short`: how many more must decrypt before every one of the `sums` opens.
    """

    owners: tuple[int, ...]
    needed: int
    sums: int
    decrypted: tuple[int, ...]
    """Sums that each of the owners has decrypted."""
    short: int

    @property
    def absent(self) -> tuple[int, ...]:
        """Owners who have not decrypted every sum."""
        pairs = zip(self.owners, self.decrypted, strict=True)
        return tuple(owner for owner, done in pairs if done < self.sums)


@dataclass(frozen=True, slots=True)
class CountingDesk:
    """Opens and closes voting, and brings the count to its end."""

    journal: Journal
    permits: PermitBook
    clock: Clock

    def open(self) -> None:
        """Open voting, or go on after an extension. Raises RefusedError as `open_entries`."""
        with self.journal.writing() as writer:
            for entry in open_entries(writer.state, self.clock.now()):
                writer.append(entry)

    def close(self) -> None:
        """Close voting. Raises RefusedError as `close_entries` (`too_early`, …)."""
        with self.journal.writing() as writer:
            for entry in close_entries(writer.state, self.clock.now(), self.permits.issued()):
                writer.append(entry)

    def tally(self, progress: Progress | None = None, executor: Executor | None = None) -> None:
        """Publish the encrypted sums of every contest. Raises RefusedError `not_closed`.

        Summing takes minutes: it is done on a copy of the state, so that nobody waits for it,
        and done again if the board has grown meanwhile, since a decision may change the sums.
        """
        self._show_that_time_has_passed()
        while True:
            with self.journal.reading() as living:
                state = deepcopy(living)
            entries = self.journal.entries(0, state.size)
            tallies = tally_entries(state, entries, progress, executor)
            with self.journal.writing() as writer:
                if writer.state.size == state.size:
                    for tally in tallies:
                        writer.append(tally)
                    return

    def _show_that_time_has_passed(self) -> None:
        """Let the log's clock tick where an extension ran out while nobody opened again.

        A tally may not stand before the closing time. Raises RefusedError `too_early`.
        """
        now = format_instant(self.clock.now())
        with self.journal.writing() as writer:
            state = writer.state
            if state.phase is Phase.CLOSED and state.now < state.closes and not state.tallies:
                if now < state.closes:
                    raise RefusedError("too_early", state.closes)
                writer.append(ClockTick(at=now))

    def decrypt(
        self, key: TrusteeKey, random: RandomSource, executor: Executor | None = None
    ) -> tuple[Decryption, ...]:
        """A trustee's part of every contest, after checking the sums for themselves.

        This runs where the trustee's key is: at the trustee, on the published files.
        """
        with self.journal.reading() as state:
            check_tallies(state, self.journal.entries(), executor=executor)
            return tuple(
                part
                for contest in state.tallies
                for part in decrypt_contest(state, contest, key, random)
            )

    def accept(self, parts: Sequence[Decryption]) -> None:
        """Check a trustee's parts and publish them, all or none.

        Raises VerificationError, naming the trustee, for a wrong part; RefusedError
        `already_decrypted` with their number if one is there.
        """
        with self.journal.writing() as writer:
            for part in parts:
                if (part.contest, part.stratum, part.trustee) in writer.state.decryptions:
                    raise RefusedError("already_decrypted", str(part.trustee))
                check_decryption(writer.state, part)
                writer.append(part)

    def standing(self) -> tuple[QuorumStanding, ...]:
        """How far the trustees are, in their order; nothing before there are sums."""
        state = self.journal.state()
        if not state.tallies:
            return ()
        wanted = {(contest, s.name) for contest, t in state.tallies.items() for s in t.strata}
        done: Counter[int] = Counter()
        by_sum: dict[tuple[ContestId, str], set[int]] = {key: set() for key in wanted}
        for contest, stratum, owner in state.decryptions:
            done[owner] += 1
            by_sum[contest, stratum].add(owner)
        return tuple(
            QuorumStanding(
                owners=tuple(quorum.owners),
                needed=quorum.needed,
                sums=len(wanted),
                decrypted=tuple(done[owner] for owner in quorum.owners),
                short=max(quorum.short(owners) for owners in by_sum.values()),
            )
            for quorum in quorums(trustees_of(state))
        )

    def announce(self) -> None:
        """Publish the results of all contests and end the log.

        Raises RefusedError `not_tallied` or `decryptions_missing`.
        """
        with self.journal.writing() as writer:
            if not writer.state.tallies:
                raise RefusedError("not_tallied")
            for contest in writer.state.manifest.contests:
                if contest.id not in writer.state.results:
                    writer.append(result_entry(writer.state, contest.id))
            at = max(format_instant(self.clock.now()), writer.state.now)
            writer.append(Final(at=at))

    def publish(self, folder: Path) -> None:
        """Write the board's static files to `folder`."""
        publish(self.journal, folder)
