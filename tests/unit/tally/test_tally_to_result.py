"""From real ballots on a board to the result, with trustees that make mistakes."""

from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor
from dataclasses import dataclass
from multiprocessing import get_context

import msgspec
import pytest

from dauys.core.contests import Contest
from dauys.core.entries import BallotEntry, QuestionResult, Result
from dauys.core.errors import RefusedError, VerificationError
from dauys.core.ids import LeafIndex, MethodId
from dauys.core.remedies import Annul, Zero
from dauys.crypto.ballot import CredentialKey, make_ballot
from dauys.crypto.election import parse_election
from dauys.crypto.trustees import TrusteeKey
from dauys.tally import tallying
from dauys.tally.decrypting import check_decryption, decrypt_contest
from dauys.tally.how_sure import how_sure
from dauys.tally.results import result_entry
from dauys.tally.tallying import check_tallies, tally_entries
from tests.unit.tally.small_board import (
    EDS,
    NAMES,
    NORTH,
    SMS,
    TRUSTEES,
    Bytes,
    SmallBoard,
    contest,
    manifest,
)


@dataclass
class Voting:
    """A board with real ballots."""

    board: SmallBoard
    random: Bytes

    def cast(self, voter: int, choice: int, method: MethodId = SMS, weight: int = 1) -> LeafIndex:
        state = self.board.state
        election = parse_election(state.elections[NORTH])
        key = CredentialKey.generate(self.random)
        permit = self.board.permit(voter, method, credential=key.public, weight=weight)
        vector = [int(i == choice) for i in range(election.questions[0].width)]
        ballot = make_ballot(election, key, [vector], self.random)
        return self.board.add(BallotEntry(permit=permit, ballot=ballot))

    def tally(self) -> None:
        self.board.close()
        for entry in tally_entries(self.board.state, self.board.entries):
            self.board.add(entry)

    def decrypt(self) -> None:
        check_tallies(self.board.state, self.board.entries)
        for key in TRUSTEES:
            for entry in decrypt_contest(self.board.state, NORTH, key, self.random):
                check_decryption(self.board.state, entry)
                self.board.add(entry)

    def finish(self) -> Result:
        self.tally()
        self.decrypt()
        result = result_entry(self.board.state, NORTH)
        self.board.add(result)
        return result


def voting(rules: Contest | None = None) -> Voting:
    return Voting(SmallBoard(manifest(contests=(rules or contest(),))), Bytes("voting"))


def only(result: Result) -> QuestionResult:
    (question,) = result.questions
    return question


def counts(result: Result) -> list[int]:
    return [one.votes for one in only(result).counts]


def test_an_election_with_stuffing_is_annulled_zeroed_and_counted() -> None:
    election = voting()
    for voter in range(4):
        election.cast(voter, choice=0)
    stuffed = [election.cast(voter, choice=0) for voter in (10, 11)]
    for voter in range(20, 23):
        election.cast(voter, choice=1, method=EDS)
    election.cast(23, choice=0, method=EDS)
    election.cast(0, choice=2, method=EDS)  # a voter replaces the weaker ballot
    election.board.decide(Annul(ballots=tuple(stuffed)))
    election.board.decide(Zero(contest=NORTH, candidate=NAMES[0], method=SMS))
    again = election.board.decide(Zero(contest=NORTH, candidate=NAMES[0], method=SMS))

    result = election.finish()

    strata = election.board.state.tallies[NORTH].strata
    assert [(s.name, s.ballots) for s in strata] == [("total", 8), ("sms", 3), ("eds", 5)]
    assert [s.result for s in result.strata] == [
        '{"result":[[4,3,1]]}',
        '{"result":[[3,0,0]]}',
        '{"result":[[1,3,1]]}',
    ]
    assert [zero.votes for zero in only(result).zeroed] == [3, 0]
    assert only(result).zeroed[1].decision == again.number
    assert counts(result) == [1, 3, 1]
    assert only(result).elected == (NAMES[1],)
    (sure,) = how_sure(election.board.state, NORTH, flagged=[stuffed[0]], contested=[])
    assert (sure.margin, sure.annulled, sure.flagged, sure.zeroed) == (2, 2, 0, 3)
    assert sure.could_change


