"""Archives: read and written byte for byte, and nothing can be slipped into one."""

import dataclasses
import json
from collections.abc import Iterable
from pathlib import Path

import pytest

from dauys.core.errors import MalformedError
from dauys.crypto.archive_events import read_events
from dauys.crypto.ballot import check_ballot, parse_ballot
from dauys.crypto.belenios_archive import (
    ArchiveContents,
    OwnedPartialDecryption,
    SizedTally,
    read_archive,
    write_archive,
)
from dauys.crypto.election import parse_election
from dauys.crypto.tally import (
    EncryptedTally,
    PartialDecryption,
    check_partial_decryption,
    check_result,
    parse_result,
    sum_ballots,
)
from dauys.crypto.threshold import keys_by_owner, parse_any_trustees
from dauys.crypto.trustees import election_public_key

EXAMPLES = Path(__file__).parents[2] / "vectors" / "belenios"
HOMOMORPHIC = EXAMPLES / "homomorphic.bel"
THRESHOLD = EXAMPLES / "threshold.bel"
BLOCK = 512


@pytest.mark.parametrize("example", [HOMOMORPHIC, THRESHOLD], ids=lambda path: path.stem)
def test_belenios_own_archive_is_written_back_byte_for_byte(example: Path, tmp_path: Path) -> None:
    copy = tmp_path / "copy.bel"
    write_archive(copy, read_archive(example))
    assert copy.read_bytes() == example.read_bytes()
    assert list(tmp_path.iterdir()) == [copy]


@pytest.mark.parametrize("example", [HOMOMORPHIC, THRESHOLD], ids=lambda path: path.stem)
def test_belenios_own_ballots_and_tally_hold(example: Path) -> None:
    contents = read_archive(example)
    election = parse_election(contents.election)
    ballots = [parse_ballot(text) for text in contents.ballots]
    for ballot in ballots:
        check_ballot(ballot, election)
    weights = _weights(contents.credentials)
    last = {ballot.credential: ballot for ballot in ballots}  # a later ballot replaces
    tally = sum_ballots(election, last.values(), [weights[credential] for credential in last])
    assert contents.tally == SizedTally(
        len(last), sum(weights[credential] for credential in last), tally.to_json()
    )


def test_belenios_own_decryption_and_result_hold() -> None:
    contents = read_archive(HOMOMORPHIC)
    election = parse_election(contents.election)
    trustees = keys_by_owner(parse_any_trustees(contents.trustees))
    assert election_public_key(trustees) == election.public_key
    assert contents.tally is not None
    tally = EncryptedTally.parse(contents.tally.encrypted_tally)
    parts = []
    for owned in contents.partial_decryptions:
        part = PartialDecryption.parse(owned.partial_decryption)
        check_partial_decryption(election, tally, trustees[owned.owner - 1], part)
        parts.append(part)
    assert contents.result is not None
    check_result(tally, parts, parse_result(contents.result))


def test_belenios_own_result_is_what_the_voters_chose() -> None:
    contents = read_archive(HOMOMORPHIC)
    assert contents.result is not None
    lines = HOMOMORPHIC.with_suffix(".votes.txt").read_text().splitlines()
    votes = [json.loads(line) for line in lines]
    weights = [w * 10**9 for w in (1, 2, 3, 4, 90)]
    expected = tuple(
        tuple(
            sum(weight * vote[q][c] for weight, vote in zip(weights, votes, strict=True))
            for c in range(len(votes[0][q]))
        )
        for q in range(len(votes[0]))
    )
    assert parse_result(contents.result) == expected


@pytest.mark.parametrize("stop", range(8))
def test_archive_of_an_election_under_way_is_read(stop: int, tmp_path: Path) -> None:
    whole = read_archive(HOMOMORPHIC)
    contents = dataclasses.replace(
        whole,
        ballots=tuple(whole.ballots)[:stop],
        ended=stop >= 3,
        tally=whole.tally if stop >= 4 else None,
        partial_decryptions=whole.partial_decryptions[: max(stop - 4, 0)],
        result=whole.result if stop >= 7 else None,
    )
    write_archive(tmp_path / "a.bel", contents)
    assert read_archive(tmp_path / "a.bel") == contents


def test_events_are_given_out_one_by_one_until_one_is_wrong(tmp_path: Path) -> None:
    data = bytearray(HOMOMORPHIC.read_bytes())
    data[-600] ^= 1
    path = tmp_path / "a.bel"
    path.write_bytes(data)
    events = read_events(path)
    kinds = [next(events).kind for _ in range(13)]
    with pytest.raises(MalformedError):
        list(events)
    assert kinds[:2] == ["Setup", "Ballot"]
    assert kinds[-1] == "PartialDecryption"


