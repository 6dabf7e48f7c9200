"""Digital signatures checked per second on one core, alone and with all that a vote asks for.

    python -m benchmarks.signatures

`by hand` is one signature under a message. `at the desk` is a vote's whole authorisation: CMS,
certificate, chain of three, role and number, without asking for revocation; then once more with
the chain remembered. Processor time.
"""

import os
from collections.abc import Callable
from datetime import UTC, datetime
from functools import partial
from time import process_time

from benchmarks.rows import Row
from benchmarks.table import show
from dauys.core.errors import RefusedError
from dauys.core.ids import Credential, ElectionId
from dauys.identity.kazakhstan.algorithms import ALGORITHMS
from dauys.identity.kazakhstan.certificates import profile
from dauys.identity.kazakhstan.streebog import streebog_512
from dauys.identity.signature.desk import Challenge, SignatureDesk, SignatureRules
from dauys.identity.signature.ocsp import Question, read_answer
from dauys.identity.signature.revocation_lists import read_list
from dauys.identity.signature.trust import Trust
from dauys.scenario.test_ca import TestAuthority
from dauys.scenario.test_keys import SIGNATURES, KeyKind, new_key
from dauys.scenario.test_revocation import answer, revocation_list

TIMES = 40
NOW = datetime(2026, 8, 5, 4, 0, tzinfo=UTC)
ELECTION, CREDENTIAL = ElectionId("AbCdEfGhJkLmNp"), Credential("c" * 64)
IIN = "900101300017"
HASHED, LONG = 200_000, 4_000_000


class Clock:
    """Stands still."""

    def now(self) -> datetime:
        """Always the same."""
        return NOW


class Nonces:
    """Keeps challenges in memory."""

    def __init__(self) -> None:
        self._kept: dict[str, Challenge] = {}

    def add(self, challenge: Challenge) -> None:
        """Keep it."""
        self._kept[challenge.nonce] = challenge

    def get(self, nonce: str) -> Challenge:
        """Return it."""
        return self._kept[nonce]

    def use(self, nonce: str) -> None:
        """Take it away."""
        if self._kept.pop(nonce, None) is None:
            raise RefusedError("challenge_used")


def run() -> list[Row]:
    """Measure each kind of key."""
    rows = []
    for kind in KeyKind:
        new, again = _at_the_desk(kind)
        rows += [
            Row(f"{kind} by hand", _by_hand(kind), "checks/s", "", None),
            Row(f"{kind} at the desk", new, "checks/s", "", None),
            Row(f"{kind} at the desk, chain known", again, "checks/s", "", None),
        ]
    rows += [
        Row("OCSP answer, gost-512", _answers(), "checks/s", "", None),
        Row("list of 10 000 entries, gost-512", _lists(), "lists/s", "", None),
        Row("Streebog-512, 200 kB", _hash(), "kB/s", "", None),
        Row("Streebog-512, 4 MB", _long_hash(), "kB/s", "", None),
    ]
    return rows


def _by_hand(kind: KeyKind) -> float:
    pair, algorithm = new_key(kind), ALGORITHMS.find(*SIGNATURES[kind])
    signature, key_info = pair.sign(b"message"), pair.key_info
    algorithm.verify(key_info, b"message", signature)  # tables are made once

    def check() -> None:
        for _ in range(TIMES):
            algorithm.verify(key_info, b"message", signature)

    return TIMES / _seconds(check)


def _at_the_desk(kind: KeyKind) -> tuple[float, float]:
    """Voters who were never seen, then the same ones again: their chains are remembered."""
    authority = TestAuthority.create(NOW, kind=kind, share_key=False)
    desk = SignatureDesk(
        Trust((authority.root,), (), ALGORITHMS),
        profile(),
        SignatureRules(),
        Nonces(),
        Clock(),
        os.urandom,
    )
    leaves = [authority.issue_person(IIN, "СЫНАҚ СЫНАҚОВ") for _ in range(TIMES + 1)]

    def messages() -> list[bytes]:
        return [authority.sign_cms(leaf, desk.challenge(ELECTION, CREDENTIAL)) for leaf in leaves]

    rates = []
    for _ in range(2):
        one, *others = messages()
        desk.check(one)  # tables are made once
        rates.append(TIMES / _seconds(partial(_check_all, desk, others)))
    return rates[0], rates[1]


def _check_all(desk: SignatureDesk, messages: list[bytes]) -> None:
    for message in messages:
        desk.check(message)


def _answers() -> float:
    authority = TestAuthority.create(NOW, kind=KeyKind.GOST_512)
    certificate = authority.issue_person(IIN, "СЫНАҚ СЫНАҚОВ").certificate
    question = Question.about(certificate, authority.intermediate, os.urandom(16))
    told = answer(question.encode(), authority.intermediate_leaf, NOW)
    return TIMES / _seconds(
        lambda: [
            read_answer(told, question, authority.intermediate, NOW, ALGORITHMS)
            for _ in range(TIMES)
        ]
    )


def _hash() -> float:
    return HASHED / 1000 / _seconds(lambda: streebog_512(bytes(HASHED)))


def _long_hash() -> float:
    streebog_512(bytes(LONG))  # loads, or compiles, the function for long data
    return LONG / 1000 / _seconds(lambda: streebog_512(bytes(LONG)))


def _lists() -> float:
    authority = TestAuthority.create(NOW, kind=KeyKind.GOST_512)
    certificate = authority.issue_person(IIN, "СЫНАҚ СЫНАҚОВ").certificate
    listed = revocation_list(authority.intermediate_leaf, NOW, [certificate] * 10_000)
    return 1 / _seconds(lambda: read_list(listed, authority.intermediate, ALGORITHMS))


def _seconds(work: Callable[[], object]) -> float:
    begun = process_time()
    work()
    return process_time() - begun


if __name__ == "__main__":
    show(run())
