"""One trustee and a group of three, of whom one does not come: counted, checked, forged."""

import json
from collections.abc import Callable, Sequence
from pathlib import Path

import pytest
from msgspec.structs import replace

from dauys.board.journal import Journal
from dauys.board.publish import publish
from dauys.conduct.counting import CountingDesk
from dauys.core.entries import AnyEntry, Decryption, Final, StratumTally, Tally, Trustees
from dauys.core.errors import RefusedError, VerificationError
from dauys.crypto.signing import verify_signature
from dauys.crypto.tally import EncryptedTally
from dauys.tally.decrypting import decrypt_contest
from dauys.tally.results import result_entry
from dauys.tally.tallying import tally_entries
from dauys.verify.audit import verify
from dauys.verify.report import Report
from tests.unit.board.memory import MemoryEntryStore
from tests.unit.conduct.test_counting import Clock, NoPermits
from tests.unit.verify.plain_log import write_log
from tests.unit.verify.story import ALMATY, ASTANA, ORIGIN, day, story, texts
from tests.vectors.seeded import SeededRandom

STORY = story(group=True)
Entries = Sequence[AnyEntry]


def audited(folder: Path, entries: Entries) -> Report:
    write_log(folder, texts(entries), ORIGIN, STORY.board.keys.log)
    return verify(folder, workers=1)


def sums() -> Sequence[StratumTally]:
    """The sums of Almaty."""
    tally = STORY.entries[STORY.places["tally almaty"]]
    assert isinstance(tally, Tally)
    return tally.strata


def changed(change: Callable[[Decryption], AnyEntry | None], owner: int) -> Entries:
    """The board with another part of the trustee `owner`, in the first sum of Almaty."""
    copy = list(STORY.entries)
    for number, entry in enumerate(copy):
        if isinstance(entry, Decryption) and entry.trustee == owner:
            new = change(entry)
            copy[number : number + 1] = [] if new is None else [new]
            return copy
    raise AssertionError(owner)


def part_by_another(entry: Decryption) -> Decryption:
    """A part that is right for another member of the group, under this one's number."""
    board = STORY.board
    total = EncryptedTally.parse(sums()[0].encrypted_tally)
    stranger = board.keys.trustees[2]
    return board.decryption(ALMATY, "total", entry.trustee, stranger, total)


def test_two_of_three_and_the_single_trustee_are_enough(tmp_path: Path) -> None:
    report = audited(tmp_path, STORY.entries)
    assert report.failed() == ()
    assert report.summary is not None
    assert report.summary.stage == "final"


def test_a_third_member_may_decrypt_as_well(tmp_path: Path) -> None:
    board, copy = STORY.board, list(STORY.entries)
    place = STORY.places["tally almaty"]
    for stratum in sums():
        total = EncryptedTally.parse(stratum.encrypted_tally)
        part = board.decryption(ALMATY, stratum.name, 3, board.keys.trustees[2], total)
        copy.insert(place + 1, part)
    assert audited(tmp_path, copy).failed() == ()


@pytest.mark.parametrize(
    ("owner", "change", "check", "said"),
    [
        (1, lambda _: None, "decryption-complete", "trustee 1 is missing"),
        (2, lambda _: None, "decryption-complete", "1 more of the trustees 2, 3 are needed"),
        (4, part_by_another, "decryption-proofs", "trustee 4: decryption proof"),
        (4, lambda e: replace(e, trustee=5), "decryption-proofs", "there is no trustee 5"),
        (2, lambda e: replace(e, decryption="{}"), "decryption-proofs", "trustee 2: malformed"),
    ],
)
def test_what_is_missing_or_false_is_named_by_trustee(
    owner: int,
    change: Callable[[Decryption], AnyEntry | None],
    check: str,
    said: str,
    tmp_path: Path,
) -> None:
    report = audited(tmp_path, changed(change, owner))
    assert check in report.failed()
    assert said in next(one.detail for one in report.checks if one.name == check)


@pytest.mark.parametrize(
    "edit",
    [
        lambda group: group.update(threshold=1),
        lambda group: group["verification_keys"].reverse(),
        lambda group: group["signatures"].reverse(),
        lambda group: group["certs"].pop(),
        lambda group: group["verification_keys"][0].pop("signature"),
    ],
)
def test_a_group_that_does_not_hold_is_found(
    edit: Callable[[dict[str, list[object]]], object], tmp_path: Path
) -> None:
    def changed_group(entry: AnyEntry) -> AnyEntry:
        if not isinstance(entry, Trustees):
            return entry
        tree = json.loads(entry.trustees)
        edit(tree[1][1])
        return replace(entry, trustees=json.dumps(tree, separators=(",", ":")))

    report = audited(tmp_path, [*map(changed_group, STORY.entries)])
    assert "trustee-proofs" in report.failed()


def test_the_real_count_names_whom_it_still_needs(tmp_path: Path) -> None:
    keys, draw = STORY.board.keys, SeededRandom("count").__call__
    journal = Journal(MemoryEntryStore(), keys.log, verify_signature)
    append(journal, *STORY.until("tally almaty"))
    desk = CountingDesk(journal, NoPermits(), Clock())
    assert desk.standing() == ()
    append(journal, *tally_entries(journal.state(), journal.entries()))
    assert [one.short for one in desk.standing()] == [1, 2]

    def part(owner: int) -> list[Decryption]:
        state = journal.state()
        key = keys.trustees[owner - 1]
        return [p for c in (ALMATY, ASTANA) for p in decrypt_contest(state, c, key, draw)]

    desk.accept(part(4))
    group = desk.standing()[1]
    assert (group.short, group.absent, group.needed) == (1, (2, 3), 2)
    forged = [replace(one, trustee=3) for one in part(2)]
    with pytest.raises(VerificationError, match=r"part of trustee 3, almaty, total: .*proof"):
        desk.accept(forged)
    with pytest.raises(RefusedError, match="total: 1 of trustees 1"):
        result_entry(journal.state(), ALMATY)
    desk.accept(part(1))
    with pytest.raises(RefusedError, match="total: 1 of trustees 2, 3"):
        desk.announce()
    desk.accept(part(2))
    assert [one.short for one in desk.standing()] == [0, 0]
    for contest, place in ((ALMATY, "result almaty"), (ASTANA, "result astana")):
        result = result_entry(journal.state(), contest)
        assert result == STORY.entries[STORY.places[place]]
        append(journal, result)
    append(journal, Final(at=day("14:00")))
    publish(journal, tmp_path)
    assert verify(tmp_path).failed() == ()


def append(journal: Journal, *entries: AnyEntry) -> None:
    with journal.writing() as writer:
        for entry in entries:
            writer.append(entry)
