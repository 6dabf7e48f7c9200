"""The setup of an archive: election, trustees and the list of credentials."""

import json
import re
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from dauys.core.errors import DauysError, MalformedError
from dauys.crypto.election import ElectionParameters, parse_election
from dauys.crypto.group import GROUPS, Group, group_named
from dauys.crypto.question import Question
from dauys.crypto.threshold import AnyTrustees, parse_any_trustees
from dauys.crypto.trustees import election_public_key
from dauys.verify.archive.claims import CREDENTIALS, ELECTION, KEY, TRUSTEES
from dauys.verify.checks import Findings

_LONGEST: Final = 2**24
"""Letters of an election, or of its trustees: a thousand candidates, a group of a hundred."""
_MOST_PROOFS: Final = 50_000
"""Of one ballot."""
_KINDS: Final = frozenset({"Homomorphic", "Lists"})


class UnsupportedError(DauysError):
    """A Belenios archive of a kind that is not checked here: nothing can be said of it."""

    def __init__(self, path: Path, why: str) -> None:
        super().__init__(f"{path}: {why}")


@dataclass(frozen=True, slots=True)
class Setup:
    """What everything else is checked against. `weights` has every public credential."""

    election: ElectionParameters
    trustees: AnyTrustees
    weights: dict[str, int]


def read_setup(data: tuple[str, ...], path: Path, findings: Findings) -> Setup | None:
    """Check the data of a Setup event; None if what is left cannot be checked without it.

    Raises UnsupportedError.
    """
    election_text, trustees_text, credentials_text, _ = data
    group = _supported_group(election_text, path)
    weights = _read_credentials(credentials_text, group, findings)
    election = _read_election(election_text, findings)
    trustees = _read_trustees(trustees_text, group, findings)
    findings.ran(ELECTION, TRUSTEES)
    if election is None or not trustees:
        faults = check_credentials(group.name, tuple(weights))
        note_credentials(faults, len(weights), findings)
        return None
    findings.ran(ELECTION, seen=f"{election.uuid}, {len(election.questions)} questions")
    findings.ran(TRUSTEES, KEY, seen=f"{len(trustees)} single trustees or groups")
    try:
        if election_public_key(trustees) != election.public_key:
            findings.fault(KEY, "it is another")
    except DauysError as error:
        findings.fault(KEY, str(error))
    return Setup(election, trustees, weights)


def check_credentials(group: str, credentials: tuple[str, ...]) -> tuple[tuple[str, str], ...]:
    """Those that are no elements of the group of this name, and why. Runs in any process."""
    faults = []
    parse = group_named(group).parse
    for credential in credentials:
        try:
            parse(credential)
        except MalformedError as error:
            faults.append((credential, error.why))
    return tuple(faults)


def note_credentials(
    faults: Iterable[tuple[str, str]], credentials: int, findings: Findings
) -> None:
    """Report what `check_credentials` found among so many."""
    for credential, why in faults:
        findings.fault(CREDENTIALS, f"{credential}: {why}")
    findings.ran(CREDENTIALS, seen=f"{credentials} credentials")


def _supported_group(text: str, path: Path) -> Group:
    """The election's group: Dauys's own, if it cannot be read.

    Raises UnsupportedError if the election is one that Belenios has and this auditor has not.
    """
    default = group_named(GROUPS[0])
    if len(text) > _LONGEST:
        return default
    try:
        value = json.loads(text)
        group, version = value["group"], value["version"]
        kinds = {question.get("type", "Homomorphic") for question in value["questions"]}
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
        return default  # not readable as an election either, which says why
    if "NonHomomorphic" in kinds:
        why = "has shuffled (NonHomomorphic) questions, which Dauys does not check for now"
    elif not kinds <= _KINDS:
        why = f"has questions of another kind ({min(map(str, kinds - _KINDS))[:40]})"
    elif version != 1:
        why = f"follows version {str(version)[:40]} of the protocol; Dauys checks version 1"
    elif group in GROUPS:
        return group_named(group)
    elif isinstance(group, str):
        known = ", ".join(GROUPS)
        why = f"uses the group {group[:40]}; Dauys checks elections in the groups {known}"
    else:
        return default
    raise UnsupportedError(path, f"this election {why}")


def _read_election(text: str, findings: Findings) -> ElectionParameters | None:
    try:
        return _bounded(parse_election(_of_length(text, "election"), GROUPS))
    except DauysError as error:
        findings.fault(ELECTION, str(error))
        return None


def _bounded(election: ElectionParameters) -> ElectionParameters:
    """Refuse an election of which one ballot would fill the memory."""
    proofs = sum(
        question.branches if isinstance(question, Question) else 0
        for question in election.questions
    )
    if proofs + sum(question.width for question in election.questions) > _MOST_PROOFS:
        raise MalformedError("election", f"ballots have more than {_MOST_PROOFS} proofs")
    return election


def _of_length(text: str, what: str) -> str:
    if len(text) > _LONGEST:
        raise MalformedError(what, "too long")
    return text


def _read_trustees(text: str, group: Group, findings: Findings) -> AnyTrustees:
    try:
        return parse_any_trustees(_of_length(text, "trustees"), group)
    except DauysError as error:
        findings.fault(TRUSTEES, str(error))
        return ()


def _read_credentials(text: str, group: Group, findings: Findings) -> dict[str, int]:
    """Weights by credential, read piece by piece: the list may be longer than its values.

    That each is of the group takes longest: it is checked with the ballots (`check_credentials`).
    """
    one = re.compile(rf'"({group.element_form})(?:,(0|[1-9][0-9]{{0,29}}))?"(,?)')
    weights: dict[str, int] = {}
    place, more = 1, "," if text != "[]" else ""
    while more and (match := one.match(text, place)):
        credential, weight, more = match.groups()
        place = match.end()
        if credential in weights:
            findings.fault(CREDENTIALS, f"{credential}: a second time")
        weights[credential] = int(weight or 1)
    if more or text[:1] != "[" or text[place:] != "]":
        findings.fault(CREDENTIALS, f"not readable from letter {place} on")
    return weights
