"""The count of an archive: encrypted tally, partial decryptions, result."""

import re
from dataclasses import dataclass, field
from typing import Final

from dauys.core.errors import DauysError, MalformedError, VerificationError
from dauys.crypto.archive_events import sha256
from dauys.crypto.belenios_archive import parse_owned, parse_sized
from dauys.crypto.tally import (
    EncryptedTally,
    PartialDecryption,
    Result,
    check_partial_decryption,
    check_result,
    parse_result,
)
from dauys.crypto.threshold import keys_by_owner, weighted_parts
from dauys.verify.archive.ballots import Poll
from dauys.verify.archive.claims import (
    DECRYPTIONS,
    ENOUGH,
    OWNERS,
    RESULT,
    SHUFFLES,
    TALLY_SIZE,
    TALLY_SUMS,
)
from dauys.verify.archive.setup import Setup
from dauys.verify.checks import Findings

_LONGEST_ITEM: Final = 160
"""Letters of a ciphertext, a partial decryption or a number of votes beside its numbers."""
_EMPTY_SHUFFLE: Final = '{"ciphertexts":[],"proofs":[]}'
_OWNED: Final = re.compile(r'\{"owner":[1-9][0-9]{0,9},"payload":"([0-9a-f]{64})"\}')


@dataclass(slots=True)
class Count:
    """What was published of the count, as far as it could be read."""

    tally: EncryptedTally | None = None
    parts: dict[int, PartialDecryption] = field(default_factory=dict)
    """Those that hold, by owner."""
    decryptions: int = 0
    result: Result | None = None


def check_tally(
    data: tuple[str, ...], setup: Setup, poll: Poll, count: Count, findings: Findings
) -> None:
    """Check an EncryptedTally event."""
    text, sized_text = data
    weight = sum(setup.weights[credential] for credential in poll.last)
    findings.ran(TALLY_SIZE, seen=f"{len(poll.last)} ballots of weight {weight}")
    findings.ran(TALLY_SUMS, seen=f"{len(poll.last)} ballots")
    try:
        sized = parse_sized(text, sized_text)
        if (sized.num_tallied, sized.total_weight) != (len(poll.last), weight):
            told = f"{sized.num_tallied} ballots of weight {sized.total_weight} are named"
            findings.fault(TALLY_SIZE, f"{told}, {len(poll.last)} of {weight} are there")
    except DauysError as error:
        findings.fault(TALLY_SIZE, str(error))
    if text != poll.sums.to_json():
        findings.fault(TALLY_SUMS, "not the sums of the ballots that count")
    try:
        _require_length(text, setup, "encrypted tally")
        tally = EncryptedTally.parse(text, setup.election.group)
        count.tally = tally if tally.fits(setup.election) else None
    except MalformedError as error:
        findings.fault(TALLY_SUMS, str(error))


def check_shuffle(data: tuple[str, ...], findings: Findings) -> None:
    """Check a Shuffle event: of an election without shuffled questions it says nothing."""
    text, owned = data
    match = _OWNED.fullmatch(owned)
    if text != _EMPTY_SHUFFLE or match is None or match.group(1) != sha256(text):
        findings.fault(SHUFFLES, "something is said to have been shuffled")


def check_decryption(data: tuple[str, ...], setup: Setup, count: Count, findings: Findings) -> None:
    """Check a PartialDecryption event. A trustee's second one has to hold as well."""
    text, owned_text = data
    count.decryptions += 1
    where = f"decryption {count.decryptions}"
    keys = keys_by_owner(setup.trustees)
    try:
        owner = parse_owned(text, owned_text).owner
    except DauysError as error:
        findings.fault(OWNERS, f"{where}: {error}")
        return
    if not 1 <= owner <= len(keys):
        findings.fault(OWNERS, f"{where}: there is no trustee {owner}")
        return
    if count.tally is None:
        findings.skip(DECRYPTIONS, f"{where}: the tally is not readable")
        return
    try:
        _require_length(text, setup, "partial decryption")
        part = PartialDecryption.parse(text, setup.election.group)
        check_partial_decryption(setup.election, count.tally, keys[owner - 1], part)
        count.parts[owner] = part
    except DauysError as error:
        findings.fault(DECRYPTIONS, f"{where}, trustee {owner}: {error}")


def check_final(data: tuple[str, ...], setup: Setup, count: Count, findings: Findings) -> None:
    """Check a Result event."""
    (text,) = data
    try:
        _require_length(text, setup, "result")
        count.result = parse_result(text)
    except DauysError as error:
        findings.fault(RESULT, str(error))
    findings.ran(ENOUGH, seen=f"{len(count.parts)} trustees")
    try:
        parts = weighted_parts(setup.trustees, count.parts)
    except VerificationError as error:
        findings.fault(ENOUGH, error.why)
        return
    findings.ran(RESULT)
    if count.tally is None:
        findings.skip(RESULT, "the tally is not readable")
    elif count.result is not None:
        try:
            check_result(count.tally, parts, count.result)
        except VerificationError as error:
            findings.fault(RESULT, str(error))


def mark_counted(poll: Poll, count: Count, stage: str, findings: Findings) -> None:
    """All events were read; say over what, and what the election has not come to."""
    findings.ran(SHUFFLES)
    findings.ran(OWNERS, DECRYPTIONS, seen=f"{count.decryptions} decryptions")
    if stage in {"open", "closed"}:
        for name in (TALLY_SIZE, TALLY_SUMS):
            findings.ran(name)
            findings.not_yet(name, f"{poll.cast} ballots were cast; there is no tally yet")
    if not count.decryptions:
        for name in (OWNERS, DECRYPTIONS):
            findings.not_yet(name, "nothing is decrypted yet")
    if stage != "counted":
        findings.ran(ENOUGH, RESULT)
        findings.not_yet(ENOUGH, f"{len(count.parts)} trustees so far")
        findings.not_yet(RESULT, "there is no result yet")


def _require_length(text: str, setup: Setup, what: str) -> None:
    """Before a text is parsed: it is no longer than what it can hold."""
    items = sum(question.width for question in setup.election.questions)
    group = setup.election.group
    # A factor and the two numbers of its proof; two numbers of a ciphertext.
    longest = _LONGEST_ITEM + 2 * len(group.longest.text()) + 2 * len(str(group.order))
    if len(text) > longest * (items + len(setup.election.questions) + 1):
        raise MalformedError(what, "too long")