def test_contents_out_of_order_are_not_written(tmp_path: Path) -> None:
    whole = read_archive(HOMOMORPHIC)
    for contents in (
        dataclasses.replace(whole, ended=False),
        dataclasses.replace(whole, tally=None),
        dataclasses.replace(whole, partial_decryptions=()),
    ):
        with pytest.raises(MalformedError):
            write_archive(tmp_path / "a.bel", contents)
    assert not list(tmp_path.iterdir())


def test_failing_source_of_ballots_leaves_the_old_archive(tmp_path: Path) -> None:
    path = tmp_path / "a.bel"
    write_archive(path, read_archive(HOMOMORPHIC))
    before = path.read_bytes()

    def failing() -> Iterable[str]:
        yield "{}"
        raise ConnectionError

    with pytest.raises(ConnectionError):
        write_archive(path, dataclasses.replace(read_archive(HOMOMORPHIC), ballots=failing()))
    assert path.read_bytes() == before
    assert list(tmp_path.iterdir()) == [path]


def test_archive_cut_anywhere_in_a_member_is_refused(tmp_path: Path) -> None:
    data = HOMOMORPHIC.read_bytes()
    for size in (0, 1, 511, 512, 1023, 1025, 3 * BLOCK, len(data) - 1, len(data) - BLOCK):
        with pytest.raises(MalformedError):
            _read(tmp_path, data[:size])


@pytest.mark.parametrize("tail", [b"\0" * BLOCK, b"\0" * 2 * BLOCK, b"x", HOMOMORPHIC.read_bytes()])
def test_anything_after_the_last_member_is_refused(tail: bytes, tmp_path: Path) -> None:
    with pytest.raises(MalformedError):
        _read(tmp_path, HOMOMORPHIC.read_bytes() + tail)


def test_any_changed_byte_is_noticed(tmp_path: Path) -> None:
    data = HOMOMORPHIC.read_bytes()
    for place in range(0, len(data), 389):
        changed = bytearray(data)
        changed[place] ^= 1
        with pytest.raises(MalformedError):
            _read(tmp_path, bytes(changed))


def test_removed_swapped_or_repeated_members_are_noticed(tmp_path: Path) -> None:
    members = _split(HOMOMORPHIC.read_bytes())
    for i in range(1, len(members) - 1):
        for changed in (
            members[:i] + members[i + 1 :],
            [*members[:i], members[i], *members[i:]],
            [*members[:i], members[i + 1], members[i], *members[i + 2 :]],
        ):
            with pytest.raises(MalformedError):
                _read(tmp_path, b"".join(changed))


def test_removed_ballot_breaks_the_chain(tmp_path: Path) -> None:
    members = _split(HOMOMORPHIC.read_bytes())
    with pytest.raises(MalformedError, match="is not what precedes it"):
        _read(tmp_path, b"".join(members[:6] + members[8:]))


def test_archive_of_nothing_but_a_header_is_refused(tmp_path: Path) -> None:
    with pytest.raises(MalformedError, match="no setup"):
        _read(tmp_path, _split(HOMOMORPHIC.read_bytes())[0])


def test_texts_are_quoted_whatever_they_hold(tmp_path: Path) -> None:
    contents = ArchiveContents(
        timestamp=0,
        election='"Ә"\n',
        trustees="[]",
        credentials=('5"',),
        ballots=("",),
        ended=True,
        tally=SizedTally(1, 2**40, "[]"),
        partial_decryptions=(OwnedPartialDecryption(1, "{}"),),
        result="x" * BLOCK,
    )
    write_archive(tmp_path / "a.bel", contents)
    assert read_archive(tmp_path / "a.bel") == contents


def _read(folder: Path, data: bytes) -> ArchiveContents:
    path = folder / "changed.bel"
    path.write_bytes(data)
    return read_archive(path)


def _split(data: bytes) -> list[bytes]:
    """Members with their headers."""
    found = []
    while data:
        size = int(data[124:135], 8)
        end = BLOCK + size + -size % BLOCK
        found.append(data[:end])
        data = data[end:]
    return found


def _weights(credentials: Iterable[str]) -> dict[str, int]:
    pairs = (entry.partition(",") for entry in credentials)
    return {credential: int(weight or 1) for credential, _, weight in pairs}
