"""Two processes cast into one database and are killed: nothing they confirmed is lost."""

import os
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from dauys.board.checkpoint import read_checkpoint
from dauys.board.journal import Journal
from dauys.board.merkle import Tree, leaf_hash
from dauys.crypto.signing import verify_signature
from tests.faults.sqlite_entries import SqliteEntryStore
from tests.unit.board.contracts import ENTRY_STORE_PROMISES, MakeStore
from tests.unit.board.elections import LOG, ORIGIN, opened

TOP = Path(__file__).parents[2]


def caster(file: Path, first: int) -> subprocess.Popen[str]:
    command = [sys.executable, "-m", "tests.faults.sqlite_entries", str(file), str(first), "2"]
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join([str(TOP), str(TOP / "src")])}
    return subprocess.Popen(command, stdout=subprocess.PIPE, text=True, cwd=TOP, env=environment)


def kill_after(process: subprocess.Popen[str], seconds: float) -> list[int]:
    """Numbers that the process confirmed before it was killed (the last line may be torn)."""
    assert process.stdout is not None
    first = process.stdout.readline()  # it is running
    time.sleep(seconds)
    process.kill()
    lines = (first + process.stdout.read()).splitlines(keepends=True)
    process.wait()
    process.stdout.close()
    return [int(line) for line in lines if line.endswith("\n")]


def test_kill_9_at_any_time_loses_no_confirmed_ballot(tmp_path: Path) -> None:
    file = tmp_path / "board.sqlite"
    store = SqliteEntryStore(file)
    journal = Journal(store, LOG, verify_signature)
    with journal.writing() as writer:
        for entry in opened():
            writer.append(entry)
    confirmed: set[int] = set()
    for turn in range(3):
        processes = [caster(file, 1 + 10_000 * turn + place) for place in range(2)]
        for place, process in enumerate(processes):
            confirmed.update(kill_after(process, 0.05 + 0.07 * place))
    assert len(confirmed) > 6
    assert confirmed <= journal.state().serials
    tree = Tree()
    for data in store.read(0, None):
        tree.append(leaf_hash(data))
    head = read_checkpoint(journal.checkpoint(), ORIGIN, LOG.public_hex)
    assert (head.size, head.root) == (tree.size, tree.root())
    assert len(journal.state().serials) == tree.size - len(opened())
    store.close()


@pytest.mark.parametrize("promise", ENTRY_STORE_PROMISES, ids=lambda promise: promise.__name__)
def test_the_database_of_this_test_keeps_its_promises(
    promise: Callable[[MakeStore], None], tmp_path: Path
) -> None:
    stores: list[SqliteEntryStore] = []

    def make() -> SqliteEntryStore:
        stores.append(SqliteEntryStore(tmp_path / "board.sqlite"))
        return stores[-1]

    promise(make)
    for store in stores:
        store.close()
