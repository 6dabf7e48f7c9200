"""The Belenios elections: that voters were asked what manifest and candidates say.

docs/protocol.md, section 4, "Belenios elections".
"""

from dataclasses import dataclass, field

from dauys.core.contests import Contest, QuestionKind, QuestionRule
from dauys.core.entries import Candidates
from dauys.core.errors import DauysError
from dauys.core.forms import Text
from dauys.core.ids import ContestId
from dauys.crypto.election import ElectionParameters, parse_election
from dauys.crypto.group import Element
from dauys.crypto.question import AnyQuestion, ListsQuestion
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
    history: History, contest: Contest, election: ElectionParameters, key: Element | None
) -> list[str]:
    manifest = history.manifest
    claims = (
        ("its name is not the manifest's", election.name == _joined(manifest.name)),
        (
            "its description is not the organiser",
            election.description == _joined(manifest.organiser),
        ),
        ("its key is not the trustees'", election.public_key == key),
    )
    faults = [fault for fault, holds in claims if not holds]
    if len(election.questions) != len(contest.questions):
        return [*faults, f"not {len(contest.questions)} questions"]
    for rule, question in zip(contest.questions, election.questions, strict=True):
        paper = history.paper(contest.id, rule.id)
        faults += (f"question {rule.id}: {fault}" for fault in _differences(rule, paper, question))
    return faults


def _differences(rule: QuestionRule, paper: Candidates | None, asked: AnyQuestion) -> list[str]:
    """In what a question of the election is not the manifest's."""
    if paper is None:
        return ["its candidates are not published"]
    if isinstance(asked, ListsQuestion) != (rule.kind is QuestionKind.LISTS):
        return ["of another kind"]
    claims = [("the text is another", asked.text == _joined(rule.text))]
    if isinstance(asked, ListsQuestion):
        names = tuple(
            (group.name, *(one.name for one in group.candidates)) for group in paper.lists
        )
        claims.append(("its answers are not the lists in order", asked.answers == names))
    else:
        own = tuple(one.name for one in paper.candidates)
        claims += [
            ("its answers are not the candidates in order", asked.answers == own),
            ("'min' is another", asked.minimum == rule.minimum),
            ("'max' is another", asked.maximum == rule.maximum),
            ("'blank' is another", asked.blank == rule.blank),
        ]
    return [fault for fault, holds in claims if not holds]


def _joined(text: Text) -> str:
    """A text in all three languages, as one."""
    return f"{text.kk} / {text.ru} / {text.en}"
