"""The ballot as its voter sees it: every question, who stands in it, and what the vote weighs."""

from dataclasses import dataclass

from dauys.core.contests import Candidate, QuestionRule
from dauys.core.entries import Candidates
from dauys.core.ids import MethodId, Tracker
from dauys.web.portal.sessions import VoterSession
from dauys.web.portal.times import pick
from dauys.wiring import Services


@dataclass(frozen=True, slots=True)
class CandidateCard:
    """A candidate on the ballot; `place` counts from 0, as in the encrypted question."""

    place: int
    name: str
    initials: str
    occupation: str
    programme: str


@dataclass(frozen=True, slots=True)
class ListCard:
    """A list on the ballot; places count from 0, as in the encrypted question."""

    place: int
    name: str
    candidates: tuple[CandidateCard, ...]


@dataclass(frozen=True, slots=True)
class QuestionCard:
    """A question of the ballot. `kind` is `choice`, with candidates, or `lists`, with lists."""

    title: str
    kind: str
    seats: int
    minimum: int
    maximum: int
    blank: bool
    candidates: tuple[CandidateCard, ...]
    lists: tuple[ListCard, ...]

    @property
    def mark(self) -> str:
        """What a candidate is marked with."""
        return "radio" if self.maximum == 1 and (self.minimum or self.blank) else "checkbox"


@dataclass(frozen=True, slots=True)
class BallotPage:
    """The ballot of an identified voter."""

    contest: str
    contest_name: str
    questions: tuple[QuestionCard, ...]
    weight: int
    voter_name: str
    voter_number: str
    method: MethodId
    credential: str
    reclaims: Tracker | None
    log_origin: str
    log_key: str

    @property
    def several(self) -> bool:
        """Whether there is more than one question."""
        return len(self.questions) > 1


def ballot_page(services: Services, session: VoterSession, language: str) -> BallotPage:
    """The ballot of the session's voter."""
    identified = session.identified
    voter = identified.voter
    with services.journal.reading() as state:
        contest = state.contest(voter.contest)
        papers = state.papers(contest.id)
        return BallotPage(
            contest=contest.id,
            contest_name=pick(contest.name, language),
            questions=tuple(
                question_card(question, paper, language)
                for question, paper in zip(contest.questions, papers, strict=True)
            ),
            weight=voter.weight,
            voter_name=voter.name,
            voter_number=services.numbering.mask(voter.number),
            method=identified.method,
            credential=identified.credential or "",
            reclaims=session.reclaims,
            log_origin=state.manifest.log_origin,
            log_key=state.manifest.log_key,
        )


def question_card(question: QuestionRule, paper: Candidates, language: str) -> QuestionCard:
    """A question as the voter sees it."""
    return QuestionCard(
        title=pick(question.text, language),
        kind=question.kind.value,
        seats=question.seats,
        minimum=question.minimum,
        maximum=question.maximum,
        blank=question.blank,
        candidates=candidate_cards(paper.candidates, language),
        lists=tuple(
            ListCard(place, group.name, candidate_cards(group.candidates, language))
            for place, group in enumerate(paper.lists)
        ),
    )


def candidate_cards(candidates: tuple[Candidate, ...], language: str) -> tuple[CandidateCard, ...]:
    """Candidates in the order of the ballot paper."""
    return tuple(
        CandidateCard(
            place,
            candidate.name,
            initials(candidate.name),
            pick(candidate.occupation, language),
            pick(candidate.programme, language),
        )
        for place, candidate in enumerate(candidates)
    )


def initials(name: str) -> str:
    """First letters of the first two words: `Берёзова Айгуль` is `БА`."""
    return "".join(word[0] for word in name.split()[:2]).upper()
