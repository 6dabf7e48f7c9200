"""What must hold for a draft to be sealed. Every problem is found, not only the first.

Codes: `missing`, `missing_text`, `twice`, `too_small`, `too_large`, `out_of_order`,
`no_zone`, `unknown_zone`, `bad_origin`, `bad_key`, `bad_uuid`, `bad_proof`, `unfinished`.
"""

from collections.abc import Hashable, Iterable, Iterator, Sequence
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from dauys.board.checkpoint import is_origin
from dauys.board.draft import ContestDraft, ElectionDraft, Problem
from dauys.core.errors import MalformedError, VerificationError
from dauys.core.forms import Text, format_instant
from dauys.crypto.election import parse_uuid
from dauys.crypto.signing import parse_public_hex
from dauys.crypto.threshold import keys_by_owner, parse_any_trustees
from dauys.crypto.trustees import election_public_key, trustees_to_json


def problems_of(draft: ElectionDraft) -> tuple[Problem, ...]:
    """All problems of `draft` but its sizes, in the order of a form."""
    rules = (_texts, _rules_of_vote, _times, _keys, _commission, _trustees, _booth, _contests)
    return tuple(problem for rule in rules for problem in rule(draft))


def _texts(draft: ElectionDraft) -> Iterator[Problem]:
    yield from _text("name", draft.name)
    yield from _text("organiser", draft.organiser)
    for i, warning in enumerate(draft.warnings):
        yield from _text(f"warnings[{i}]", warning)


def _rules_of_vote(draft: ElectionDraft) -> Iterator[Problem]:
    yield from _some_and_different("methods", draft.methods)
    yield from _at_least("stratum_minimum", draft.stratum_minimum, 1)
    yield from _at_least("clock_step", draft.clock_step, 1)


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
    yield from _different(keys)


def _commission(draft: ElectionDraft) -> Iterator[Problem]:
    yield from _some_and_different("commission", [member.id for member in draft.commission])
    yield from _at_least("quorum", draft.quorum, 1)
    yield from _at_most("quorum", draft.quorum, len(draft.commission))
    for i, member in enumerate(draft.commission):
        yield from _text(f"commission[{i}].name", member.name)


def _trustees(draft: ElectionDraft) -> Iterator[Problem]:
    if not draft.trustees and not draft.unfinished:
        yield Problem("trustees", "missing")
    for members in draft.unfinished:
        yield Problem("trustees", "unfinished", members)
    # One key in two places would let one person decrypt for two. Counted by their numbers.
    keys = enumerate(keys_by_owner(draft.trustees))
    yield from _different((f"trustees[{i}]", key.public_key) for i, key in keys)
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
    yield from _some_and_different("booth", [file.path for file in draft.booth])


def _contests(draft: ElectionDraft) -> Iterator[Problem]:
    yield from _some_and_different("contests", [contest.id for contest in draft.contests])
    yield from _different(
        (f"contests[{i}].uuid", contest.uuid) for i, contest in enumerate(draft.contests)
    )
    for i, contest in enumerate(draft.contests):
        for problem in _contest(contest):
            yield Problem(f"contests[{i}].{problem.field}", problem.code, problem.detail)


def _contest(contest: ContestDraft) -> Iterator[Problem]:
    yield from _text("name", contest.name)
    try:
        parse_uuid(contest.uuid)
    except MalformedError as error:
        yield Problem("uuid", "bad_uuid", error.why)
    papers = contest.candidates
    yield from _some_and_different("candidates", [candidate.id for candidate in papers])
    # Voters tell candidates apart by their names alone.
    yield from _different((f"candidates[{i}].name", c.name) for i, c in enumerate(papers))
    for i, candidate in enumerate(papers):
        if not candidate.name.strip():
            yield Problem(f"candidates[{i}].name", "missing_text")
        yield from _text(f"candidates[{i}].occupation", candidate.occupation)
        yield from _text(f"candidates[{i}].programme", candidate.programme)
    yield from _at_least("seats", contest.seats, 1)
    yield from _at_most("seats", contest.seats, len(papers))
    yield from _at_least("minimum", contest.minimum, 0)
    yield from _at_least("maximum", contest.maximum, max(1, contest.minimum))
    yield from _at_most("maximum", contest.maximum, len(papers))
    yield from _some_and_different("registered", [count.category for count in contest.registered])
    for i, count in enumerate(contest.registered):
        yield from _at_least(f"registered[{i}].voters", count.voters, 0)


def _text(field: str, text: Text) -> Iterator[Problem]:
    for language in ("kk", "ru", "en"):
        if not getattr(text, language).strip():
            yield Problem(f"{field}.{language}", "missing_text")


def _some_and_different(field: str, values: Sequence[Hashable]) -> Iterator[Problem]:
    if not values:
        yield Problem(field, "missing")
    yield from _different((f"{field}[{i}]", value) for i, value in enumerate(values))


def _different(fields: Iterable[tuple[str, Hashable]]) -> Iterator[Problem]:
    first: dict[Hashable, str] = {}
    for field, value in fields:
        if value in first:
            yield Problem(field, "twice", first[value])
        first.setdefault(value, field)


def _at_least(field: str, number: int, least: int) -> Iterator[Problem]:
    if number < least:
        yield Problem(field, "too_small", str(least))


def _at_most(field: str, number: int, most: int) -> Iterator[Problem]:
    if number > most:
        yield Problem(field, "too_large", str(most))
