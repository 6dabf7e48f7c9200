"""A finished election with weights, two questions and lists, made by the stages themselves."""

from dataclasses import dataclass
from functools import cache

from dauys.board.sealing import ContestDraft, ElectionDraft, QuestionDraft, seal
from dauys.core.contests import Candidate, CandidateList, CategoryCount, QuestionKind
from dauys.core.entries import (
    AnyEntry,
    BallotEntry,
    BoothFile,
    Close,
    Final,
    Member,
    Open,
    RevotePolicy,
    encode_entry,
)
from dauys.core.forms import parse_instant
from dauys.core.ids import CandidateId, ContestId, ListId, Pseudonym, QuestionId
from dauys.core.permit import Statement
from dauys.core.remedies import Zero
from dauys.core.replay import Replay
from dauys.crypto.ballot import Choices, CredentialKey, make_ballot
from dauys.crypto.election import new_uuid, parse_election
from dauys.crypto.signing import verify_signature
from dauys.tally.decrypting import decrypt_contest
from dauys.tally.results import result_entry
from dauys.tally.tallying import tally_entries
from tests.unit.verify.story import (
    EDS,
    ELECTION,
    METHODS,
    NO_REASON,
    ORIGIN,
    SMS,
    Board,
    day,
)

UNION = ContestId("union")
WEIGHTS = (1, 20, 300, 4, 50)
VOTES: tuple[tuple[Choices, ...], ...] = (
    ([1, 0, 0], [[1, 1, 1], [0, 0]]),
    ([0, 1, 1], [[1, 0, 1], [0, 0]]),
    ([0, 0, 1], [[0, 0, 0], [1, 1]]),
    ([0, 1, 0], [[1, 1, 0], [0, 0]]),
    ([0, 1, 0], [[0, 0, 0], [1, 1]]),
)


def _candidate(name: str) -> Candidate:
    return Candidate(
        id=CandidateId(name), name=name.title(), occupation=NO_REASON, programme=NO_REASON
    )


@dataclass(frozen=True)
class Weighed:
    """The entries, and the board whose keys signed them."""

    board: Board
    entries: tuple[AnyEntry, ...]

    def place(self, kind: type[AnyEntry], which: int = 0) -> int:
        """Where the entry of that kind stands, the first or a later one."""
        return [i for i, entry in enumerate(self.entries) if isinstance(entry, kind)][which]


def draft(board: Board) -> ElectionDraft:
    keys = board.keys
    chair = QuestionDraft(
        id=QuestionId("chair"),
        text=NO_REASON,
        kind=QuestionKind.CHOICE,
        seats=1,
        minimum=1,
        maximum=2,
        blank=True,
        candidates=(_candidate("aigul"), _candidate("bolat")),
    )
    council = QuestionDraft(
        id=QuestionId("council"),
        text=NO_REASON,
        kind=QuestionKind.LISTS,
        seats=2,
        minimum=1,
        maximum=1,
        blank=False,
        lists=(
            CandidateList(
                id=ListId("north"),
                name="North",
                candidates=(_candidate("dana"), _candidate("erlan")),
            ),
            CandidateList(id=ListId("south"), name="South", candidates=(_candidate("farida"),)),
        ),
    )
    return ElectionDraft(
        election=ELECTION,
        name=NO_REASON,
        organiser=NO_REASON,
        contests=(
            ContestDraft(
                id=UNION,
                name=NO_REASON,
                questions=(chair, council),
                registered=(CategoryCount(category="company", voters=6, weight=400),),
                uuid=new_uuid(keys.random.randbytes),
            ),
        ),
        methods=METHODS,
        policy=RevotePolicy.STRONGER,
        stratum_minimum=2,
        quorum=2,
        commission=tuple(
            Member(id=name, name=NO_REASON, key=key.public_hex)
            for name, key in keys.members.items()
        ),
        registrar=keys.registrar.public_hex,
        log_origin=ORIGIN,
        log_key=keys.log.public_hex,
        opens=parse_instant(day("04:00")),
        closes=parse_instant(day("12:00")),
        zone="Asia/Almaty",
        clock_step=900,
        register="00" * 32,
        monitor="11" * 32,
        warnings=(),
        trustees=tuple(key.public for key in keys.trustees),
        booth=(BoothFile(path="booth.js", sha256="ab" * 32),),
        signed=(EDS,),
    )


@cache
def weighed() -> Weighed:
    """Do not change it: take copies of its entries."""
    board = Board()
    replay = Replay(verify_signature)

    def put(entry: AnyEntry) -> int:
        replay.apply(entry)
        return board.put(entry)

    for entry in seal(draft(board)):
        put(entry)
    put(Open(at=day("04:00")))
    election = parse_election(replay.state.elections[UNION])
    for voter, (weight, choices) in enumerate(zip(WEIGHTS, VOTES, strict=True)):
        key = CredentialKey.generate(board.keys.random.randbytes)
        method = SMS if voter < 3 else EDS
        statement = Statement(
            election=ELECTION,
            contest=UNION,
            pseudonym=Pseudonym(f"{voter:032x}"),
            credential=key.public,
            method=method,
            serial=voter + 1,
            weight=weight,
            evidence=None if method == SMS else f"{voter:064x}",
            reclaims=None,
        )
        ballot = make_ballot(election, key, choices, board.keys.random.randbytes)
        put(BallotEntry(permit=board.permit(statement), ballot=ballot))
    begun = len(board.entries)
    board.decide(1, "05:00", Zero(contest=UNION, candidate=CandidateId("dana"), method=SMS))
    for entry in board.entries[begun:]:
        replay.apply(entry)
    put(Close(at=day("12:00"), permits=6))
    for tally in tally_entries(replay.state, map(encode_entry, board.entries)):
        put(tally)
    for trustee in board.keys.trustees:
        for part in decrypt_contest(replay.state, UNION, trustee, board.keys.random.randbytes):
            put(part)
    put(result_entry(replay.state, UNION))
    put(Final(at=day("14:00")))
    return Weighed(board, tuple(board.entries))
