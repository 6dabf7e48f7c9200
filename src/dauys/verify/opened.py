"""What is in a ballot that a voter opened instead of casting it.

docs/protocol.md, section 12. The ciphertexts are made again from the stated choices and
randomness. The proofs are not looked at: a ballot whose proofs fail is refused by the box, and
steals nothing.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final, Literal

from dauys.core.canonical import Record, decode
from dauys.core.errors import MalformedError, VerificationError
from dauys.crypto.ballot import Ballot, may_choose, parse_ballot
from dauys.crypto.ed25519 import as_point, parse_scalar
from dauys.crypto.election import ElectionParameters, base64_hash, parse_election
from dauys.crypto.elgamal import encrypt
from dauys.crypto.proofs import require
from dauys.crypto.question import AnyQuestion, ListsQuestion, Question
from dauys.verify.audit import read_log
from dauys.verify.executors import Progress, no_progress

MAX_BYTES: Final = 1 << 20
_WHAT: Final = "opened ballot"
_NO_PROOF: Final = '{"challenge":"0","response":"0"}'

Numbers = tuple[int | tuple[int, ...], ...]
Scalars = tuple[str | tuple[str, ...], ...]


class OpenedBallot(Record, frozen=True, kw_only=True):
    """The file as the voter's page writes it: canonical JSON."""

    v: Literal[1]
    ballot: str
    """The ballot's text without its signature."""
    choices: tuple[Numbers, ...]
    """0 and 1, in the shape of the ballot's choices."""
    randomness: tuple[Scalars, ...]
    """The r of each, in decimal."""

    @property
    def code(self) -> str:
        """What the voter's page showed before it knew that the ballot would be opened."""
        return base64_hash(self.ballot)


@dataclass(frozen=True, slots=True)
class Said:
    """What a ballot says to one question, in the words of the election."""

    question: str
    on_list: str
    """The chosen list; empty where the question has none."""
    chosen: tuple[str, ...]
    blank: bool


@dataclass(frozen=True, slots=True)
class PublishedElections:
    """The Belenios elections of all contests, and the fingerprint of the manifest (hex)."""

    fingerprint: str
    elections: tuple[ElectionParameters, ...]


def published_elections(folder: Path, progress: Progress = no_progress) -> PublishedElections:
    """Take the elections out of the log in `folder`.

    Raises UnreadableError; VerificationError if the log is not in order.
    """
    _log, replay, findings = read_log(folder, progress)
    history, faulty = replay.history, findings.faulty()
    if faulty or history is None or history.trustees is None:
        raise VerificationError("log", f"see 'dauys verify': {', '.join(faulty) or 'no election'}")
    elections = (parse_election(one.election) for one in history.trustees.elections)
    return PublishedElections(replay.fingerprint, tuple(elections))


def read_opened(data: bytes) -> OpenedBallot:
    """Read the file; white space at its end does not matter. Raises MalformedError."""
    if len(data) > MAX_BYTES:
        raise MalformedError(_WHAT, "too long")
    return decode(data.strip(), OpenedBallot, _WHAT)


def check_opened(opened: OpenedBallot, elections: Sequence[ElectionParameters]) -> tuple[Said, ...]:
    """What the ballot really says to each question; `elections` are those of all contests.

    Raises MalformedError, or VerificationError whose `what` is "election", "shape",
    "encryption" or "rules".
    """
    ballot = _read_unsigned(opened.ballot)
    election = _election_of(ballot, elections)
    counts = {
        len(x) for x in (ballot.answers, opened.choices, opened.randomness, election.questions)
    }
    require(len(counts) == 1, "shape", "ballot, choices, randomness and questions differ in number")
    answers = zip(ballot.answers, opened.choices, opened.randomness, strict=True)
    for number, (answer, choices, randomness) in enumerate(answers, start=1):
        where = f"answer {number}"
        sizes = [len(row) if isinstance(row, tuple) else 0 for row in answer.choices]
        same = sizes == _sizes(choices) == _sizes(randomness)
        require(same, "shape", f"{where}: ballot, choices and randomness differ in number")
        stated = zip(_flat(choices), _flat(randomness), strict=True)
        for place, ((plain, r), given) in enumerate(
            zip(stated, answer.ciphertexts, strict=True), start=1
        ):
            require(plain in {0, 1}, "encryption", f"{where}, choice {place} is neither 0 nor 1")
            made = encrypt(as_point(election.public_key), int(plain), parse_scalar(r))
            require(made == given, "encryption", f"{where}, choice {place} is not what is stated")
    return tuple(
        _say(question, choices, f"answer {number}")
        for number, (question, choices) in enumerate(
            zip(election.questions, opened.choices, strict=True), start=1
        )
    )


def _read_unsigned(text: str) -> Ballot:
    """Read a ballot that has no signature, as one whose signature shows nothing."""
    if not text.endswith("}"):
        raise MalformedError("ballot", "not JSON")
    signature = f'{{"hash":"{base64_hash(text)}","proof":{_NO_PROOF}}}'
    return parse_ballot(f'{text[:-1]},"signature":{signature}}}')


def _election_of(ballot: Ballot, elections: Sequence[ElectionParameters]) -> ElectionParameters:
    for election in elections:
        if election.fingerprint == ballot.election_hash and election.uuid == ballot.election_uuid:
            return election
    raise VerificationError("election", "the ballot is for no contest of this election")


def _sizes(rows: Numbers | Scalars) -> list[int]:
    """Length of each list; 0 for what is no list."""
    return [len(row) if isinstance(row, tuple) else 0 for row in rows]


def _flat(rows: Numbers | Scalars) -> Iterator[int | str]:
    for row in rows:
        yield from row if isinstance(row, tuple) else (row,)


def _say(question: AnyQuestion, choices: Numbers, where: str) -> Said:
    nested = [row for row in choices if isinstance(row, tuple)]
    flat = [bit for bit in choices if isinstance(bit, int)]
    require(may_choose(question, nested or flat), "rules", f"{where}: not a permitted choice")
    if isinstance(question, ListsQuestion):
        return _say_lists(question, choices)
    return _say_choices(question, choices)


def _say_choices(question: Question, choices: Numbers) -> Said:
    blank = question.blank and choices[0] == 1
    places = choices[1:] if question.blank else choices
    chosen = tuple(name for name, bit in zip(question.answers, places, strict=True) if bit)
    return Said(question.text, "", chosen, blank)


def _say_lists(question: ListsQuestion, choices: Numbers) -> Said:
    for names, bits in zip(question.answers, choices, strict=True):
        if isinstance(bits, tuple) and bits[0]:
            chosen = tuple(name for name, bit in zip(names[1:], bits[1:], strict=True) if bit)
            return Said(question.text, names[0], chosen, blank=False)
    raise VerificationError("rules", "no list is chosen")