def test_votes_weigh_in_sums_doubts_and_zeroings_but_strata_count_ballots() -> None:
    election = voting(contest(weight=100_000))
    for voter in range(3):
        election.cast(voter, choice=voter % 2, weight=1000 + voter)
    for voter in range(3, 6):
        election.cast(voter, choice=2, method=EDS, weight=5)
    doubtful = election.cast(7, choice=1, method=EDS, weight=40)
    annulled = election.cast(8, choice=1, weight=300)
    election.board.decide(Annul(ballots=(annulled,)))
    election.board.decide(Zero(contest=NORTH, candidate=NAMES[0], method=SMS))
    result = election.finish()
    strata = election.board.state.tallies[NORTH].strata
    assert [(s.name, s.ballots, s.weight) for s in strata] == [
        ("total", 7, 3058),
        ("sms", 3, 3003),
        ("eds", 4, 55),
    ]
    assert only(result).zeroed[0].votes == 2002
    assert counts(result) == [0, 1041, 15]
    (sure,) = how_sure(election.board.state, NORTH, flagged=[doubtful], contested=[])
    assert (sure.margin, sure.annulled, sure.flagged, sure.zeroed) == (1026, 300, 40, 2002)


def test_a_voter_whose_weight_grows_or_a_register_outweighed_is_refused() -> None:
    board = SmallBoard(manifest(contests=(contest(weight=1005),)))
    board.cast(1, weight=5)
    with pytest.raises(VerificationError, match="weight does not change"):
        board.cast(1, EDS, weight=6)
    board.cast(2, weight=1000)
    board.cast(2, EDS, weight=1000)  # the same voter is weighed once
    with pytest.raises(VerificationError, match="no more than is registered"):
        board.cast(3)


def test_zeroing_votes_of_a_stratum_too_small_to_open_takes_nothing_away() -> None:
    election = voting()
    for voter in range(5):
        election.cast(voter, choice=0)
    election.cast(9, choice=1, method=EDS)
    election.board.decide(Zero(contest=NORTH, candidate=NAMES[0], method=SMS))
    result = election.finish()
    assert [s.name for s in election.board.state.tallies[NORTH].strata] == ["total"]
    assert [zero.votes for zero in only(result).zeroed] == [None]
    assert counts(result) == [5, 1, 0]


def test_zeroing_where_everyone_came_by_the_method_is_taken_from_the_total() -> None:
    election = voting()
    for voter in range(2):
        election.cast(voter, choice=0)
    election.board.decide(Zero(contest=NORTH, candidate=NAMES[0], method=SMS))
    election.board.decide(Zero(contest=NORTH, candidate=NAMES[1], method=EDS))
    result = election.finish()
    assert [zero.votes for zero in only(result).zeroed] == [2, 0]
    assert counts(result) == [0, 0, 0]
    assert only(result).elected == only(result).tied == ()


def test_a_blank_vote_counts_for_nobody() -> None:
    election = voting(contest(blank=True))
    for voter, choice in enumerate((0, 0, 0, 1, 2)):
        election.cast(voter, choice=choice)
    result = election.finish()
    assert only(result).blank == 3
    assert counts(result) == [1, 1, 0]
    assert (only(result).elected, only(result).tied) == ((), NAMES[:2])
    assert how_sure(election.board.state, NORTH, [], [])[0].margin == 0


def test_a_contest_nobody_voted_in_elects_nobody() -> None:
    election = voting()
    result = election.finish()
    assert counts(result) == [0, 0, 0]
    assert only(result).elected == only(result).tied == ()
    (sure,) = how_sure(election.board.state, NORTH, [], [])
    assert (sure.margin, sure.could_change) == (1, False)


def test_a_server_passes_one_ballot_off_as_the_sum() -> None:
    election = voting()
    for voter in range(3):
        election.cast(voter, choice=voter)
    alone = voting()
    alone.cast(0, choice=0)
    alone.board.close()
    [forged] = tally_entries(alone.board.state, alone.board.entries)
    election.board.close()
    election.board.add(forged)
    with pytest.raises(VerificationError, match="sum of the countable ballots"):
        check_tallies(election.board.state, election.board.entries)


