"""A whole election of many voters, made quickly: real ballots, but by the kernel.

The kernel takes more or less time as the secrets are, which nobody minds here. One question,
one of ten.
"""

import hashlib
import random
from collections.abc import Iterable, Iterator
from itertools import islice
from pathlib import Path

from dauys.crypto.answer import interval_prefix, whole_context
from dauys.crypto.belenios_archive import (
    ArchiveContents,
    OwnedPartialDecryption,
    SizedTally,
    write_archive,
)
from dauys.crypto.ed25519 import Point, Q, as_point
from dauys.crypto.election import ElectionParameters, base64_hash, new_uuid
from dauys.crypto.elgamal import Ciphertext
from dauys.crypto.fast_arithmetic import ROW, FastArithmetic, Rows, scalar_bytes
from dauys.crypto.proofs import Proof, signature_prefix
from dauys.crypto.question import Question
from dauys.crypto.tally import EncryptedTally, decrypt_partially, result_to_json
from dauys.crypto.trustees import TrusteeKey, trustees_to_json

CANDIDATES = 10
Exponents = tuple[int, int]
"""Of g and of the election's key."""


def write_election(folder: Path, voters: int) -> Path:
    """Write the archive of an election in which everybody votes; its path."""
    maker = _Maker(voters)
    path = folder / f"{maker.election.uuid}.bel"
    credentials = maker.credentials()
    for _ in maker.ballots():  # once for the sums, which stand behind them
        pass
    write_archive(path, maker.contents(credentials))
    return path


class _Maker:
    def __init__(self, voters: int) -> None:
        self._voters = voters
        self._fast = FastArithmetic()
        self._random = random.Random(voters)
        self._trustee = TrusteeKey.generate(self._random.randbytes)
        names = tuple(f"Candidate {i}" for i in range(1, CANDIDATES + 1))
        question = Question(names, 1, 1, "Who?")
        key = self._trustee.public.public_key
        uuid = new_uuid(self._random.randbytes)
        self.election = ElectionParameters("", "Benchmark", key, (question,), uuid)
        self._secrets = [self._random.randrange(Q) for _ in range(voters)]
        self._sums = [0] * CANDIDATES
        self._votes = [0] * CANDIDATES

    def credentials(self) -> tuple[str, ...]:
        return tuple(
            hexes
            for i in range(0, self._voters, 100)
            for hexes in self._points([(secret, 0) for secret in self._secrets[i : i + 100]])
        )

    def ballots(self) -> Iterator[str]:
        self._sums, self._votes = [0] * CANDIDATES, [0] * CANDIDATES
        source = random.Random(1)
        for voter, secret in enumerate(self._secrets):
            yield self._ballot(source, secret, voter % CANDIDATES)

    def contents(self, credentials: tuple[str, ...]) -> ArchiveContents:
        election, voters = self.election, self._voters
        exponents = [
            e for r, n in zip(self._sums, self._votes, strict=True) for e in ((r, 0), (n, r))
        ]
        tally = EncryptedTally((_ciphertexts(self._points(exponents)),))
        part = decrypt_partially(election, tally, self._trustee, self._random.randbytes)
        return ArchiveContents(
            timestamp=0,
            election=election.to_json(),
            trustees=trustees_to_json([self._trustee.public]),
            credentials=credentials,
            ballots=self.ballots(),
            ended=True,
            tally=SizedTally(voters, voters, tally.to_json()),
            partial_decryptions=(OwnedPartialDecryption(1, part.to_json()),),
            result=result_to_json((tuple(self._votes),)),
        )

    def _points(self, exponents: list[Exponents]) -> list[str]:
        scalars = [scalar_bytes(one % Q) for pair in exponents for one in pair]
        rows = Rows.of([-1, -1] * len(exponents))
        key = as_point(self.election.public_key)
        text = self._fast.commit(b"", rows, b"".join(scalars), key).decode()
        return [text[i : i + ROW - 1] for i in range(0, len(text), ROW)]

    def _ballot(self, source: random.Random, secret: int, chosen: int) -> str:
        drawn = _Drawn(source, chosen)
        self._votes[chosen] += 1
        self._sums = [(old + new) % Q for old, new in zip(self._sums, drawn.r, strict=True)]
        hexes = iter(self._points([(secret, 0), *drawn.exponents()]))
        credential = next(hexes)
        choices = _ciphertexts(list(islice(hexes, 2 * CANDIDATES)))
        context = f"{self.election.fingerprint}|{credential}"
        individual = []
        for i, choice in enumerate(choices):
            hashed = _hash(interval_prefix(context, choice), islice(hexes, 4))
            individual.append(f"[{','.join(proof.to_json() for proof in drawn.pair(i, hashed))}]")
        (total,) = _ciphertexts(list(islice(hexes, 2)))
        prefix = interval_prefix(whole_context(context, choices), total)
        overall = drawn.overall(_hash(prefix, islice(hexes, 2)))
        printed = ",".join(choice.to_json() for choice in choices)
        unsigned = (
            f'{{"election_uuid":"{self.election.uuid}",'
            f'"election_hash":"{self.election.fingerprint}","credential":"{credential}",'
            f'"answers":[{{"choices":[{printed}],"individual_proofs":[{",".join(individual)}],'
            f'"overall_proof":[{overall.to_json()}]}}]'
        )
        signed = base64_hash(unsigned + "}")
        hashed = _hash(signature_prefix(signed), hexes)
        proof = Proof(hashed, (drawn.signing - secret * hashed) % Q)
        return f'{unsigned},"signature":{{"hash":"{signed}","proof":{proof.to_json()}}}}}'


