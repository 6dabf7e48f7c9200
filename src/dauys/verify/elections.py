"""The Belenios elections: that voters were asked what manifest and candidates say.

docs/protocol.md, section 4, "Belenios elections".
"""

from dataclasses import dataclass, field

from dauys.core.entries import Contest
from dauys.core.errors import DauysError
from dauys.core.forms import Text
from dauys.core.ids import ContestId
from dauys.crypto.election import ElectionParameters, parse_election
from dauys.crypto.group import Point
from dauys.crypto.question import Question
from dauys.crypto.threshold import AnyTrustees, keys_by_owner, parse_any_trustees
from dauys.crypto.trustees import election_public_key
from dauys.verify.checks import Findings
from dauys.verify.history import History

PARAMETERS = "election-parameters"
PROOFS = "trustee-proofs"


@dataclass(frozen=True, slots=True)
class Elections:
    """The trustees and each contest's election, as far as they could be read."""

    trustees: AnyTrustees = ()
    parameters: dict[ContestId, ElectionParameters] = field(default_factory=dict)

    def of(self, contest: ContestId) -> ElectionParameters | None:
        """The contest's election, if it could be read."""
        return self.parameters.get(contest)


def check_elections(history: History, findings: Findings) -> Elections:
    """Read and check the `trustees` entry."""
    entry = history.trustees
    if entry is None:
        findings.ran(PARAMETERS, PROOFS)
        findings.not_yet(PARAMETERS, "the elections are not published yet")
        findings.not_yet(PROOFS, "the trustees are not published yet")
        return Elections()
    number = history.trustees_entry
    findings.ran(PROOFS)
    try:
        trustees = parse_any_trustees(entry.trustees)
        key = election_public_key(trustees)
    except DauysError as error:
        findings.fault_at(PROOFS, number, str(error))
        trustees, key = (), None
    findings.ran(PROOFS, seen=f"{len(keys_by_owner(trustees))} trustees")
    parameters: dict[ContestId, ElectionParameters] = {}
    for item in entry.elections:
        contest = history.contest(item.contest)
        if contest is None or item.contest in parameters:
            findings.fault_at(PARAMETERS, number, f"{item.contest}: unknown, or a second time")
            continue
        try:
            parameters[item.contest] = election = parse_election(item.election)
        except DauysError as error:
            findings.fault_at(PARAMETERS, number, f"{item.contest}: {error}")
            continue
        for fault in _faults(history, contest, election, key):
            findings.fault_at(PARAMETERS, number, f"{item.contest}: {fault}")
    _check_complete(history, parameters, findings)
    return Elections(trustees, parameters)


def _check_complete(
    history: History, parameters: dict[ContestId, ElectionParameters], findings: Findings
) -> None:
    number = history.trustees_entry
    for contest in history.manifest.contests:
        if contest.id not in parameters:
            findings.fault_at(PARAMETERS, number, f"{contest.id} has no election")
    if len({election.uuid for election in parameters.values()}) != len(parameters):
        findings.fault_at(PARAMETERS, number, "two contests have the same uuid")
    findings.ran(PARAMETERS, seen=f"{len(parameters)} contests")


def _faults(
    history: History, contest: Contest, election: ElectionParameters, key: Point | None
) -> list[str]:
    if len(election.questions) != 1:
        return ["not one question"]
    (question,) = election.questions
    if not isinstance(question, Question):
        return ["its question is not one to choose from"]
    paper = history.candidates.get(contest.id)
    names = None if paper is None else tuple(c.name for c in paper.candidates)
    manifest = history.manifest
    claims = (
        ("its name is not the manifest's", election.name == _joined(manifest.name)),
        (
            "its description is not the organiser",
            election.description == _joined(manifest.organiser),
        ),
        ("its question is not the contest's name", question.text == _joined(contest.name)),
        ("its answers are not the candidates in order", question.answers == names),
        ("'min' is not the contest's", question.minimum == contest.minimum),
        ("'max' is not the contest's", question.maximum == contest.maximum),
        ("'blank' is not the contest's", question.blank == contest.blank),
        ("its key is not the trustees'", election.public_key == key),
    )
    return [fault for fault, holds in claims if not holds]


def _joined(text: Text) -> str:
    """A text in all three languages, as one."""
    return f"{text.kk} / {text.ru} / {text.en}"
