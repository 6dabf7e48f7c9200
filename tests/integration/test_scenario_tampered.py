"""Somebody alters the published files of the week, and `dauys verify` says so by name.

Who has the files only leaves hashes that do not fit. The operator, who has the log's key
too, writes and signs the whole log anew: then what was done is found in the entries.
"""

import json
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from dauys.crypto.signing import SigningKey
from tests.integration.played import Played, dauys, karaganda, said
from tests.unit.verify.plain_log import write_log

pytestmark = pytest.mark.slow

Alter = Callable[[list[bytes]], None]
SAMPLES = 3
"""Places in each bundle of entries at which a byte is flipped."""
HASHES = {"log-root", "tile-hashes", "checkpoint-size", "entry-bundles"}
"""Checks that need no understanding of the entries."""


@pytest.fixture(scope="module")
def week(tmp_path_factory: pytest.TempPathFactory, worker_id: str) -> Played:
    return karaganda(tmp_path_factory, worker_id, 400, 7)


def ballots_of(entries: list[bytes]) -> list[int]:
    return [i for i, data in enumerate(entries) if json.loads(data)["kind"] == "ballot"]


def remove(entries: list[bytes]) -> None:
    del entries[ballots_of(entries)[-1]]


def swap(entries: list[bytes]) -> None:
    one, *_, other = ballots_of(entries)
    entries[one], entries[other] = entries[other], entries[one]


def repeat(entries: list[bytes]) -> None:
    one = ballots_of(entries)[0]
    entries.insert(one, entries[one])


def forge_approval(entries: list[bytes]) -> None:
    for place, data in enumerate(entries):
        entry = json.loads(data)
        if entry["kind"] == "approval":
            good = entry["signature"]
            bad = good[:-1] + ("0" if good[-1] != "0" else "1")
            entries[place] = data.replace(good.encode(), bad.encode())
            return
    raise LookupError("no approval")


DEEDS: tuple[Alter, ...] = (remove, swap, repeat, forge_approval)


def failed(folder: Path) -> set[str]:
    """Checks that `dauys verify` names on its last line; it must end with status 1."""
    done = dauys("verify", folder, "--workers", "1")
    written = said(done)
    assert done.returncode == 1, written
    last = written.strip().splitlines()[-1]
    assert last.startswith("NOT VERIFIED.")
    names = set(last.rpartition(":")[2].replace(",", " ").split())
    assert names
    return names


def copy(week: Played, folder: Path) -> Path:
    return Path(shutil.copytree(week.public, folder / "copy"))


def signed_anew(week: Played, folder: Path, alter: Alter) -> Path:
    """The altered log as the operator would publish it, with the log's own key."""
    entries = list(week.entries())
    manifest = json.loads(entries[0])
    alter(entries)
    (keys,) = (week.folder / "private" / "keys").glob("*.json")
    seed = bytes.fromhex(json.loads(keys.read_bytes())["log"])
    copied = folder / "signed"
    write_log(copied, entries, manifest["log_origin"], SigningKey.from_seed(seed))
    return copied


def test_the_log_written_anew_without_a_change_is_verified(week: Played, tmp_path: Path) -> None:
    done = dauys("verify", signed_anew(week, tmp_path, lambda _: None), "--workers", "1")
    assert done.returncode == 0, said(done)


def test_a_flipped_bit_in_any_bundle_is_found(week: Played, tmp_path: Path) -> None:
    copied = copy(week, tmp_path)
    bundles = [path for path in (copied / "tile" / "entries").rglob("*") if path.is_file()]
    assert bundles
    for bundle in bundles:
        good = bundle.read_bytes()
        for sample in range(SAMPLES):
            place = (len(good) - 1) * sample // (SAMPLES - 1)
            bundle.write_bytes(good[:place] + bytes([good[place] ^ 1]) + good[place + 1 :])
            assert failed(copied) & HASHES, (bundle, place)
        bundle.write_bytes(good)
    done = dauys("verify", copied, "--workers", "1")
    assert done.returncode == 0, said(done)


@pytest.mark.parametrize("alter", DEEDS)
def test_entries_altered_without_the_key_do_not_fit_the_root(
    week: Played, tmp_path: Path, alter: Alter
) -> None:
    copied = signed_anew(week, tmp_path, alter)
    shutil.copy(week.public / "checkpoint", copied)
    assert failed(copied) & HASHES


@pytest.mark.parametrize(
    ("alter", "check"),
    [(remove, "tally-sums"), (repeat, "ballot-once"), (forge_approval, "decision-signature")],
    ids=("a ballot removed", "a ballot repeated", "an approval forged"),
)
def test_an_operator_with_the_logs_key_is_found_out_by_the_entries(
    week: Played, tmp_path: Path, alter: Alter, check: str
) -> None:
    assert check in failed(signed_anew(week, tmp_path, alter))
