"""Whatever is changed in an archive is refused, by the check that is about it, and by both ways."""

import json
from pathlib import Path

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from dauys.crypto import checking
from dauys.crypto.archive_events import Event, print_setup, read_events, sha256
from dauys.verify.archive.audit import verify_archive
from tests.vectors.archive_mutations import CORPUS, archive_bytes, corpus, failing, honest

PINNED: dict[str, str] = json.loads(CORPUS.read_text())
ABOUT = {
    "election": {"election-form", "election-key", "ballot-binding", "ballot-form", "unsupported"},
    "trustees": {"trustee-proofs", "election-key", "decryption-proofs"},
    "group": {"trustee-proofs", "election-key", "decryption-proofs"},
    "credentials": {"credential-list", "ballot-credential"},
    "tally": {"tally-sums"},
    "sized": {"tally-size"},
    "part": {"decryption-proofs"},
    "owned": {"decryption-owners"},
    "result": {"result-decryption"},
    "ballot": {
        "ballot-form",
        "ballot-binding",
        "ballot-credential",
        "ballot-signature",
        "ballot-proofs",
    },
    "ballots": {"ballot-once", "ballot-credential", "ballot-form", "tally-size", "tally-sums"},
    "events": {"event-order", "decryption-owners", "decryption-proofs", "decryption-enough"},
    "file": {"archive-form", "archive-header", "file-names", "event-chain"},
    "event": {"archive-form", "file-names", "event-chain"},
}
"""What one of the failing checks must be, by what was changed."""


@pytest.fixture(scope="module")
def archive(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return honest(tmp_path_factory.mktemp("honest"))


def test_the_honest_archive_verifies(archive: Path) -> None:
    assert failing(archive) == ()


def test_every_change_fails_a_check_that_is_about_it() -> None:
    assert len(PINNED) > 1300
    for name, told in PINNED.items():
        _, *checks = told.split()
        assert ABOUT[name.partition("/")[0]] & set(checks), name


def test_every_change_is_refused_as_it_was(tmp_path: Path) -> None:
    assert corpus(tmp_path) == PINNED


def test_listed_credential_of_small_order_is_named_even_if_it_casts_a_ballot(
    archive: Path, tmp_path: Path
) -> None:
    events = list(read_events(archive))
    good = json.loads(events[1].data[0])["credential"]
    order_2 = "7f" + "ff" * 30 + "ec"
    *texts, _ = (text.replace(good, order_2) for text in events[0].data)
    changed = [
        Event("Setup", (*texts, print_setup(*map(sha256, texts)))),
        *(Event(e.kind, tuple(t.replace(good, order_2) for t in e.data)) for e in events[1:]),
    ]
    path = tmp_path / "small-order.bel"
    path.write_bytes(archive_bytes(changed))
    found = {check.name: check.detail for check in verify_archive(path).checks}
    assert found["credential-list"].count(order_2) == 1
    assert found["ballot-form"]


@pytest.mark.slow
def test_libsodium_alone_refuses_every_change_by_the_same_checks(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(checking, "fast", lambda: None)
    monkeypatch.setattr(checking, "prepare", lambda: False)
    assert corpus(tmp_path) == PINNED


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.floats(0, 1, exclude_max=True), st.integers(1, 255), st.sampled_from(["flip", "cut", "add"])
)
@example(0.5, 1, "cut")
def test_no_changed_byte_goes_unnoticed(
    archive: Path, tmp_path: Path, place: float, bits: int, how: str
) -> None:
    data = archive.read_bytes()
    at = int(place * len(data))
    middle = {"flip": bytes([data[at] ^ bits]), "cut": b"", "add": bytes([bits, data[at]])}[how]
    path = tmp_path / "changed.bel"
    path.write_bytes(data[:at] + middle + data[at + 1 :])
    report = verify_archive(path)
    assert not report.ok
    assert report.failed()


@settings(max_examples=30, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.integers(1, 200))
def test_an_archive_may_end_between_events_and_nowhere_else(
    archive: Path, tmp_path: Path, blocks: int
) -> None:
    data = archive.read_bytes()
    kept = data[: 512 * blocks]
    path = tmp_path / "begun.bel"
    path.write_bytes(kept)
    report = verify_archive(path)
    ends = data[: len(kept)][-1024:-512][65:75] == b"event.json" and len(kept) <= len(data)
    assert report.ok == ends
    if ends and len(kept) < len(data):
        assert report.summary is not None
        assert report.summary.result is None
