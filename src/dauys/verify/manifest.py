"""The election's rules, as far as they must fit together. docs/protocol.md, section 4."""

from collections.abc import Hashable, Iterable
from typing import Final

from dauys.core.contests import Contest, QuestionKind
from dauys.core.entries import Manifest
from dauys.core.errors import MalformedError
from dauys.crypto.signing import parse_public_hex
from dauys.verify.checkpoint import is_origin
from dauys.verify.checks import Findings
from dauys.verify.strata import TOTAL

HEAVIEST: Final = 10_000_000
"""Of all weights of a contest together. docs/protocol.md, section 4."""


def check_manifest(manifest: Manifest, findings: Findings) -> None:
    """Report under `manifest-rules` what cannot be meant."""
    for fault in _faults(manifest):
        findings.fault_at("manifest-rules", 0, fault)


def voters_of(contest: Contest) -> int:
    """How many voters the register holds for the contest."""
    return sum(category.voters for category in contest.registered)


def weight_of(contest: Contest) -> int:
    """What the weights of all voters of the contest add up to."""
    return sum(category.weight for category in contest.registered)


def _faults(manifest: Manifest) -> Iterable[str]:
    members = manifest.commission
    distinct: tuple[tuple[str, tuple[Hashable, ...]], ...] = (
        ("contest", tuple(c.id for c in manifest.contests)),
        ("method", manifest.methods),
        ("member", tuple(m.id for m in members)),
        ("member's key", tuple(m.key for m in members)),
    )
    yield from (f"a {what} is named twice" for what, ids in distinct if len(set(ids)) != len(ids))
    for contest in manifest.contests:
        yield from _contest_faults(contest)
    if manifest.registered != sum(map(voters_of, manifest.contests)):
        yield "the contests' voters do not add up to 'registered'"
    if manifest.quorum > len(members):
        yield "the quorum is greater than the commission"
    if manifest.opens >= manifest.closes:
        yield "voting closes before it opens"
    if TOTAL in manifest.methods:
        yield f"a method has the name '{TOTAL}' of a stratum"
    if manifest.signed != tuple(m for m in manifest.methods if m in manifest.signed):
        yield "'signed' are not some of the methods, in their order"
    if not is_origin(manifest.log_origin):
        yield "'log_origin' cannot name a log"
    for key in (manifest.registrar, manifest.log_key, *(m.key for m in members)):
        try:
            parse_public_hex(key)
        except MalformedError as error:
            yield f"{key} is no key: {error.why}"


def _contest_faults(contest: Contest) -> Iterable[str]:
    questions = [question.id for question in contest.questions]
    if len(set(questions)) != len(questions):
        yield f"{contest.id}: a question is named twice"
    for question in contest.questions:
        where = f"{contest.id}, {question.id}"
        if question.minimum > question.maximum:
            yield f"{where}: more choices are required than allowed"
        lists = question.kind is QuestionKind.LISTS
        if lists and not (question.minimum == question.maximum == 1 and not question.blank):
            yield f"{where}: of lists one is chosen, and none is blank"
    categories = [category.category for category in contest.registered]
    if len(set(categories)) != len(categories):
        yield f"{contest.id}: a category is named twice"
    for category in contest.registered:
        if category.weight < category.voters:
            yield f"{contest.id}, {category.category}: less weight than voters"
    if weight_of(contest) > HEAVIEST:
        yield f"{contest.id}: its weights add up to more than {HEAVIEST}"
