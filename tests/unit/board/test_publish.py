"""Publishing: what a web server serves, step by step, killed anywhere, done twice."""

import os
from collections.abc import Callable
from pathlib import Path
from random import Random
from threading import Thread

import pytest

from dauys.board import publish as publishing
from dauys.board.checkpoint import Checkpoint, read_checkpoint
from dauys.board.journal import Journal
from dauys.board.merkle import Tree, leaf_hash
from dauys.board.publish import publish
from dauys.board.tiles import tiles_of
from dauys.core.errors import MalformedError, VerificationError
from dauys.crypto.signing import verify_signature
from tests.unit.board.elections import LOG, ORIGIN, ballot, opened
from tests.unit.board.memory import MemoryEntryStore


class PulledPlugError(Exception):
    """The machine stopped here."""


@pytest.fixture
def journal() -> Journal:
    journal = Journal(MemoryEntryStore(), LOG, verify_signature)
    with journal.writing() as writer:
        for entry in opened():
            writer.append(entry)
    return journal


def grow(journal: Journal, size: int) -> None:
    """Bring the board to `size` entries."""
    with journal.writing() as writer:
        for serial in range(writer.state.size, size):
            writer.append(ballot(serial))


def read_board(folder: Path) -> tuple[Checkpoint, list[bytes]]:
    """Read the folder as an auditor does, by RFC and tlog-tiles alone."""
    text = (folder / "checkpoint").read_bytes().decode()
    head = read_checkpoint(text, ORIGIN, LOG.public_hex)
    entries: list[bytes] = []
    for tile in tiles_of(head.size):
        data = (folder / tile.path).read_bytes()
        if tile.level is not None:
            assert len(data) == 32 * tile.width
            continue
        while data:
            length = int.from_bytes(data[:2], "big")
            entries.append(data[2 : 2 + length])
            data = data[2 + length :]
    assert len(entries) == head.size
    tree = Tree()
    for entry in entries:
        tree.append(leaf_hash(entry))
    assert tree.root() == head.root
    for tile in tiles_of(head.size):
        if tile.level is not None:
            expected = tree.hashes(8 * tile.level, tile.start, tile.stop)
            assert (folder / tile.path).read_bytes() == expected
    return head, entries


def files(folder: Path) -> set[str]:
    return {str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file()}


def inodes(folder: Path) -> dict[str, int]:
    """A file that is written again is another file."""
    return {name: (folder / name).stat().st_ino for name in files(folder)}


def expected_files(size: int) -> set[str]:
    return {"checkpoint", *(tile.path for tile in tiles_of(size))}


@pytest.mark.parametrize("size", [5, 6, 255, 256, 257, 600])
def test_what_is_published_is_the_board_and_nothing_else(
    journal: Journal, tmp_path: Path, size: int
) -> None:
    grow(journal, size)
    head = publish(journal, tmp_path / "board")
    assert head.size == size
    assert read_board(tmp_path / "board") == (head, list(journal.entries()))
    assert files(tmp_path / "board") == expected_files(size)


def test_step_by_step_is_the_same_as_at_once(journal: Journal, tmp_path: Path) -> None:
    random = Random(1)
    size = 5
    while size < 600:
        publish(journal, tmp_path)
        assert files(tmp_path) == expected_files(size)
        size += random.choice((1, 2, 100, 251))
        grow(journal, size)
    publish(journal, tmp_path)
    read_board(tmp_path)
    assert not [path for path in tmp_path.rglob("*.p") if not any(path.iterdir())]


def test_complete_tiles_are_never_written_again(journal: Journal, tmp_path: Path) -> None:
    grow(journal, 300)
    publish(journal, tmp_path)
    before = inodes(tmp_path)
    grow(journal, 310)
    publish(journal, tmp_path)
    again = {path for path, inode in inodes(tmp_path).items() if before.get(path) == inode}
    assert again == {"tile/0/000", "tile/entries/000", "tile/1/000.p/1"}


def test_publishing_twice_changes_nothing(journal: Journal, tmp_path: Path) -> None:
    publish(journal, tmp_path)
    before = inodes(tmp_path)
    publish(journal, tmp_path)
    assert inodes(tmp_path) == before


