"""The rules in words, the candidates, the trustees, the booth's files, what pins the election."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.templatetags.static import static
from django.urls import reverse

from dauys.core.contests import Candidate, Contest, QuestionKind, QuestionRule
from dauys.crypto.threshold import keys_by_owner, quorums
from dauys.tally.decrypting import trustees_of
from dauys.web.board import words
from dauys.web.board.doors import Board
from dauys.web.board.reader import grouped


@dataclass(frozen=True, slots=True)
class CandidateCard:
    """A candidate as on the ballot paper."""

    number: int
    name: str
    occupation: str
    programme: str


@dataclass(frozen=True, slots=True)
class ListCard:
    """A list as on the ballot paper."""

    number: int
    name: str
    candidates: tuple[CandidateCard, ...]


@dataclass(frozen=True, slots=True)
class QuestionCard:
    """A question with who stands in it. `text` is empty where it only repeats the contest."""

    id: str
    text: str
    by_lists: bool
    seats: int
    minimum: int
    maximum: int
    blank: bool
    candidates: tuple[CandidateCard, ...]
    lists: tuple[ListCard, ...]


@dataclass(frozen=True, slots=True)
class ContestCard:
    """A contest with its electorate (category, voters, votes) and its questions."""

    id: str
    name: str
    registered: tuple[tuple[str, int, int], ...]
    weighted: bool
    questions: tuple[QuestionCard, ...]


@dataclass(frozen=True, slots=True)
class KeyLine:
    """Somebody with a public key (hex)."""

    name: str
    key: str


@dataclass(frozen=True, slots=True)
class Holder:
    """A trustee, or a group of whom `needed` decrypt; they are numbered from `first`."""

    first: int
    needed: int
    keys: tuple[KeyLine, ...]


@dataclass(frozen=True, slots=True)
class Rules:
    """The manifest in words."""

    organiser: str
    opens: str
    closes: str
    closes_now: str
    year: int
    methods: tuple[str, ...]
    policy: str
    quorum: int
    commission: tuple[KeyLine, ...]
    trustees: tuple[Holder, ...]
    groups: bool
    """Whether some trustees form a group."""
    minimum: int
    minutes: int
    warnings: tuple[str, ...]
    contests: tuple[ContestCard, ...]
    register: str
    monitor: str
    registrar: str
    registered: int


@dataclass(frozen=True, slots=True)
class BoothLine:
    """A file of the voter's page, and where this site serves it."""

    path: str
    address: str
    sha256: str


@dataclass(frozen=True, slots=True)
class Pins:
    """What binds files to this election and no other."""

    fingerprint: str
    shown: str
    log_key: str
    log_origin: str
    size: int
    checkpoint: str
    contest: str


def rules(board: Board) -> Rules:
    """The manifest, the commission and the trustees."""
    manifest, reader, holders = board.manifest, board.reader, _trustees(board)
    return Rules(
        organiser=reader.text(manifest.organiser),
        opens=reader.moment(manifest.opens),
        closes=reader.moment(manifest.closes),
        closes_now=reader.moment(board.state.closes)
        if board.state.closes != manifest.closes
        else "",
        year=reader.year(manifest.opens),
        methods=tuple(map(words.method, manifest.methods)),
        policy=words.policy(manifest.policy),
        quorum=manifest.quorum,
        commission=tuple(KeyLine(reader.text(m.name), m.key) for m in manifest.commission),
        trustees=holders,
        groups=any(len(holder.keys) > 1 for holder in holders),
        minimum=manifest.stratum_minimum,
        minutes=-(-manifest.clock_step // 60),
        warnings=tuple(map(reader.text, manifest.warnings)),
        contests=contests(board),
        register=manifest.register,
        monitor=manifest.monitor,
        registrar=manifest.registrar,
        registered=manifest.registered,
    )


def contests(board: Board) -> tuple[ContestCard, ...]:
    """All contests with their candidates, in the order of the ballot paper."""
    return tuple(_contest(board, contest) for contest in board.manifest.contests)


def booth(board: Board) -> tuple[BoothLine, ...]:
    """Files of the voter's page with their hashes, as sealed."""
    files = () if board.state.booth is None else board.state.booth.files
    return tuple(BoothLine(file.path, static(file.path), file.sha256) for file in files)


def elections_entry(board: Board) -> str:
    """Address of the entry that holds the Belenios elections, byte for byte as in the log."""
    milestones = board.timeline.milestones
    index = next(one.index for one in milestones if one.kind == "trustees")
    return reverse("board:raw", kwargs={"slug": board.slug, "index": index})


def pins(board: Board) -> Pins:
    """Fingerprint, key and newest checkpoint."""
    manifest = board.manifest
    fingerprint = board.timeline.fingerprint
    return Pins(
        fingerprint=fingerprint,
        shown=grouped(fingerprint),
        log_key=manifest.log_key,
        log_origin=manifest.log_origin,
        size=board.state.size,
        checkpoint=board.services.journal.checkpoint(),
        contest=manifest.contests[0].id,
    )


def _contest(board: Board, contest: Contest) -> ContestCard:
    return ContestCard(
        id=contest.id,
        name=board.reader.text(contest.name),
        registered=tuple(
            (words.category(c.category), c.voters, c.weight) for c in contest.registered
        ),
        weighted=contest.weighted,
        questions=tuple(_question(board, contest, question) for question in contest.questions),
    )


def _question(board: Board, contest: Contest, question: QuestionRule) -> QuestionCard:
    paper = board.state.candidates.get((contest.id, question.id))
    return QuestionCard(
        id=question.id,
        text=board.question_text(contest, question),
        by_lists=question.kind is QuestionKind.LISTS,
        seats=question.seats,
        minimum=question.minimum,
        maximum=question.maximum,
        blank=question.blank,
        candidates=_cards(board, () if paper is None else paper.candidates),
        lists=tuple(
            ListCard(number, group.name, _cards(board, group.candidates))
            for number, group in enumerate(() if paper is None else paper.lists, 1)
        ),
    )


def _cards(board: Board, candidates: Iterable[Candidate]) -> tuple[CandidateCard, ...]:
    text = board.reader.text
    return tuple(
        CandidateCard(number, one.name, text(one.occupation), text(one.programme))
        for number, one in enumerate(candidates, 1)
    )


def _trustees(board: Board) -> tuple[Holder, ...]:
    if board.state.trustees is None:
        return ()
    trustees = trustees_of(board.state)
    keys = keys_by_owner(trustees)
    lines = tuple(KeyLine(key.name or "", key.public_key.text()) for key in keys)
    return tuple(
        Holder(one.owners.start, one.needed, lines[one.owners.start - 1 : one.owners.stop - 1])
        for one in quorums(trustees)
    )
