"""Writes the board as static files that any web server can serve. C2SP tlog-tiles.

Safe to stop at any moment: tiles are written first and never change, then the checkpoint
is replaced in one step, then what the new checkpoint no longer needs is removed. Whoever
finds a checkpoint finds all its tiles. Publishing again finishes what was begun.
"""

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from dauys.board.checkpoint import Checkpoint, read_checkpoint
from dauys.board.journal import Journal
from dauys.board.tiles import (
    CHECKPOINT_PATH,
    TILE_HEIGHT,
    Tile,
    bundle,
    tiles_of,
)
from dauys.core.errors import MalformedError, VerificationError
from dauys.core.state import ElectionState

_UNFINISHED: Final = ".unfinished"  # what a publisher that was killed leaves behind


def publish(journal: Journal, folder: Path) -> Checkpoint:
    """Bring `folder` up to the journal's newest checkpoint, and return that.

    Only what is new is written; the folder is made if need be. One publisher at a time
    works, others wait. Raises MalformedError for a damaged checkpoint; VerificationError
    when the board is empty, or the folder holds a checkpoint of another log or of another
    history of this one: publishing over it would show two boards.
    """
    folder.mkdir(parents=True, exist_ok=True)
    with _alone(folder):
        text = journal.checkpoint()
        checkpoint = _read(text, journal.state())
        shown = _shown(folder)
        published = 0 if shown is None else _shared(journal, shown, checkpoint)
        changed = {folder}
        for tile in tiles_of(checkpoint.size, published):
            path = folder / tile.path
            changed |= _make_folders(path.parent, folder)
            _replace(path, _content(journal, tile))
        for directory in changed:
            _sync(directory)
        if shown != text:
            _replace(folder / CHECKPOINT_PATH, text.encode())
            _sync(folder)
        _remove_outdated(folder, checkpoint.size)
    return checkpoint


def files(journal: Journal) -> Iterator[tuple[str, bytes]]:
    """Name and content of each file that `publish` would write to an empty folder.

    Raises VerificationError when the board is empty.
    """
    text = journal.checkpoint()
    for tile in tiles_of(_read(text, journal.state()).size):
        yield tile.path, _content(journal, tile)
    yield CHECKPOINT_PATH, text.encode()


def _read(text: str, state: ElectionState) -> Checkpoint:
    manifest = state.manifest
    return read_checkpoint(text, manifest.log_origin, manifest.log_key)


def _shown(folder: Path) -> str | None:
    """The checkpoint that the folder shows already."""
    try:
        return (folder / CHECKPOINT_PATH).read_bytes().decode()
    except FileNotFoundError:
        return None
    except UnicodeDecodeError as error:
        raise MalformedError("checkpoint", "not UTF-8") from error


def _shared(journal: Journal, shown: str, newest: Checkpoint) -> int:
    """How many entries the folder shows. Raises VerificationError unless all are ours."""
    older = _read(shown, journal.state())
    if older.size > newest.size or journal.root(older.size) != older.root:
        raise VerificationError("the published board is a beginning of this one")
    return older.size


def _content(journal: Journal, tile: Tile) -> bytes:
    if tile.level is None:
        return bundle(journal.entries(tile.start, tile.stop))
    return journal.hashes(tile.level * TILE_HEIGHT, tile.start, tile.stop)


def _remove_outdated(folder: Path, size: int) -> None:
    """Remove partial tiles of other sizes, and files that were never finished."""
    wanted = {folder / tile.path for tile in tiles_of(size)}
    partial = set(folder.glob("tile/**/*.p/*"))
    for path in (partial - wanted) | set(folder.rglob(f"*{_UNFINISHED}")):
        path.unlink()
    for path in folder.glob("tile/**/*.p"):
        if not any(path.iterdir()):
            path.rmdir()


def _make_folders(folder: Path, top: Path) -> set[Path]:
    """Make `folder` below `top`; the folders whose lists of names may change."""
    folder.mkdir(parents=True, exist_ok=True)
    return {folder, *(parent for parent in folder.parents if top in parent.parents)}


def _replace(path: Path, content: bytes) -> None:
    """Put a file in place whole; the folder's list is made durable by `_sync`."""
    unfinished = path.with_name(path.name + _UNFINISHED)
    with unfinished.open("wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    unfinished.replace(path)


def _sync(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


@contextmanager
def _alone(folder: Path) -> Iterator[None]:
    """Wait until no other publisher works on `folder`; ended with the process."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX)
        yield
    finally:
        os.close(descriptor)