def stop_at(step: int, step_by: Callable[..., object]) -> Callable[..., object]:
    """`step_by`, until the machine stops in the middle of its call number `step`."""
    calls = 0

    def stopping(*args: object, **options: object) -> object:
        nonlocal calls
        calls += 1
        if calls == step:
            raise PulledPlugError
        return step_by(*args, **options)

    return stopping


@pytest.mark.parametrize("call", ["fsync", "replace", "unlink", "open"])
def test_whenever_the_plug_is_pulled_a_reader_finds_a_whole_board(
    journal: Journal, tmp_path: Path, call: str
) -> None:
    folder = tmp_path / "board"
    grow(journal, 250)
    publish(journal, folder)
    owner = os if call == "fsync" else Path
    for step in range(1, 100):
        grow(journal, 250 + step)
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(owner, call, stop_at(step, getattr(owner, call)))
            try:
                publish(journal, folder)
            except PulledPlugError:
                stopped = True
            else:
                stopped = False
        head, _ = read_board(folder)
        assert 250 <= head.size <= 250 + step
        if not stopped:
            break
    else:
        pytest.fail("never ran to its end")
    assert files(folder) == expected_files(250 + step)


def test_a_folder_of_another_election_is_not_written_over(journal: Journal, tmp_path: Path) -> None:
    other = Journal(MemoryEntryStore(), LOG, verify_signature)
    with other.writing() as writer:
        for entry in opened():
            writer.append(entry)
        writer.append(ballot(1, "elsewhere"))
    publish(other, tmp_path)
    grow(journal, 9)
    with pytest.raises(VerificationError, match="a beginning of this one"):
        publish(journal, tmp_path)
    assert read_board(tmp_path)[1] == list(other.entries())


def test_a_board_that_lost_entries_is_not_published_over_the_longer_one(
    journal: Journal, tmp_path: Path
) -> None:
    longer = Journal(MemoryEntryStore(), LOG, verify_signature)
    with longer.writing() as writer:
        for entry in opened():
            writer.append(entry)
    grow(longer, 9)
    publish(longer, tmp_path)
    with pytest.raises(VerificationError, match="a beginning of this one"):
        publish(journal, tmp_path)


def test_a_damaged_checkpoint_is_reported_not_replaced(journal: Journal, tmp_path: Path) -> None:
    publish(journal, tmp_path)
    for nonsense in (b"", b"nonsense", b"\xff"):
        (tmp_path / "checkpoint").write_bytes(nonsense)
        with pytest.raises(MalformedError):
            publish(journal, tmp_path)
        assert (tmp_path / "checkpoint").read_bytes() == nonsense


def test_an_empty_board_is_not_published(tmp_path: Path) -> None:
    with pytest.raises(VerificationError):
        publish(Journal(MemoryEntryStore(), LOG, verify_signature), tmp_path)
    assert files(tmp_path) == set()


def test_two_publishers_at_a_time_do_not_undo_each_other(journal: Journal, tmp_path: Path) -> None:
    stop = False

    def keep_publishing() -> None:
        while not stop:
            publish(journal, tmp_path)

    publish(journal, tmp_path)
    threads = [Thread(target=keep_publishing) for _ in range(2)]
    for thread in threads:
        thread.start()
    for size in range(250, 262):
        grow(journal, size)
    stop = True
    for thread in threads:
        thread.join()
    publishing.publish(journal, tmp_path)
    assert read_board(tmp_path)[0].size == 261
    assert files(tmp_path) == expected_files(261)


@pytest.mark.parametrize("size", [7, 256, 300])
def test_an_archive_holds_what_the_folder_holds(
    journal: Journal, tmp_path: Path, size: int
) -> None:
    grow(journal, size)
    publish(journal, tmp_path)
    folder = {
        file.relative_to(tmp_path).as_posix(): file.read_bytes()
        for file in tmp_path.rglob("*")
        if file.is_file()
    }
    assert dict(publishing.files(journal)) == folder
