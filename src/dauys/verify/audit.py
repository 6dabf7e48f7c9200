"""`verify`: everything that docs/protocol.md, section 11 asks of a verifier, in order."""

from collections.abc import Iterator
from functools import partial
from pathlib import Path
from typing import Final

from dauys.core.errors import MalformedError
from dauys.core.executors import Workers
from dauys.core.ids import ContestId
from dauys.verify.checks import FINGERPRINT, LOG_KEY, Findings
from dauys.verify.countable import countable
from dauys.verify.elections import check_elections
from dauys.verify.executors import Progress, no_progress, opened
from dauys.verify.history import CastBallot, History
from dauys.verify.log import (
    PublishedLog,
    check_log_signature,
    check_tree,
    open_log,
    read_entries,
)
from dauys.verify.manifest import voters_of
from dauys.verify.proofs import FEW, Against, Posted, Sums, check_all
from dauys.verify.replay import Replay
from dauys.verify.report import Report, summarise
from dauys.verify.results import check_results
from dauys.verify.tallies import check_decryptions, check_tallies

_ATTEMPTS: Final = 3
_BALLOTS_REPLAYED: Final = (
    "permit-statement",
    "permit-method",
    "permit-reclaims",
    "ballot-once",
    "ballot-time",
)
_BALLOTS_PROVED: Final = (
    "permit-signature",
    "ballot-form",
    "ballot-binding",
    "ballot-signature",
    "ballot-proofs",
)


def verify(
    folder: Path,
    *,
    fingerprint: str | None = None,
    log_key: str | None = None,
    workers: Workers = 1,
    progress: Progress = no_progress,
) -> Report:
    """Check the log in `folder` (which holds `checkpoint` and `tile/`) and all it says.

    `fingerprint` (SHA-256 of entry 0, hex) and `log_key` (hex) pin the election; without
    them the report says what the files say of themselves. `workers` check the ballots:
    so many processes (0: one on each core), or an executor of the caller's. Raises
    UnreadableError if there is no log.
    """
    unasked = frozenset(
        name for name, pin in ((FINGERPRINT, fingerprint), (LOG_KEY, log_key)) if pin is None
    )
    log, replay, findings = read_log(folder, progress)
    history = replay.history
    if log is None:
        return Report(findings.checks(leave_out=unasked), None)
    _check_pins(log, replay, fingerprint, log_key, findings)
    if history is None or not log.complete:
        return Report(findings.checks(leave_out=unasked), None)
    _mark_replayed(history, findings)
    counted = countable(history)
    _check_count(log, history, counted, findings, workers, progress)
    summary = summarise(history, counted, replay.fingerprint, log.checkpoint.size)
    return Report(findings.checks(leave_out=unasked), summary)


def read_log(folder: Path, progress: Progress) -> tuple[PublishedLog | None, Replay, Findings]:
    """Read and replay the log in `folder` and check its tree; None if its size is not known.

    A log that was published anew meanwhile has lost tiles that we were about to read: then
    what is there now is read instead. Raises UnreadableError.
    """
    for _ in range(_ATTEMPTS - 1):
        log, replay, findings = _read_once(folder, progress)
        if log is None or not findings.faulty() or not log.was_published_anew():
            return log, replay, findings
    return _read_once(folder, progress)


def _read_once(folder: Path, progress: Progress) -> tuple[PublishedLog | None, Replay, Findings]:
    findings = Findings()
    replay = Replay(findings)
    log = open_log(folder, findings)
    if log is not None:
        size = log.checkpoint.size
        tell = partial(progress, "Reading entries")
        read_entries(log, replay.take, lambda done: tell(done, size), findings)
        if log.complete:
            replay.finish()
            findings.ran("entry-canonical", seen=f"{size} entries")
            check_tree(log, findings)
    return log, replay, findings


