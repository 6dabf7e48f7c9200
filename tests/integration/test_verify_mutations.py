"""Every way to tamper with an election is found, under the right name.

By someone who stole the log's key and signs the tree anew, so that the deeper checks have
to find it, and by someone who holds other keys as well.
"""

from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from dauys.core.remedies import Extend
from dauys.verify.audit import verify
from dauys.verify.checks import NAMES
from tests.unit.verify import mutations_of_ballots, mutations_of_counts, mutations_of_rules
from tests.unit.verify.forgery import decided, entries, inserted, place
from tests.unit.verify.plain_log import write_log
from tests.unit.verify.story import ORIGIN, day, story, texts

LOG_KEY = story().board.keys.log
MUTATIONS = {
    **mutations_of_rules.MUTATIONS,
    **mutations_of_ballots.MUTATIONS,
    **mutations_of_counts.MUTATIONS,
}


def failed_when_signed(folder: Path, data: list[bytes]) -> set[str]:
    """What fails when a thief of the log's key publishes these entries."""
    write_log(folder, data, ORIGIN, LOG_KEY)
    return set(verify(folder).failed())


@pytest.mark.parametrize("name", MUTATIONS)
def test_a_thief_of_the_keys_changed_the_election(tmp_path: Path, name: str) -> None:
    tampered, found = MUTATIONS[name]
    assert found in failed_when_signed(tmp_path, texts(tampered()))


def test_the_log_that_mutations_start_from_is_in_order(tmp_path: Path) -> None:
    assert failed_when_signed(tmp_path, texts(entries())) == set()
    extended = [*decided(9, "08:00", Extend(closes=day("12:30")))]  # earlier: no effect
    assert failed_when_signed(tmp_path / "more", texts(inserted("late clock", *extended))) == set()


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"{}",
        b"\xff",
        b"[" * 65_000,
        b'{"at":"2026-08-05T08:00:00Z","kind":"clock","v":1} ',
        b'{"kind":"clock","at":"2026-08-05T08:00:00Z","v":1}',
        b'{"at":"2026-08-05T08:00:00Z","kind":"clock","v":2}',
        b'{"at":"2026-08-05T08:00:00Z","kind":"clock"}',
        b'{"at":"2026-08-05T08:00:00Z","kind":"cloak","v":1}',
        b'{"at":"2026-08-05T08:00:00Z","kind":"clock","v":1,"x":0}',
        b'{"at":"2026-08-05T08:00:00Z","kind":"clock","v":1.0}',
    ],
)
def test_an_entry_is_not_canonical_or_of_no_kind(tmp_path: Path, data: bytes) -> None:
    told = texts(entries())
    told.insert(place("late clock"), data)
    assert failed_when_signed(tmp_path, told) == {"entry-canonical"}


@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.data())
def test_whatever_a_thief_of_the_log_key_writes_is_reported_and_never_raises(
    tmp_path_factory: pytest.TempPathFactory, data: st.DataObject
) -> None:
    told = texts(entries())
    number = data.draw(st.integers(0, len(told) - 1))
    entry = bytearray(told[number])
    position = data.draw(st.integers(0, len(entry) - 1))
    entry[position] = data.draw(st.sampled_from(b'0129afz"{}[],:-\x00\xff'))
    told[number] = bytes(entry)
    folder = tmp_path_factory.mktemp("fuzz")
    write_log(folder, told, ORIGIN, LOG_KEY)
    report = verify(folder)
    assert len(report.checks) == len(NAMES) - 2
