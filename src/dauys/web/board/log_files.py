"""The published files of a board: read one safely, or pack a consistent set of all.

The caretaker writes them (`board/publish.py`); here they are only handed out, byte for byte.
"""

import os
import re
import zipfile
from datetime import timedelta
from pathlib import Path
from tempfile import NamedTemporaryFile
from threading import Lock
from time import time

from dauys.board.tiles import CHECKPOINT_PATH, tiles_of

PARTIAL = re.compile(r"\.p/[0-9]+\Z")
_TILE = re.compile(
    r"tile/(?:[0-9]|[1-5][0-9]|6[0-3]|entries)/(?:x[0-9]{3}/)*[0-9]{3}"
    r"(?:\.p/(?:[1-9]|[1-9][0-9]|1[0-9]{2}|2[0-4][0-9]|25[0-5]))?"
)
_PACKED_FOR = timedelta(minutes=1)
_ATTEMPTS = 5
_packing = Lock()


def read_published(folder: Path, path: str) -> bytes:
    """The file at `path` ("checkpoint" or a tile, C2SP tlog-tiles) below `folder`.

    Raises LookupError for a path of another form, and for a file that is not there.
    """
    if path != CHECKPOINT_PATH and not _TILE.fullmatch(path):
        raise LookupError(path)
    try:
        return (folder / path).read_bytes()
    except (FileNotFoundError, NotADirectoryError, IsADirectoryError) as error:
        raise LookupError(path) from error


def pack(folder: Path, archive: Path, slug: str) -> Path:
    """A ZIP file of the board in `folder`, made anew when it is a minute old and outdated.

    All files in it are of one checkpoint. Raises LookupError before the first publication.
    """
    with _packing:
        checkpoint = read_published(folder, CHECKPOINT_PATH)
        if not _is_fresh(archive, checkpoint, slug):
            archive.parent.mkdir(parents=True, exist_ok=True)
            _pack(folder, archive, slug)
    return archive


def _is_fresh(archive: Path, checkpoint: bytes, slug: str) -> bool:
    if not archive.exists():
        return False
    if time() - archive.stat().st_mtime < _PACKED_FOR.total_seconds():
        return True
    with zipfile.ZipFile(archive) as packed:
        return packed.read(f"{slug}/{CHECKPOINT_PATH}") == checkpoint


def _pack(folder: Path, archive: Path, slug: str) -> None:
    """Write the archive beside its place and put it there whole."""
    with NamedTemporaryFile(dir=archive.parent, delete=False) as file:
        try:
            _write(folder, file.name, slug)
        except BaseException:
            os.unlink(file.name)  # noqa: PTH108 -- a name, not a path
            raise
    Path(file.name).replace(archive)


def _write(folder: Path, name: str, slug: str) -> None:
    for _ in range(_ATTEMPTS):
        checkpoint = read_published(folder, CHECKPOINT_PATH)
        paths = [tile.path for tile in tiles_of(_size(checkpoint))]
        try:
            with zipfile.ZipFile(name, "w", zipfile.ZIP_STORED) as packed:
                packed.writestr(f"{slug}/{CHECKPOINT_PATH}", checkpoint)
                for path in paths:
                    packed.writestr(f"{slug}/{path}", read_published(folder, path))
        except LookupError:
            continue  # a new checkpoint took partial tiles away meanwhile
        return
    raise LookupError("a board that grows faster than it is read")


def _size(checkpoint: bytes) -> int:
    return int(checkpoint.split(b"\n")[1])
