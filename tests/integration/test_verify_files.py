"""Someone who can write the published files, and holds no key, is always found."""

import hashlib
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from dauys.crypto.signing import SigningKey
from dauys.verify.audit import verify
from dauys.verify.checks import NAMES, Outcome
from tests.unit.verify.forgery import place
from tests.unit.verify.plain_log import checkpoint_text, tree_head, write_log
from tests.unit.verify.story import ORIGIN, story, texts

LOG_KEY = story().board.keys.log
BIT = 1


def failed(folder: Path) -> set[str]:
    return set(verify(folder).failed())


def failed_when_signed(folder: Path, data: list[bytes]) -> set[str]:
    """What fails when a thief of the log's key publishes these entries."""
    write_log(folder, data, ORIGIN, LOG_KEY)
    return failed(folder)


@pytest.fixture(scope="module")
def published(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("published")
    write_log(folder, texts(story().entries), ORIGIN, LOG_KEY)
    return folder


@pytest.fixture
def copy(published: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(published, tmp_path / "copy"))


BUNDLE = "tile/entries/000.p/64"
HASHES = "tile/0/000.p/64"


def flip(path: Path, position: int) -> None:
    data = bytearray(path.read_bytes())
    data[position] ^= BIT
    path.write_bytes(data)


@pytest.mark.parametrize(
    ("position", "found"),
    [
        (0, "checkpoint-signature"),  # origin
        (len(ORIGIN) + 1, "checkpoint-size"),  # size
        (len(ORIGIN) + 6, "log-root"),  # root
        (len(ORIGIN) + 48, "checkpoint-form"),  # padding
        (len(ORIGIN) + 49, "checkpoint-form"),  # line end
        (len(ORIGIN) + 51, "checkpoint-form"),  # dash
        (len(ORIGIN) + 56, "checkpoint-signature"),  # signer
        (2 * len(ORIGIN) + 58, "checkpoint-signature"),  # key id
        (2 * len(ORIGIN) + 80, "checkpoint-signature"),  # signature
        (-1, "checkpoint-form"),
    ],
)
def test_a_byte_of_the_checkpoint_was_changed(copy: Path, position: int, found: str) -> None:
    flip(copy / "checkpoint", position)
    assert found in failed(copy)


@pytest.mark.parametrize("byte", range(0, 63 * 32, 257))
def test_a_byte_of_a_hash_tile_was_changed(copy: Path, byte: int) -> None:
    flip(copy / HASHES, byte)
    assert failed(copy) == {"tile-hashes"}


@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.data())
def test_any_byte_of_the_entries_was_changed(published: Path, data: st.DataObject) -> None:
    bundle = published / BUNDLE
    original = bundle.read_bytes()
    position = data.draw(st.integers(0, len(original) - 1))
    changed = bytearray(original)
    changed[position] ^= data.draw(st.integers(1, 255))
    bundle.write_bytes(changed)
    try:
        found = failed(published)
    finally:
        bundle.write_bytes(original)
    assert found & {"log-root", "entry-bundles"}


def appended(name: str) -> Callable[[Path], object]:
    return lambda folder: (folder / name).write_bytes((folder / name).read_bytes() + b"\x00")


def truncated(name: str) -> Callable[[Path], object]:
    return lambda folder: (folder / name).write_bytes((folder / name).read_bytes()[:-1])


def removed(name: str) -> Callable[[Path], object]:
    return lambda folder: (folder / name).unlink()


def added(name: str, like: str | None = None) -> Callable[[Path], object]:
    def add(folder: Path) -> None:
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(b"" if like is None else (folder / like).read_bytes())

    return add


def linked(folder: Path) -> None:
    elsewhere = folder.parent / "elsewhere"
    (folder / HASHES).rename(elsewhere)
    (folder / HASHES).symlink_to(elsewhere)


