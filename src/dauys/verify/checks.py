"""What is checked, by name, and what came of it.

A check that nobody reached is reported as not run and counts as failed: nothing is ever
passed over in silence.
"""

from collections import defaultdict
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Final

SHOWN: Final = 5
"""Faults of one check told in full; the rest are counted."""


class Outcome(StrEnum):
    """What came of a check. `NOT_YET`: the election has not come to what it is about."""

    HOLDS = "holds"
    NOT_YET = "not yet"
    FAILED = "failed"
    NOT_RUN = "not run"


@dataclass(frozen=True, slots=True)
class Check:
    """One claim about the published files, and whether it holds.

    `detail` says what was looked at, or the first faults with where they are; `rule` is the
    place in docs/protocol.md, or in the specification of Belenios.
    """

    name: str
    claim: str
    rule: str
    outcome: Outcome
    detail: str

    @property
    def ok(self) -> bool:
        """Whether nothing speaks against the election here."""
        return self.outcome in {Outcome.HOLDS, Outcome.NOT_YET}


PROTOCOL: Final = "docs/protocol.md"


@dataclass(frozen=True, slots=True)
class Claim:
    """A check before it is run."""

    name: str
    section: str
    text: str
    document: str = PROTOCOL


FINGERPRINT: Final = "fingerprint"
LOG_KEY: Final = "log-key"

CATALOGUE: Final = (
    Claim(FINGERPRINT, "2", "the election is the one asked for"),
    Claim(LOG_KEY, "2", "the log's key is the one asked for"),
    Claim("checkpoint-form", "2", "the checkpoint has its one form"),
    Claim("checkpoint-signature", "2", "the log's key signed the checkpoint"),
    Claim("checkpoint-size", "2", "there are as many entries as the checkpoint says"),
    Claim("tile-layout", "2", "the log's files are there, and no others"),
    Claim("entry-bundles", "2", "the bundles hold whole entries"),
    Claim("tile-hashes", "2", "the hash tiles are what the entries give"),
    Claim("log-root", "2", "the entries' tree has the checkpoint's root"),
    Claim("entry-canonical", "1, 4", "every entry is canonical and of a known kind"),
    Claim("entry-order", "4", "every entry stands where it may"),
    Claim("entry-times", "1, 4", "times are times and never go backwards"),
    Claim("manifest-rules", "4", "the election's rules fit together"),
    Claim("booth-files", "4", "the voter's page is named file by file"),
    Claim("trustee-proofs", "4", "every trustee knows the secret of their key"),
    Claim("election-parameters", "4", "voters were asked what manifest and candidates say"),
    Claim("permit-signature", "3", "the registrar signed every permit"),
    Claim("permit-statement", "3", "every permit is for this election, a contest and a method"),
    Claim("permit-method", "4, 5", "every ballot came by a method allowed at its time"),
    Claim("permit-reclaims", "4", "who reclaims a ballot is its voter, by a stronger method"),
    Claim("voters-within-register", "3, 4", "no contest has more voters than its register"),
    Claim("ballot-once", "4", "no credential, permit, evidence or ballot is used twice"),
    Claim("ballot-time", "4", "every ballot came before the closing time"),
    Claim("ballot-form", "4", "every ballot has the one accepted form"),
    Claim("ballot-binding", "4", "every ballot is of its contest and its permit"),
    Claim("ballot-signature", "4", "every ballot is signed with its credential"),
    Claim("ballot-proofs", "4", "every ballot is proved to hold a permitted choice"),
    Claim("decision-remedy", "5", "decisions name what exists"),
    Claim("decision-signature", "5", "every approval is a member's, of the decision's digest"),
    Claim("decision-quorum", "5", "every decision has its quorum, each member once"),
    Claim("tally-strata", "6, 7", "the ballots that count, and how they are grouped"),
    Claim("tally-sums", "7", "the encrypted sums are those of the ballots that count"),
    Claim("decryption-complete", "7", "enough trustees took part in every decryption"),
    Claim("decryption-proofs", "7", "every partial decryption is proved"),
    Claim("result-decryption", "8", "the sums decrypt to the published numbers"),
    Claim("result-zeroed", "8", "votes are taken away as decided, and no others"),
    Claim("result-counts", "8", "the votes of each candidate"),
    Claim("result-elected", "8", "who is elected, and who is tied"),
)
NAMES: Final = tuple(claim.name for claim in CATALOGUE)


@dataclass(slots=True)
class _Finding:
    ran: bool = False
    seen: str = ""
    faults: list[str] = field(default_factory=list)
    further: int = 0
    skipped: list[str] = field(default_factory=list)
    not_yet: list[str] = field(default_factory=list)


class Findings:
    """Collects what the checks find; `checks` gives every check of the catalogue."""

    def __init__(self, catalogue: tuple[Claim, ...] = CATALOGUE) -> None:
        self._catalogue = catalogue
        self._names = frozenset(claim.name for claim in catalogue)
        self._findings: dict[str, _Finding] = defaultdict(_Finding)

    def ran(self, *names: str, seen: str = "") -> None:
        """The checks `names` were run to their end; `seen` says over what."""
        for name in names:
            self._of(name).ran = True
            self._of(name).seen = seen or self._of(name).seen

    def fault(self, name: str, detail: str) -> None:
        """What `name` claims does not hold: `detail` says where and why."""
        finding = self._of(name)
        if len(finding.faults) < SHOWN:
            finding.faults.append(detail)
        else:
            finding.further += 1

    def fault_at(self, name: str, entry: int, detail: str) -> None:
        """As `fault`, at the entry with the number `entry`."""
        self.fault(name, f"entry {entry}: {detail}")

    def skip(self, name: str, why: str) -> None:
        """A part of `name` could not be run. Counts as failed."""
        self._of(name).skipped.append(why)

    def not_yet(self, name: str, why: str) -> None:
        """The election has not come to a part of what `name` is about."""
        self._of(name).not_yet.append(why)

    def failed(self, name: str) -> bool:
        """Whether a fault of `name` was found."""
        return bool(self._of(name).faults)

    def faulty(self) -> tuple[str, ...]:
        """Names of the checks of which a fault was found."""
        return tuple(claim.name for claim in self._catalogue if self.failed(claim.name))

    def checks(self, *, leave_out: frozenset[str] = frozenset()) -> tuple[Check, ...]:
        """Every check of the catalogue in its order, except those nobody asked for."""
        return tuple(
            _check(claim, self._of(claim.name))
            for claim in self._catalogue
            if claim.name not in leave_out
        )

    def _of(self, name: str) -> _Finding:
        if name not in self._names:
            raise KeyError(name)
        return self._findings[name]


def _check(claim: Claim, finding: _Finding) -> Check:
    outcome, detail = Outcome.HOLDS, finding.seen
    if finding.faults:
        more = f"; and {finding.further} more" if finding.further else ""
        outcome, detail = Outcome.FAILED, "; ".join(finding.faults) + more
    elif finding.skipped or not finding.ran:
        outcome = Outcome.NOT_RUN
        detail = "; ".join(finding.skipped[:SHOWN]) or "something before it failed"
    elif finding.not_yet:
        outcome, detail = Outcome.NOT_YET, "; ".join(finding.not_yet)
    return Check(
        claim.name, claim.text, f"{claim.document}, section {claim.section}", outcome, detail
    )
