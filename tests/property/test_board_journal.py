"""Two processes, failing at random, on one store: the board only ever grows."""

from hypothesis import given, settings
from hypothesis import strategies as st

from dauys.board.checkpoint import Checkpoint, read_checkpoint
from dauys.board.journal import Journal
from dauys.board.merkle import verify_consistency
from dauys.core.errors import VerificationError
from tests.unit.board.elections import LOG, ORIGIN, ballot, opened
from tests.unit.board.memory import MemoryEntryStore

OUTCOMES = st.sampled_from(["durable", "caller fails", "disk full", "answer lost", "restart"])
STEPS = st.lists(
    st.tuples(st.integers(0, 1), st.lists(st.integers(1, 30), max_size=4), OUTCOMES), max_size=15
)


class CallerFailedError(Exception):
    """A caller's own failure inside a transaction."""


def trusting(*_: object) -> None:
    """Signatures are not what this is about."""


def journal_on(store: MemoryEntryStore) -> Journal:
    return Journal(store, LOG, trusting)


def cast(journal: Journal, serials: list[int], *, fails: bool) -> set[int]:
    """Cast ballots in one transaction; those that were taken. A spent permit is refused."""
    taken = set()
    with journal.writing() as writer:
        for serial in serials:
            try:
                writer.append(ballot(serial))
            except VerificationError:
                assert serial in writer.state.serials
            else:
                taken.add(serial)
        if fails:
            raise CallerFailedError
    return taken


def head_of(journal: Journal) -> Checkpoint:
    return read_checkpoint(journal.checkpoint(), ORIGIN, LOG.public_hex)


@settings(max_examples=60)
@given(STEPS)
def test_whatever_fails_the_board_only_grows_and_keeps_what_it_confirmed(
    steps: list[tuple[int, list[int], str]],
) -> None:
    store = MemoryEntryStore()
    journals = [journal_on(store), journal_on(store)]
    with journals[0].writing() as writer:
        for entry in opened():
            writer.append(entry)
    confirmed: set[int] = set()
    heads = [head_of(journals[0])]
    for which, serials, outcome in steps:
        if outcome == "restart":
            journals[which] = journal_on(store)
            continue
        store.fail_commit = outcome == "disk full"
        store.lose_answer = outcome == "answer lost"
        try:
            confirmed |= cast(journals[which], serials, fails=outcome == "caller fails")
        except (CallerFailedError, OSError):
            pass
        else:
            assert outcome == "durable"
        store.fail_commit = store.lose_answer = False
        heads.append(head_of(journals[which]))
    fresh = journal_on(store)
    for journal in journals:
        assert journal.state() == fresh.state()
        assert journal.checkpoint() == store.head
    assert confirmed <= fresh.state().serials
    assert len(fresh.state().serials) == fresh.state().size - len(opened())
    for older in heads:
        newer = heads[-1]
        proof = fresh.consistency_proof(older.size, newer.size)
        verify_consistency(older.size, older.root, newer.size, newer.root, proof)