@pytest.mark.parametrize(
    ("tamper", "found"),
    [
        (appended(BUNDLE), "entry-bundles"),
        (truncated(BUNDLE), "entry-bundles"),
        (removed(BUNDLE), "entry-bundles"),
        (removed(BUNDLE), "tile-layout"),
        (appended(HASHES), "tile-hashes"),
        (truncated(HASHES), "tile-hashes"),
        (removed(HASHES), "tile-layout"),
        (removed(HASHES), "tile-hashes"),
        (added("tile/0/000", HASHES), "tile-layout"),
        (added("tile/0/000.p/62", HASHES), "tile-layout"),
        (added("tile/1/000.p/1"), "tile-layout"),
        (added("tile/entries/001"), "tile-layout"),
        (added("tile/entries/000.p/65", BUNDLE), "tile-layout"),
        (added("tile/notes.txt"), "tile-layout"),
        (linked, "tile-layout"),
        (appended("checkpoint"), "checkpoint-form"),
        (truncated("checkpoint"), "checkpoint-form"),
    ],
)
def test_a_file_was_changed_added_or_taken_away(
    copy: Path, tamper: Callable[[Path], object], found: str
) -> None:
    tamper(copy)
    assert found in failed(copy)


def swap(data: list[bytes], first: int, second: int) -> list[bytes]:
    data[first], data[second] = data[second], data[first]
    return data


@pytest.mark.parametrize(
    "tamper",
    [
        lambda data: swap(data, place("v4"), place("v5")),
        lambda data: data[: place("v8")] + data[place("v8") + 1 :],
        lambda data: [*data[: place("v8")], data[place("v8")], *data[place("v8") :]],
    ],
    ids=["swapped", "removed", "repeated"],
)
def test_entries_changed_under_the_checkpoint_that_was_signed(
    copy: Path, tamper: Callable[[list[bytes]], list[bytes]]
) -> None:
    checkpoint = (copy / "checkpoint").read_text(encoding="utf-8")
    shutil.rmtree(copy)
    data = tamper(texts(story().entries))
    write_log(copy, data, ORIGIN, LOG_KEY)
    (copy / "checkpoint").write_text(checkpoint, encoding="utf-8")
    found = failed(copy)
    assert "log-root" in found or {"entry-bundles", "tile-layout"} <= found


def test_the_tree_was_signed_by_another_key(copy: Path) -> None:
    other = SigningKey.from_seed(bytes(32))
    shutil.rmtree(copy)
    write_log(copy, texts(story().entries), ORIGIN, other)
    assert failed(copy) == {"checkpoint-signature"}
    named = SigningKey(other.seed, LOG_KEY.public_hex)  # under the true key's id
    leaves = [hashlib.sha256(b"\x00" + data).digest() for data in texts(story().entries)]
    text = checkpoint_text(ORIGIN, len(leaves), tree_head(leaves), named)
    (copy / "checkpoint").write_text(text, encoding="utf-8")
    assert failed(copy) == {"checkpoint-signature"}


def test_witnesses_may_sign_below_and_the_log_not_twice(copy: Path) -> None:
    path = copy / "checkpoint"
    text = path.read_text(encoding="utf-8")
    path.write_text(f"{text}— witness.example AAAAAAA=\n", encoding="utf-8")
    assert failed(copy) == set()
    path.write_text(text + text.splitlines()[-1] + "\n", encoding="utf-8")
    assert failed(copy) == {"checkpoint-signature"}


def test_the_log_is_of_another_origin(copy: Path) -> None:
    shutil.rmtree(copy)
    write_log(copy, texts(story().entries), "board.example/2025", LOG_KEY)
    assert failed(copy) == {"checkpoint-signature"}


def test_the_checkpoint_claims_more_entries_than_can_be(copy: Path) -> None:
    text = checkpoint_text(ORIGIN, 10**15, bytes(32), LOG_KEY)
    (copy / "checkpoint").write_text(text, encoding="utf-8")
    found = failed(copy)
    assert {"checkpoint-size", "entry-bundles", "tile-layout"} <= found


def test_what_cannot_be_run_is_reported_as_not_run(copy: Path) -> None:
    (copy / BUNDLE).unlink()
    outcomes = {check.name: check.outcome for check in verify(copy).checks}
    assert set(outcomes) == set(NAMES) - {"fingerprint", "log-key"}
    assert {outcomes[name] for name in NAMES[9:]} == {Outcome.NOT_RUN}


@pytest.mark.parametrize("size", [255, 256, 257, 700])
def test_logs_of_several_tiles(tmp_path: Path, size: int) -> None:
    data = texts(story().until("v1"))
    data += [data[-1].replace(b'"open"', b'"clock"')] * (size - len(data))
    assert failed_when_signed(tmp_path, data) == set()
    hashes = tmp_path / ("tile/1/000.p/2" if size == 700 else "tile/0/000")
    if hashes.exists():
        flip(hashes, 40)
        assert failed(tmp_path) == {"tile-hashes"}
