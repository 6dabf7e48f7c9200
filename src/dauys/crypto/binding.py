"""A proof that binds a trustee's partial decryption to the sums it is of.

The proof of Belenios (specification 3.0, section 4.20) hashes its commitments and neither
the sum nor the factor. One trustee, and whoever casts the last ballot, can therefore choose
commitments first and the ballot's randomness after: then a factor of other votes passes.
Bernhard, Pereira and Warinschi, "How not to prove yourself" (ASIACRYPT 2012), section 4.

Here one more proof for each stratum hashes everything before it commits to anything: the
same exponent leads from G to the trustee's key, and from a combination of all sums to the
same combination of all factors. docs/protocol.md, section 7.
"""

import hashlib
from typing import Final

from dauys.core.ports import RandomSource
from dauys.crypto.belenios_json import load, require_same
from dauys.crypto.ed25519 import ED25519, IDENTITY, G, Point, as_point, hash_to_scalar
from dauys.crypto.election import ElectionParameters
from dauys.crypto.proofs import Proof, check_knowledge, prove_knowledge, require
from dauys.crypto.tally import EncryptedTally, PartialDecryption
from dauys.crypto.trustees import TrusteeKey, TrusteePublicKey

_WHAT: Final = "decryption binding"


def bind(
    election: ElectionParameters,
    tally: EncryptedTally,
    key: TrusteeKey,
    partial: PartialDecryption,
    random: RandomSource,
) -> str:
    """Prove `partial`, the trustee's own, of `tally`; the text of the proof. Draws w."""
    digest = _digest(election, tally, key.public, partial)
    sums, _ = _combined(digest, tally, partial)
    return prove_knowledge(key.secret, _prefix(digest, 0), random, (G, sums)).to_json()


def check_binding(
    election: ElectionParameters,
    tally: EncryptedTally,
    trustee: TrusteePublicKey,
    partial: PartialDecryption,
    text: str,
) -> None:
    """Check the proof `text` of a `partial` that has the shape of `tally`.

    Raises MalformedError, or VerificationError("decryption binding").
    """
    proof = Proof.parse(load(text, _WHAT), ED25519)
    require_same(proof.to_json(), text, _WHAT)
    digest = _digest(election, tally, trustee, partial)
    sums, factors = _combined(digest, tally, partial)
    powers, bases = (trustee.public_key, factors), (G, sums)
    require(check_knowledge(proof, _prefix(digest, 0), powers, bases), _WHAT)


def _digest(
    election: ElectionParameters,
    tally: EncryptedTally,
    trustee: TrusteePublicKey,
    partial: PartialDecryption,
) -> str:
    """SHA-256 (hex) of all that the proof is about."""
    points = ",".join(f"{alpha.hex()},{factor.hex()}" for alpha, factor in _pairs(tally, partial))
    text = f"dauys decryption v1|{election.fingerprint}|{trustee.public_key.text()}|{points}"
    return hashlib.sha256(text.encode()).hexdigest()


def _combined(
    digest: str, tally: EncryptedTally, partial: PartialDecryption
) -> tuple[Point, Point]:
    """Sum of all alphas, and of all factors, each times a weight that nobody could choose."""
    sums = factors = IDENTITY
    for i, (alpha, factor) in enumerate(_pairs(tally, partial), start=1):
        weight = hash_to_scalar(_prefix(digest, i), ())
        sums += weight * alpha
        factors += weight * factor
    return sums, factors


def _pairs(tally: EncryptedTally, partial: PartialDecryption) -> list[tuple[Point, Point]]:
    """Alpha and factor of every sum, in order."""
    return [
        (as_point(ciphertext.alpha), as_point(factor))
        for row, factors in zip(tally.questions, partial.factors, strict=True)
        for ciphertext, factor in zip(row, factors, strict=True)
    ]


def _prefix(digest: str, place: int) -> str:
    return f"{digest}|{place}|"
