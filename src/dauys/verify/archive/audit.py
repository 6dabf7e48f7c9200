"""`verify_archive`: everything that the specification of Belenios lets anybody check."""

from collections.abc import Iterator
from itertools import groupby
from operator import attrgetter
from pathlib import Path
from typing import Final

from dauys.core.errors import MalformedError
from dauys.core.executors import Workers
from dauys.crypto.archive_events import Event, read_events
from dauys.verify.archive.ballots import Poll, check_ballots
from dauys.verify.archive.claims import (
    BALLOT_BINDING,
    BALLOT_CREDENTIAL,
    BALLOT_FORM,
    BALLOT_ONCE,
    BALLOT_PROOFS,
    BALLOT_SIGNATURE,
    CATALOGUE,
    CHAIN,
    FILE_NAMES,
    FORM,
    HEADER,
    OF_MALFORMED,
    ORDER,
    SETUP,
)
from dauys.verify.archive.counting import (
    Count,
    check_decryption,
    check_final,
    check_shuffle,
    check_tally,
    mark_counted,
)
from dauys.verify.archive.report import ArchiveReport, summarise
from dauys.verify.archive.setup import Setup, read_setup
from dauys.verify.checks import Findings
from dauys.verify.errors import UnreadableError
from dauys.verify.executors import Progress, no_progress

_STAGES: Final = {
    "": "open",
    "Setup": "open",
    "Ballot": "open",
    "EndBallots": "closed",
    "EncryptedTally": "tallied",
    "Shuffle": "tallied",
    "EndShuffles": "tallied",
    "PartialDecryption": "tallied",
    "Result": "counted",
}
"""How far the election is, by its last event."""


def verify_archive(
    path: Path, *, workers: Workers = 1, progress: Progress = no_progress
) -> ArchiveReport:
    """Check the archive at `path`, read once from its start to its end.

    `workers` check the ballots: so many processes (0: one on each core), or an executor of
    the caller's. Raises UnreadableError if there is no such file; UnsupportedError for
    elections that only Belenios checks; WorkersLostError.
    """
    audit = _Audit(path, workers, progress)
    try:
        audit.run()
    except OSError as error:
        raise UnreadableError(path, error.strerror or "cannot be read") from error
    return audit.report()


class _Audit:
    """One run over the events of an archive."""

    def __init__(self, path: Path, workers: Workers, progress: Progress) -> None:
        self._path, self._workers, self._progress = path, workers, progress
        self._findings = Findings(CATALOGUE)
        self._setup: Setup | None = None
        self._poll: Poll | None = None
        self._count = Count()
        self._last = ""
        self._whole = True

    def run(self) -> None:
        for kind, events in groupby(self._read(), key=attrgetter("kind")):
            if kind == "Setup":
                for event in events:
                    self._setup = read_setup(event.data, self._path, self._findings)
            elif self._setup is not None:
                self._take(kind, events, self._setup)
        if self._setup is not None and self._poll is None:
            self._check_ballots(iter(()), self._setup)

    def report(self) -> ArchiveReport:
        """Every check; the archive's numbers if it could be read to its end."""
        setup, poll, stage = self._setup, self._poll, _STAGES[self._last]
        if not self._last and self._whole:
            self._findings.fault(SETUP, "there is none")
        self._findings.ran(FORM, HEADER, FILE_NAMES, CHAIN, ORDER, SETUP)
        if setup is None or poll is None or not self._whole:
            return ArchiveReport(self._findings.checks(), None)
        mark_counted(poll, self._count, stage, self._findings)
        summary = summarise(setup, poll, self._count, stage)
        return ArchiveReport(self._findings.checks(), summary)

    def _read(self) -> Iterator[Event]:
        """The events, until one cannot be read."""
        try:
            for event in read_events(self._path):
                self._last = event.kind
                yield event
        except MalformedError as error:
            self._whole = False
            self._findings.fault(OF_MALFORMED[error.what], error.why)

    def _take(self, kind: str, events: Iterator[Event], setup: Setup) -> None:
        if kind == "Ballot":
            self._check_ballots(events, setup)
            return
        if self._poll is None:  # nobody voted
            self._check_ballots(iter(()), setup)
        for event in events:
            if kind == "EncryptedTally" and self._poll is not None:
                check_tally(event.data, setup, self._poll, self._count, self._findings)
            elif kind == "Shuffle":
                check_shuffle(event.data, self._findings)
            elif kind == "PartialDecryption":
                check_decryption(event.data, setup, self._count, self._findings)
            elif kind == "Result":
                check_final(event.data, setup, self._count, self._findings)

    def _check_ballots(self, events: Iterator[Event], setup: Setup) -> None:
        size = self._path.stat().st_size

        def tell(done: int) -> None:
            self._progress("Checking ballots", done, size)

        findings = self._findings
        self._poll = check_ballots(events, setup, self._path, self._workers, tell, findings)
        if self._whole:
            seen = f"{self._poll.cast} ballots"
            findings.ran(BALLOT_FORM, BALLOT_ONCE, BALLOT_BINDING, BALLOT_CREDENTIAL, seen=seen)
            findings.ran(BALLOT_SIGNATURE, BALLOT_PROOFS, seen=seen)
