"""The whole way: the real journal, publisher and tally, and the auditor at the end of it.

The election is the one told by hand, so the real tally has to come to the results that
are written out there, and the auditor to find nothing.
"""

import random
from pathlib import Path

from dauys.board.journal import Journal
from dauys.board.publish import publish
from dauys.core.entries import AnyEntry, Final
from dauys.crypto.signing import verify_signature
from dauys.tally.decrypting import decrypt_contest
from dauys.tally.results import result_entry
from dauys.tally.tallying import tally_entries
from dauys.verify.audit import verify
from tests.unit.board.memory import MemoryEntryStore
from tests.unit.verify.story import ALMATY, ASTANA, day, story


def append(journal: Journal, *entries: AnyEntry) -> None:
    with journal.writing() as writer:
        for entry in entries:
            writer.append(entry)


def told(place: str) -> AnyEntry:
    return story().entries[story().places[place]]


def test_an_election_counted_and_published_by_dauys_is_verified(tmp_path: Path) -> None:
    keys = story().board.keys
    store = MemoryEntryStore()
    journal = Journal(store, keys.log, verify_signature)
    for place in ("open", "v6", "annul", "extend", "close", "tally almaty"):
        append(journal, *story().until(place)[store.size() :])
        publish(journal, tmp_path)
        assert verify(tmp_path).failed() == ()
    append(journal, *tally_entries(journal.state(), journal.entries()))
    assert {journal.state().tallies[c] for c in (ALMATY, ASTANA)} == {
        told("tally almaty"),
        told("tally astana"),
    }
    draw = random.Random(3).randbytes
    for key in keys.trustees:
        for contest in (ALMATY, ASTANA):
            append(journal, *decrypt_contest(journal.state(), contest, key, draw))
    for contest, place in ((ALMATY, "result almaty"), (ASTANA, "result astana")):
        result = result_entry(journal.state(), contest)
        assert result == told(place)
        append(journal, result)
    append(journal, Final(at=day("14:00")))
    publish(journal, tmp_path)
    report = verify(tmp_path)
    assert report.failed() == ()
    assert report.summary is not None
    assert report.summary.stage == "final"
