"""A signature with anything changed in it never passes, and fails only by our own refusals."""

import secrets

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from dauys.core.errors import RefusedError
from dauys.core.ids import Credential, ElectionId
from dauys.identity.kazakhstan.algorithms import ALGORITHMS
from dauys.identity.kazakhstan.certificates import profile
from dauys.identity.signature.asn1 import load_certificate
from dauys.identity.signature.authorisation import encode
from dauys.identity.signature.certificates import read_certificate
from dauys.identity.signature.cms import read_signed_message
from dauys.identity.signature.desk import Challenge, SignatureDesk, SignatureRules, Signer
from dauys.identity.signature.ocsp import Question, read_answer
from dauys.identity.signature.revocation_lists import read_list
from dauys.identity.signature.trust import Revocation, Trust
from dauys.scenario.test_ca import Leaf, TestAuthority
from dauys.scenario.test_keys import KeyKind
from dauys.scenario.test_revocation import AnswerOptions, answer, revocation_list
from tests.unit.identity.memory import START, StoppedClock
from tests.unit.identity.national import build_chain

IIN = "900101300017"


class EndlessNonces:
    """Takes every nonce again and again: only the signature stands between."""

    def __init__(self) -> None:
        self.challenge: Challenge | None = None

    def add(self, challenge: Challenge) -> None:
        self.challenge = challenge

    def get(self, nonce: str) -> Challenge:
        if self.challenge is None or self.challenge.nonce != nonce:
            raise RefusedError("challenge_unknown")
        return self.challenge

    def use(self, nonce: str) -> None:
        self.get(nonce)


class Target:
    """A desk, and a good signature to spoil."""

    def __init__(self, kind: KeyKind) -> None:
        self.authority = TestAuthority.create(START, kind=kind)
        self.desk = SignatureDesk(
            Trust((self.authority.root,), (), ALGORITHMS),
            profile(),
            SignatureRules(),
            EndlessNonces(),
            StoppedClock(),
            secrets.token_bytes,
        )
        self.leaf: Leaf = self.authority.issue_person(IIN, "СЫНАҚ СЫНАҚОВ")
        content = self.desk.challenge(ElectionId("AbCdEfGhJkLmNp"), Credential("c" * 64))
        self.cms = self.authority.sign_cms(self.leaf, content)
        self.good = self.desk.check(self.cms)
        issuer, revoked = self.authority.intermediate_leaf, [self.leaf.certificate]
        self.list = revocation_list(issuer, START, revoked)
        self.question = Question.about(self.leaf.certificate, issuer.certificate, b"n" * 16)
        options = AnswerOptions(responder=self.authority.issue_responder())
        self.answer = answer(self.question.encode(), issuer, START, revoked, options)


@pytest.fixture(scope="module", params=[KeyKind.RSA, KeyKind.GOST_512])
def target(request: pytest.FixtureRequest) -> Target:
    return Target(request.param)


def _same(target: Target, signer: Signer) -> bool:
    """Whether the signer is told as before: changes where nothing is said may pass."""
    return (signer.holder.number, signer.holder.name, encode(signer.authorisation)) == (
        target.good.holder.number,
        target.good.holder.name,
        encode(target.good.authorisation),
    )


MUTATIONS = st.lists(
    st.tuples(
        st.sampled_from(["flip", "cut", "insert", "repeat"]),
        st.integers(0, 10_000),
        st.integers(1, 255),
    ),
    min_size=1,
    max_size=3,
)


def mutate(data: bytes, mutations: list[tuple[str, int, int]]) -> bytes:
    changed = bytearray(data)
    for kind, place, amount in mutations:
        at = place % max(1, len(changed))
        if kind == "flip" and changed:
            changed[at] ^= amount
        elif kind == "cut":
            del changed[at : at + amount]
        elif kind == "insert":
            changed[at:at] = bytes([amount])
        else:
            changed[at:at] = changed[at : at + amount]
    return bytes(changed)


@settings(max_examples=300, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(MUTATIONS)
def test_a_spoilt_signature_names_nobody_else(
    target: Target, mutations: list[tuple[str, int, int]]
) -> None:
    spoilt = mutate(target.cms, mutations)
    try:
        signer = target.desk.check(spoilt)
    except RefusedError:
        return
    assert _same(target, signer)


@settings(max_examples=200)
@given(MUTATIONS)
def test_a_spoilt_certificate_is_read_or_refused_and_never_trusted(
    target: Target, mutations: list[tuple[str, int, int]]
) -> None:
    spoilt = mutate(target.leaf.certificate, mutations)
    try:
        read_certificate(spoilt)
        build_chain(spoilt, (target.authority.root,), (target.authority.intermediate,), START)
    except RefusedError:
        return
    assert spoilt == target.leaf.certificate


@settings(max_examples=200)
@given(MUTATIONS)
def test_a_spoilt_intermediate_crashes_nothing(
    target: Target, mutations: list[tuple[str, int, int]]
) -> None:
    spoilt = mutate(target.authority.intermediate, mutations)
    try:
        build_chain(target.leaf.certificate, (target.authority.root,), (spoilt,), START)
    except RefusedError:
        return
    assert spoilt == target.authority.intermediate


@settings(max_examples=150)
@given(MUTATIONS)
def test_a_spoilt_list_is_refused(target: Target, mutations: list[tuple[str, int, int]]) -> None:
    issuer = target.authority.intermediate_leaf
    spoilt = mutate(target.list, mutations)
    try:
        listed = read_list(spoilt, issuer.certificate, ALGORITHMS)
    except RefusedError:
        return
    # The parameters of the algorithm outside are not signed.
    assert listed == read_list(target.list, issuer.certificate, ALGORITHMS)


@settings(max_examples=150)
@given(MUTATIONS)
def test_a_spoilt_answer_says_nothing_new(
    target: Target, mutations: list[tuple[str, int, int]]
) -> None:
    spoilt = mutate(target.answer, mutations)
    try:
        said = read_answer(
            spoilt, target.question, target.authority.intermediate, START, ALGORITHMS
        )
    except RefusedError:
        return
    assert said.status is Revocation.REVOKED


@given(st.binary(max_size=300))
def test_rubbish_is_refused(data: bytes) -> None:
    for start in (b"", b"\x30\x80", b"0\x82\x08\x21\x06\x09*\x86H\x86\xf7\r\x01\x07\x02\xa0\x82"):
        with pytest.raises(RefusedError):
            read_signed_message(start + data)
        with pytest.raises(RefusedError):
            read_certificate(start + data)
        with pytest.raises(RefusedError):
            read_list(start + data, b"", ALGORITHMS)
        with pytest.raises(RefusedError):
            read_answer(start + data, Question(b"", b"", 1, b""), b"", START, ALGORITHMS)


def test_a_count_of_unused_bits_makes_no_second_form_of_a_certificate(target: Target) -> None:
    whole = target.leaf.certificate
    signature = load_certificate(whole)["signature_value"].contents
    at = len(whole) - len(signature)
    assert whole[at:] == signature
    for unused in range(1, 9):
        with pytest.raises(RefusedError, match="unreadable"):
            load_certificate(whole[:at] + bytes([unused]) + whole[at + 1 :])