def _check_pins(
    log: PublishedLog,
    replay: Replay,
    fingerprint: str | None,
    log_key: str | None,
    findings: Findings,
) -> None:
    """Check whose log it is: signature, and what the caller asked for."""
    manifest = None if replay.history is None else replay.history.manifest
    if manifest is not None:
        check_log_signature(log, manifest.log_origin, manifest.log_key, findings)
        findings.ran(LOG_KEY, seen=manifest.log_key)
        if log_key is not None and manifest.log_key != log_key:
            findings.fault(LOG_KEY, f"the manifest's is {manifest.log_key}")
    elif log_key is not None:
        check_log_signature(log, None, log_key, findings)
    if replay.fingerprint:
        findings.ran(FINGERPRINT, seen=replay.fingerprint)
        if fingerprint is not None and fingerprint != replay.fingerprint:
            findings.fault(FINGERPRINT, f"it is {replay.fingerprint}")


def _mark_replayed(history: History, findings: Findings) -> None:
    """The replay came to the end of the log; say over what."""
    ballots, decisions = f"{len(history.ballots)} ballots", f"{len(history.decisions)} decisions"
    findings.ran("entry-order", seen=f"the election is {history.stage.name.lower()}")
    findings.ran("entry-times", seen=f"up to {history.time or 'the sealing'}")
    findings.ran("manifest-rules", "booth-files")
    if history.booth is None:
        findings.not_yet("booth-files", "the voter's page is not named yet")
    findings.ran("decision-remedy", "decision-signature", "decision-quorum", seen=decisions)
    findings.ran(*_BALLOTS_REPLAYED, seen=ballots)


def _check_count(
    log: PublishedLog,
    history: History,
    counted: dict[ContestId, tuple[CastBallot, ...]],
    findings: Findings,
    workers: Workers,
    progress: Progress,
) -> None:
    """Everything from the ballots to the results."""
    _check_register(history, findings)
    elections = check_elections(history, findings)
    against = Against(
        history.manifest.registrar,
        tuple((contest, e.to_json()) for contest, e in elections.parameters.items()),
    )
    sums = _check_ballots(log, history, counted, against, findings, workers, progress)
    if sums is not None:
        check_tallies(history, counted, sums, elections, findings)
    decrypted = check_decryptions(history, elections, findings)
    check_results(history, counted, decrypted, findings)


def _check_register(history: History, findings: Findings) -> None:
    """No contest can have more pseudonyms than voters; of their weight `permits` takes care."""
    voters: dict[ContestId, set[str]] = {}
    for ballot in history.ballots:
        voters.setdefault(ballot.contest, set()).add(ballot.pseudonym)
    name = "voters-within-register"
    for contest in history.manifest.contests:
        voted, registered = len(voters.get(contest.id, ())), voters_of(contest)
        if voted > registered:
            findings.fault(name, f"{contest.id}: {voted} voted, {registered} are registered")
    findings.ran(name, seen=f"{sum(map(len, voters.values()))} voters")


def _check_ballots(
    log: PublishedLog,
    history: History,
    counted: dict[ContestId, tuple[CastBallot, ...]],
    against: Against,
    findings: Findings,
    workers: Workers,
    progress: Progress,
) -> Sums | None:
    """Check every ballot; the sums of those that count, unless the files changed meanwhile."""
    count, sums = len(history.ballots), Sums()

    def tell(done: int) -> None:
        progress("Checking ballots", done, count)

    try:
        with opened(workers, few=count <= FEW) as executor:
            for verdict in check_all(against, _posted(log, history, counted), executor, tell):
                sums.take(verdict)
                for fault in verdict.faults:
                    findings.fault_at(fault.check, fault.entry, fault.why)
    except (MalformedError, OSError) as error:
        findings.fault("entry-bundles", f"while the ballots were checked: {error}")
        return None
    findings.ran(*_BALLOTS_PROVED, seen=f"{count} ballots")
    return sums


def _posted(
    log: PublishedLog, history: History, counted: dict[ContestId, tuple[CastBallot, ...]]
) -> Iterator[Posted]:
    counting = {ballot.entry for ballots in counted.values() for ballot in ballots}
    for number, data in log.same_entries():
        if number in history.ballot_entries:
            yield Posted(number, data, number in counting)
