"""One trustee and whoever casts last agree to move two votes from one candidate to the other."""

from dataclasses import dataclass

import pytest

from dauys.core.errors import DauysError, VerificationError
from dauys.core.ports import RandomSource
from dauys.crypto.ballot import Ballot, CredentialKey, check_ballot, make_ballot, parse_ballot
from dauys.crypto.binding import bind, check_binding
from dauys.crypto.ed25519 import G, Q, hash_to_scalar, random_secret
from dauys.crypto.election import ElectionParameters, new_uuid
from dauys.crypto.proofs import Proof
from dauys.crypto.question import Question
from dauys.crypto.tally import (
    EncryptedTally,
    PartialDecryption,
    check_partial_decryption,
    check_result,
    combine,
    decrypt_partially,
    sum_ballots,
)
from dauys.crypto.trustees import TrusteeKey, election_public_key
from tests.vectors.seeded import ChosenScalars, SeededRandom

MOVED = (2, -2)


@dataclass(frozen=True)
class Conspiracy:
    """What the two have made, and the part of the other trustee, who is honest."""

    election: ElectionParameters
    tally: EncryptedTally
    dishonest: TrusteeKey
    honest: TrusteeKey
    forged: PartialDecryption
    random: SeededRandom

    def part(self, key: TrusteeKey) -> PartialDecryption:
        return decrypt_partially(self.election, self.tally, key, self.random)


@pytest.fixture
def conspiracy() -> Conspiracy:
    random = SeededRandom("conspiracy")
    dishonest, honest = (TrusteeKey.generate(random) for _ in range(2))
    election = ElectionParameters(
        description="d",
        name="n",
        public_key=election_public_key([dishonest.public, honest.public]),
        questions=(Question(("a", "b"), 1, 1, "q"),),
        uuid=new_uuid(random),
    )
    ballots = [voted(election, chosen, random) for chosen in (0, 0, 0, 1, 1)]
    before = sum_ballots(election, ballots).questions[0]
    prefix = f"decrypt|{election.fingerprint}|{dishonest.public.public_key.text()}|"
    proofs, fitted = [], []
    for ciphertext, moved in zip(before, MOVED, strict=True):
        w, b = random_secret(random), random_secret(random)
        challenge = hash_to_scalar(prefix, [w * G, w * ciphertext.alpha + b * G])
        proofs.append(Proof(challenge, (w - challenge * dishonest.secret) % Q))
        fitted.append((b - challenge * moved) * pow(w, -1, Q) % Q)
    # An ordinary ballot, whose randomness was chosen.
    ballots.append(voted(election, 0, ChosenScalars(fitted, "last")))
    check_ballot(ballots[-1], election)
    tally = sum_ballots(election, ballots)
    factors = tuple(
        dishonest.secret * ciphertext.alpha + moved * G
        for ciphertext, moved in zip(tally.questions[0], MOVED, strict=True)
    )
    forged = PartialDecryption((factors,), (tuple(proofs),))
    return Conspiracy(election, tally, dishonest, honest, forged, random)


def voted(election: ElectionParameters, chosen: int, random: RandomSource) -> Ballot:
    key = CredentialKey.generate(SeededRandom(f"key of {chosen}"))
    return parse_ballot(make_ballot(election, key, [[int(i == chosen) for i in (0, 1)]], random))


def test_the_proofs_of_belenios_alone_let_the_loser_win(conspiracy: Conspiracy) -> None:
    honest = conspiracy.part(conspiracy.honest)
    true = [conspiracy.part(conspiracy.dishonest), honest]
    assert combine(conspiracy.election, conspiracy.tally, true, 6) == ((4, 2),)
    check_partial_decryption(
        conspiracy.election, conspiracy.tally, conspiracy.dishonest.public, conspiracy.forged
    )
    check_result(conspiracy.tally, [conspiracy.forged, honest], ((2, 4),))


def test_the_binding_does_not(conspiracy: Conspiracy) -> None:
    election, tally, key = conspiracy.election, conspiracy.tally, conspiracy.dishonest
    true = bind(election, tally, key, conspiracy.part(key), conspiracy.random)
    own = bind(election, tally, key, conspiracy.forged, conspiracy.random)
    for text in (true, own):
        with pytest.raises(VerificationError, match="decryption binding"):
            check_binding(election, tally, key.public, conspiracy.forged, text)


def test_an_honest_part_is_bound_to_its_trustee_and_its_sums(conspiracy: Conspiracy) -> None:
    election, tally, key = conspiracy.election, conspiracy.tally, conspiracy.honest
    part = conspiracy.part(key)
    text = bind(election, tally, key, part, conspiracy.random)
    check_binding(election, tally, key.public, part, text)
    with pytest.raises(VerificationError, match="decryption binding"):
        check_binding(election, tally, conspiracy.dishonest.public, part, text)
    ((one, other),) = tally.questions
    with pytest.raises(VerificationError, match="decryption binding"):
        check_binding(election, EncryptedTally(((other, one),)), key.public, part, text)


def test_the_sums_of_no_ballots_are_bound_too(conspiracy: Conspiracy) -> None:
    election, key = conspiracy.election, conspiracy.honest
    nothing = sum_ballots(election, ())
    part = decrypt_partially(election, nothing, key, conspiracy.random)
    text = bind(election, nothing, key, part, conspiracy.random)
    check_binding(election, nothing, key.public, part, text)


@pytest.mark.parametrize("text", ["", "{}", "[]", '{"challenge":"1", "response":"2"}'])
def test_a_binding_of_another_form_is_refused(conspiracy: Conspiracy, text: str) -> None:
    key = conspiracy.honest
    part = conspiracy.part(key)
    with pytest.raises(DauysError):
        check_binding(conspiracy.election, conspiracy.tally, key.public, part, text)
