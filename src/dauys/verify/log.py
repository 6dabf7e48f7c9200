"""The log as published: its files, its tree, its signature. docs/protocol.md, section 2."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from dauys.core.errors import DauysError, MalformedError
from dauys.verify.checkpoint import Checkpoint, check_signature, parse_checkpoint
from dauys.verify.checks import Findings
from dauys.verify.files import (
    ENTRIES,
    WIDTH,
    TilePath,
    layout_faults,
    read_bundle,
    read_checkpoint_file,
    tile_fault,
    tiles_of_row,
)
from dauys.verify.tree import leaf_hash, root_and_levels

BUNDLES = "entry-bundles"
TILES = "tile-hashes"


@dataclass(slots=True)
class PublishedLog:
    """A folder with a readable checkpoint, and the hashes of the entries read from it."""

    folder: Path
    checkpoint: Checkpoint
    leaves: list[bytes]
    complete: bool = False
    """Whether all entries could be read."""
    last_bundle: tuple[bytes, ...] = ()
    """An incomplete bundle, once read: of all bundles it alone may go while we read on."""

    def entries(self) -> Iterator[tuple[int, bytes]]:
        """Every entry with its number, bundle by bundle. Raises MalformedError, OSError."""
        number = 0
        for path in tiles_of_row(ENTRIES, self.checkpoint.size):
            for entry in self._bundle(path):
                yield number, entry
                number += 1

    def was_published_anew(self) -> bool:
        """Whether the folder holds another checkpoint by now. Raises UnreadableError."""
        return read_checkpoint_file(self.folder) != self.checkpoint.to_text().encode()

    def _bundle(self, path: TilePath) -> tuple[bytes, ...]:
        if path.width == WIDTH:
            return read_bundle(self.folder, path)
        self.last_bundle = self.last_bundle or read_bundle(self.folder, path)
        return self.last_bundle

    def same_entries(self) -> Iterator[tuple[int, bytes]]:
        """As `entries`, once more: raises MalformedError if an entry is not what it was."""
        for number, entry in self.entries():
            if leaf_hash(entry) != self.leaves[number]:
                raise MalformedError(f"entry {number}", "changed while the log was being read")
            yield number, entry


def open_log(folder: Path, findings: Findings) -> PublishedLog | None:
    """Read the checkpoint and look through the files. Raises UnreadableError.

    None if the checkpoint does not say how many entries there are.
    """
    try:
        checkpoint = parse_checkpoint(read_checkpoint_file(folder))
    except MalformedError as error:
        findings.ran("checkpoint-form")
        findings.fault("checkpoint-form", error.why)
        return None
    findings.ran("checkpoint-form", seen=f"{checkpoint.size} entries")
    try:
        for fault in layout_faults(folder, checkpoint.size):
            findings.fault("tile-layout", fault)
    except OSError as error:
        findings.fault("tile-layout", str(error.strerror))
    findings.ran("tile-layout")
    return PublishedLog(folder, checkpoint, [])


def read_entries(
    log: PublishedLog,
    take: Callable[[int, bytes], None],
    progress: Callable[[int], None],
    findings: Findings,
) -> None:
    """Hand every entry to `take`, keep its hash, and say whether the log is complete."""
    findings.ran(BUNDLES, "checkpoint-size")
    try:
        for number, entry in log.entries():
            log.leaves.append(leaf_hash(entry))
            take(number, entry)
            progress(number + 1)
    except MalformedError as error:
        findings.fault(BUNDLES, str(error))
    except OSError as error:
        findings.fault(BUNDLES, f"{error.filename}: {error.strerror}")
    if len(log.leaves) != log.checkpoint.size:
        findings.fault("checkpoint-size", f"{len(log.leaves)} entries could be read")
    log.complete = not findings.failed(BUNDLES)


def check_tree(log: PublishedLog, findings: Findings) -> None:
    """Compare the root and every hash tile with what the entries give."""
    root, levels = root_and_levels(log.leaves)
    if root != log.checkpoint.root:
        findings.fault("log-root", f"the entries' root is {root.hex()}")
    findings.ran("log-root", seen=root.hex())
    tiles = 0
    for level, row in enumerate(levels):
        for path in tiles_of_row(str(level), len(row)):
            tiles += 1
            fault = tile_fault(log.folder, path, row)
            if fault is not None:
                findings.fault(TILES, fault)
    findings.ran(TILES, seen=f"{tiles} tiles")


def check_log_signature(
    log: PublishedLog, origin: str | None, log_key: str, findings: Findings
) -> None:
    """Check the checkpoint's signature by `log_key`, and that it is of the log `origin`."""
    name = "checkpoint-signature"
    if origin is not None and log.checkpoint.origin != origin:
        findings.fault(name, f"it is of the log {log.checkpoint.origin}, not {origin}")
    try:
        check_signature(log.checkpoint, log_key)
    except DauysError as error:
        findings.fault(name, str(error))
    findings.ran(name, seen=f"key {log_key}")
