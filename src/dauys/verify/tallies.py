"""Encrypted sums and their decryption by the trustees. docs/protocol.md, section 7."""

from dataclasses import dataclass

from dauys.core.entries import StratumTally, Tally
from dauys.core.errors import DauysError
from dauys.core.ids import ContestId
from dauys.crypto.binding import check_binding
from dauys.crypto.election import ElectionParameters
from dauys.crypto.tally import EncryptedTally, PartialDecryption, check_partial_decryption
from dauys.crypto.threshold import (
    AnyTrustees,
    ThresholdTrustees,
    keys_by_owner,
    weighted_parts,
)
from dauys.verify.checks import Findings
from dauys.verify.elections import Elections
from dauys.verify.history import CastBallot, History
from dauys.verify.proofs import Sums
from dauys.verify.strata import Stratum, strata

STRATA = "tally-strata"
SUMS = "tally-sums"
COMPLETE = "decryption-complete"
PROOFS = "decryption-proofs"


@dataclass(frozen=True, slots=True)
class DecryptedStratum:
    """A published sum with the partial decryptions of it that hold, weighed to be added.

    `complete` says whether every single trustee's is among them, and enough of each group;
    else there are none.
    """

    name: str
    tally: EncryptedTally
    partials: tuple[PartialDecryption, ...]
    complete: bool


@dataclass(frozen=True, slots=True)
class _Question:
    """A contest as the trustees see it."""

    contest: ContestId
    election: ElectionParameters
    trustees: AnyTrustees


def check_tallies(
    history: History,
    counted: dict[ContestId, tuple[CastBallot, ...]],
    sums: Sums,
    elections: Elections,
    findings: Findings,
) -> None:
    """Check the strata and sums of every contest that has a tally."""
    for contest in history.manifest.contests:
        published = history.tallies.get(contest.id)
        if published is None:
            for name in (STRATA, SUMS):
                findings.not_yet(name, f"{contest.id} is not tallied yet")
            continue
        number, tally = published
        expected = expected_strata(history, counted[contest.id])
        for fault in _strata_faults(expected, tally):
            findings.fault_at(STRATA, number, f"{contest.id}: {fault}")
        election = elections.of(contest.id)
        if election is None:
            findings.skip(SUMS, f"{contest.id} has no readable election")
            continue
        for stratum in tally.strata:
            ballots, encrypted = sums.of(contest.id, stratum.methods, election)
            where = f"{contest.id}, stratum {stratum.name}"
            if encrypted.to_json() != stratum.encrypted_tally:
                findings.fault_at(SUMS, number, f"{where}: not the sum of its {ballots} ballots")
    findings.ran(STRATA, seen=f"{sum(map(len, counted.values()))} ballots count")
    findings.ran(SUMS)


def expected_strata(history: History, counted: tuple[CastBallot, ...]) -> tuple[Stratum, ...]:
    """How section 7 groups a contest's countable ballots."""
    ballots = ((ballot.method, ballot.weight) for ballot in counted)
    return strata(ballots, history.manifest.methods, history.manifest.stratum_minimum)


def check_decryptions(
    history: History, elections: Elections, findings: Findings
) -> dict[ContestId, tuple[DecryptedStratum, ...]]:
    """Check every partial decryption; return, by contest, what results rest on."""
    findings.ran(COMPLETE)
    findings.ran(PROOFS, seen=f"{len(history.decryptions)} partial decryptions")
    _check_known(history, elections, findings)
    decrypted: dict[ContestId, tuple[DecryptedStratum, ...]] = {}
    for contest in history.manifest.contests:
        published, election = history.tallies.get(contest.id), elections.of(contest.id)
        if published is None:
            for name in (COMPLETE, PROOFS):
                findings.not_yet(name, f"{contest.id} is not tallied yet")
        elif election is None or not elections.trustees:
            for name in (COMPLETE, PROOFS):
                findings.skip(name, f"{contest.id}: election or trustees cannot be read")
        else:
            found = (
                _stratum(
                    history, _Question(contest.id, election, elections.trustees), stratum, findings
                )
                for stratum in published[1].strata
            )
            decrypted[contest.id] = tuple(stratum for stratum in found if stratum is not None)
    return decrypted


def _strata_faults(expected: tuple[Stratum, ...], tally: Tally) -> list[str]:
    published = tuple(Stratum(s.name, s.methods, s.ballots, s.weight) for s in tally.strata)
    if [s.name for s in published] != [s.name for s in expected]:
        return [f"the strata are to be {', '.join(s.name for s in expected)}"]
    return [
        f"{stratum.name} holds {stratum.ballots} ballots of weight {stratum.weight}"
        f" by {'+'.join(stratum.methods) or 'none'}"
        for stratum, found in zip(expected, published, strict=True)
        if stratum != found
    ]


def _check_known(history: History, elections: Elections, findings: Findings) -> None:
    """Report decryptions of strata and by trustees that there are not."""
    strata_of = {c: {s.name for s in tally.strata} for c, (_, tally) in history.tallies.items()}
    for (contest, stratum, trustee), part in history.decryptions.items():
        if stratum not in strata_of.get(contest, set()):
            findings.fault_at(PROOFS, part.entry, f"{contest} has no stratum {stratum}")
        elif trustee > len(keys_by_owner(elections.trustees)) > 0:
            findings.fault_at(PROOFS, part.entry, f"there is no trustee {trustee}")


def _stratum(
    history: History, asked: _Question, stratum: StratumTally, findings: Findings
) -> DecryptedStratum | None:
    where = f"{asked.contest}, stratum {stratum.name}"
    try:
        tally = EncryptedTally.parse(stratum.encrypted_tally)
    except DauysError as error:
        findings.fault_at(SUMS, history.tallies[asked.contest][0], f"{where}: {error}")
        findings.skip(PROOFS, f"{where}: its sum cannot be read")
        return None
    partials: dict[int, PartialDecryption] = {}
    published = set()
    for number, key in enumerate(keys_by_owner(asked.trustees), start=1):
        part = history.decryptions.get((asked.contest, stratum.name, number))
        if part is None:
            continue
        published.add(number)
        try:
            partial = PartialDecryption.parse(part.text)
            check_partial_decryption(asked.election, tally, key, partial)
            check_binding(asked.election, tally, key, partial, part.binding)
        except DauysError as error:
            findings.fault_at(PROOFS, part.entry, f"{where}, trustee {number}: {error}")
        else:
            partials[number] = partial
    tell = findings.fault if asked.contest in history.results else findings.not_yet
    for fault in _missing(asked.trustees, published):
        tell(COMPLETE, f"{where}: {fault}")
    if any(_missing(asked.trustees, set(partials))):
        return DecryptedStratum(stratum.name, tally, (), complete=False)
    parts = weighted_parts(asked.trustees, partials)
    return DecryptedStratum(stratum.name, tally, parts, complete=True)


def _missing(trustees: AnyTrustees, present: set[int]) -> list[str]:
    """Who has not decrypted and is needed; of a group, how many more."""
    faults, number = [], 0
    for trustee in trustees:
        first = number + 1
        if not isinstance(trustee, ThresholdTrustees):
            number += 1
            if number not in present:
                faults.append(f"trustee {number} is missing")
            continue
        number += len(trustee.members)
        members = set(range(first, number + 1))
        short = trustee.threshold - len(members & present)
        if short > 0:
            absent = ", ".join(map(str, sorted(members - present)))
            faults.append(f"{short} more of the trustees {absent} are needed")
    return faults