class _Drawn:
    """The secrets of a ballot, and what follows from them; names as in the specification."""

    def __init__(self, source: random.Random, chosen: int) -> None:
        self.bits = [int(candidate == chosen) for candidate in range(CANDIDATES)]
        self.r, self.w, self.challenges, self.responses = (
            [source.getrandbits(256) % Q for _ in self.bits] for _ in range(4)
        )
        self.last, self.signing = source.getrandbits(256) % Q, source.getrandbits(256) % Q

    def exponents(self) -> Iterator[Exponents]:
        """Of the choices, their proofs' commitments, the sum, its proof's, the signature's."""
        for r, bit in zip(self.r, self.bits, strict=True):
            yield from ((r, 0), (bit, r))
        for r, w, c, response, bit in zip(
            self.r, self.w, self.challenges, self.responses, self.bits, strict=True
        ):
            both = response + r * c
            false = ((both, 0), (c * (2 * bit - 1), both))
            true = ((w, 0), (0, w))
            yield from (*false, *true) if bit else (*true, *false)
        total = sum(self.r) % Q
        yield from ((total, 0), (1, total), (self.last, 0), (0, self.last), (self.signing, 0))

    def pair(self, i: int, hashed: int) -> tuple[Proof, Proof]:
        """The individual proof of choice `i`."""
        mine = (hashed - self.challenges[i]) % Q
        true = Proof(mine, (self.w[i] - self.r[i] * mine) % Q)
        false = Proof(self.challenges[i], self.responses[i])
        return (false, true) if self.bits[i] else (true, false)

    def overall(self, hashed: int) -> Proof:
        """The proof of the sum."""
        return Proof(hashed, (self.last - sum(self.r) * hashed) % Q)


def _ciphertexts(hexes: list[str]) -> tuple[Ciphertext, ...]:
    points = [Point(bytes.fromhex(text)[::-1]) for text in hexes]
    return tuple(map(Ciphertext, points[::2], points[1::2]))


def _hash(prefix: str, hexes: Iterable[str]) -> int:
    return int.from_bytes(hashlib.sha256((prefix + ",".join(hexes)).encode()).digest(), "big") % Q
