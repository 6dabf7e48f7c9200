"""A trustee's part: partial decryptions of the sums on the board, and their checks.

Runs where the trustee's key is, on the published entries. Check first that the sums are
those of the countable ballots (`tallying.check_tallies`).
"""

from functools import lru_cache

from dauys.core.entries import Decryption, StratumTally
from dauys.core.errors import MalformedError, RefusedError, VerificationError
from dauys.core.ids import ContestId
from dauys.core.ports import RandomSource
from dauys.core.state import ElectionState
from dauys.crypto.binding import bind, check_binding
from dauys.crypto.election import parse_election
from dauys.crypto.tally import (
    EncryptedTally,
    PartialDecryption,
    check_partial_decryption,
    decrypt_partially,
)
from dauys.crypto.threshold import AnyTrustees, keys_by_owner, parse_any_trustees
from dauys.crypto.trustees import TrusteeKey


class WrongPartError(VerificationError):
    """A trustee's part of a decryption cannot be read, or its proofs do not hold."""

    def __init__(self, trustee: int, contest: ContestId, stratum: str, why: str) -> None:
        """`trustee` from 1, who must hand in another part of that sum."""
        super().__init__(f"part of trustee {trustee}, {contest}, {stratum}", why)
        self.trustee = trustee


def trustees_of(state: ElectionState) -> AnyTrustees:
    """The trustees, single ones and groups; `keys_by_owner` numbers them from 1.

    Raises VerificationError before they stand on the board.
    """
    if state.trustees is None:
        raise VerificationError("trustees stand on the board")
    return _checked(state.trustees.trustees)


@lru_cache(maxsize=16)
def _checked(text: str) -> AnyTrustees:
    """A large group takes half a second to check, and every part asks for it."""
    return parse_any_trustees(text)


def decrypt_contest(
    state: ElectionState, contest: ContestId, key: TrusteeKey, random: RandomSource
) -> tuple[Decryption, ...]:
    """The trustee's `decryption` entries of `contest`: every stratum not yet decrypted.

    Raises RefusedError `not_a_trustee` or `not_tallied`.
    """
    keys = [trustee.public_key for trustee in keys_by_owner(trustees_of(state))]
    if key.public.public_key not in keys:
        raise RefusedError("not_a_trustee")
    number = keys.index(key.public.public_key) + 1
    if contest not in state.tallies:
        raise RefusedError("not_tallied", contest)
    election = parse_election(state.elections[contest])
    parts = []
    for stratum in state.tallies[contest].strata:
        if (contest, stratum.name, number) in state.decryptions:
            continue
        partial = decrypt_partially(election, _sum_of(stratum), key, random)
        part = Decryption(
            contest=contest,
            stratum=stratum.name,
            trustee=number,
            decryption=partial.to_json(),
            binding=bind(election, _sum_of(stratum), key, partial, random),
        )
        parts.append(part)
    return tuple(parts)


def check_decryption(state: ElectionState, entry: Decryption) -> PartialDecryption:
    """Check a trustee's part before it is appended, or used; return it parsed.

    Raises WrongPartError when it is not the trustee's part of that stratum, or cannot be
    read; VerificationError when there is no such trustee or stratum.
    """
    trustees = keys_by_owner(trustees_of(state))
    tally = state.tallies.get(entry.contest)
    if tally is None or entry.trustee > len(trustees):
        raise VerificationError("a decryption is by a trustee, of a contest on the board")
    stratum = next((s for s in tally.strata if s.name == entry.stratum), None)
    if stratum is None:
        raise VerificationError("a decryption is of a stratum on the board", entry.stratum)
    election = parse_election(state.elections[entry.contest])
    trustee = trustees[entry.trustee - 1]
    try:
        partial = PartialDecryption.parse(entry.decryption)
        check_partial_decryption(election, _sum_of(stratum), trustee, partial)
        check_binding(election, _sum_of(stratum), trustee, partial, entry.binding)
    except (MalformedError, VerificationError) as error:
        raise WrongPartError(entry.trustee, entry.contest, stratum.name, str(error)) from error
    return partial


def _sum_of(stratum: StratumTally) -> EncryptedTally:
    return EncryptedTally.parse(stratum.encrypted_tally)
