"""What must hold for a draft to be sealed. Every problem is found, not only the first.

Codes: `missing`, `missing_text`, `twice`, `too_small`, `too_large`, `out_of_order`,
`no_zone`, `unknown_zone`, `bad_origin`, `bad_key`, `bad_uuid`, `bad_proof`, `unfinished`; of
contests also `too_heavy`, `other_kind`, `lists_take_one`.
"""

from collections.abc import Iterator
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from dauys.board.checkpoint import is_origin
from dauys.board.contest_rules import contest_problems
from dauys.board.draft import ElectionDraft, Problem
from dauys.board.problems import (
    at_least,
    at_most,
    different,
    some_and_different,
    text_problems,
)
from dauys.core.errors import MalformedError, VerificationError
from dauys.core.forms import format_instant
from dauys.crypto.signing import parse_public_hex
from dauys.crypto.threshold import keys_by_owner, parse_any_trustees
from dauys.crypto.trustees import election_public_key, trustees_to_json


def problems_of(draft: ElectionDraft) -> tuple[Problem, ...]:
    """All problems of `draft` but its sizes, in the order of a form."""
    rules = (_texts, _rules_of_vote, _times, _keys, _commission, _trustees, _booth, _contests)
    return tuple(problem for rule in rules for problem in rule(draft))


def _texts(draft: ElectionDraft) -> Iterator[Problem]:
    yield from text_problems("name", draft.name)
    yield from text_problems("organiser", draft.organiser)
    for i, warning in enumerate(draft.warnings):
        yield from text_problems(f"warnings[{i}]", warning)


def _rules_of_vote(draft: ElectionDraft) -> Iterator[Problem]:
    yield from some_and_different("methods", draft.methods)
    yield from at_least("stratum_minimum", draft.stratum_minimum, 1)
    yield from at_least("clock_step", draft.clock_step, 1)


def _times(draft: ElectionDraft) -> Iterator[Problem]:
    naive = [name for name in ("opens", "closes") if getattr(draft, name).tzinfo is None]
    for name in naive:
        yield Problem(name, "no_zone")
    if not naive and format_instant(draft.opens) >= format_instant(draft.closes):
        yield Problem("closes", "out_of_order", format_instant(draft.closes))
    try:
        ZoneInfo(draft.zone)
    except (ZoneInfoNotFoundError, ValueError):
        yield Problem("zone", "unknown_zone", draft.zone)


def _keys(draft: ElectionDraft) -> Iterator[Problem]:
    if not is_origin(draft.log_origin):
        yield Problem("log_origin", "bad_origin", draft.log_origin)
    keys = [("registrar", draft.registrar), ("log_key", draft.log_key)]
    keys += [(f"commission[{i}].key", member.key) for i, member in enumerate(draft.commission)]
    for field, key in keys:
        try:
            parse_public_hex(key)
        except MalformedError as error:
            yield Problem(field, "bad_key", error.why)
    # One key in two offices would let one person act for both.
    yield from different(keys)


def _commission(draft: ElectionDraft) -> Iterator[Problem]:
    yield from some_and_different("commission", [member.id for member in draft.commission])
    yield from at_least("quorum", draft.quorum, 1)
    yield from at_most("quorum", draft.quorum, len(draft.commission))
    for i, member in enumerate(draft.commission):
        yield from text_problems(f"commission[{i}].name", member.name)


def _trustees(draft: ElectionDraft) -> Iterator[Problem]:
    if not draft.trustees and not draft.unfinished:
        yield Problem("trustees", "missing")
    for members in draft.unfinished:
        yield Problem("trustees", "unfinished", members)
    # One key in two places would let one person decrypt for two. Counted by their numbers.
    keys = enumerate(keys_by_owner(draft.trustees))
    yield from different((f"trustees[{i}]", key.public_key) for i, key in keys)
    for i, trustee in enumerate(draft.trustees):
        try:
            parse_any_trustees(trustees_to_json([trustee]))
        except VerificationError:
            yield Problem(f"trustees[{i}]", "bad_proof")
        except MalformedError as error:
            yield Problem(f"trustees[{i}]", "bad_key", error.why)
    if draft.trustees:
        try:
            election_public_key(draft.trustees)
        except VerificationError as error:
            yield Problem("trustees", "bad_key", error.why)


def _booth(draft: ElectionDraft) -> Iterator[Problem]:
    yield from some_and_different("booth", [file.path for file in draft.booth])


def _contests(draft: ElectionDraft) -> Iterator[Problem]:
    yield from some_and_different("contests", [contest.id for contest in draft.contests])
    yield from different(
        (f"contests[{i}].uuid", contest.uuid) for i, contest in enumerate(draft.contests)
    )
    for i, contest in enumerate(draft.contests):
        for problem in contest_problems(contest):
            yield Problem(f"contests[{i}].{problem.field}", problem.code, problem.detail)