def test_a_result_before_its_time_is_refused() -> None:
    state = voting().board.state
    with pytest.raises(RefusedError, match="not_tallied"):
        decrypt_contest(state, NORTH, TRUSTEES[0], Bytes("x"))
    with pytest.raises(RefusedError, match="not_tallied"):
        result_entry(state, NORTH)
    with pytest.raises(RefusedError, match="no_result"):
        how_sure(state, NORTH, [], [])


def test_doubts_are_counted_once_and_only_of_ballots_that_count() -> None:
    election = voting()
    ballots = [election.cast(voter, choice=0) for voter in range(5)]
    ballots.append(election.cast(5, choice=1))
    replaced = election.cast(6, choice=0)
    election.cast(6, choice=0, method=EDS)
    election.board.decide(Annul(ballots=(ballots[0],)))
    election.finish()
    (sure,) = how_sure(
        election.board.state,
        NORTH,
        flagged=[*ballots[:2], replaced],
        contested=[ballots[1], ballots[2], replaced],
    )
    assert (sure.margin, sure.annulled, sure.flagged, sure.contested) == (4, 1, 1, 1)
    assert (sure.in_doubt, sure.could_change) == (3, False)


def test_a_tally_before_the_end_is_refused() -> None:
    election = voting()
    election.cast(1, choice=0)
    with pytest.raises(RefusedError, match="not_closed"):
        tally_entries(election.board.state, election.board.entries)


def test_entries_cut_short_do_not_make_a_smaller_tally() -> None:
    election = voting()
    election.cast(1, choice=0)
    election.cast(2, choice=0)
    election.board.close()
    with pytest.raises(VerificationError, match="some are missing"):
        tally_entries(election.board.state, election.board.entries[:-2])


def test_a_stranger_brings_a_trustee_key() -> None:
    election = voting()
    election.tally()
    stranger = TrusteeKey.generate(Bytes("stranger"))
    with pytest.raises(RefusedError, match="not_a_trustee"):
        decrypt_contest(election.board.state, NORTH, stranger, Bytes("x"))


def test_a_trustee_hands_in_the_part_of_another() -> None:
    election = voting()
    election.cast(1, choice=0)
    election.tally()
    [part] = decrypt_contest(election.board.state, NORTH, TRUSTEES[0], Bytes("x"))
    for mutation in ({"trustee": 2}, {"trustee": 3}, {"stratum": "sms"}, {"contest": "south"}):
        with pytest.raises(VerificationError):
            check_decryption(election.board.state, msgspec.structs.replace(part, **mutation))


def test_a_trustee_is_asked_twice_and_gives_only_what_is_missing() -> None:
    election = voting()
    election.cast(1, choice=0)
    election.tally()
    with pytest.raises(RefusedError, match="decryptions_missing"):
        result_entry(election.board.state, NORTH)
    election.decrypt()
    assert decrypt_contest(election.board.state, NORTH, TRUSTEES[0], Bytes("x")) == ()


def test_many_cores_and_small_chunks_give_the_same_sums(monkeypatch: pytest.MonkeyPatch) -> None:
    election = voting()
    for voter in range(12):
        election.cast(voter, choice=voter % 3, method=SMS if voter % 2 else EDS)
    election.board.close()
    state, entries = election.board.state, election.board.entries
    alone = tally_entries(state, entries)
    for name in ("CHUNK", "AHEAD"):
        monkeypatch.setattr(tallying, name, 1)
    seen: list[tuple[int, int]] = []
    with ThreadPoolExecutor(3) as executor:
        shared = tally_entries(state, entries, lambda *done: seen.append(done), executor)
    assert shared == alone
    assert seen == [(done, 12) for done in range(1, 13)]


def test_another_process_sums() -> None:
    election = voting()
    election.cast(1, choice=0)
    election.board.close()
    state, entries = election.board.state, election.board.entries
    with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as executor:
        shared = tally_entries(state, entries, executor=executor)
    assert shared == tally_entries(state, entries)
