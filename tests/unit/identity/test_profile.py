"""Another PKI than Kazakhstan's is a mapping of a few lines."""

import re
import secrets

import pytest

from dauys.core.errors import MalformedError, RefusedError
from dauys.identity.signature.algorithms import Algorithms, rsa_kinds
from dauys.identity.signature.certificates import COMMON_NAME, FOR_AUTHENTICATION, FOR_SIGNING
from dauys.identity.signature.desk import SignatureDesk, SignatureRules
from dauys.identity.signature.profile import Identifier, X509Profile
from dauys.identity.signature.trust import Trust
from dauys.scenario.test_ca import Profile, TestAuthority
from dauys.scenario.test_keys import KeyKind
from tests.unit.identity.conftest import CREDENTIAL, ELECTION
from tests.unit.identity.memory import START, MemoryNonceStore, StoppedClock

UID = "0.9.2342.19200300.100.1.1"
NAME = "Doe, Jo"


def member(text: str) -> str:
    if not re.fullmatch(r"[0-9]{4}", text):
        raise MalformedError("member", "not four digits")
    return text


UNION = X509Profile(
    algorithms=Algorithms.of(rsa_kinds()),
    person=Identifier(UID, "member-", member),
    signing_purposes=frozenset({FOR_SIGNING}),
)


def desk(authority: TestAuthority) -> SignatureDesk:
    return SignatureDesk(
        Trust((authority.root,), (), UNION.algorithms),
        UNION,
        SignatureRules(),
        MemoryNonceStore(),
        StoppedClock(),
        secrets.token_bytes,
    )


def signed(authority: TestAuthority, uid: str, *purposes: str) -> str:
    """Number of the voter that the desk reads in a signature, or the code of its refusal."""
    fields = [(COMMON_NAME, NAME), (UID, uid)] if uid else [(COMMON_NAME, NAME)]
    leaf = authority.issue(fields, Profile(purposes or (FOR_SIGNING,)))
    served = desk(authority)
    try:
        signer = served.check(authority.sign_cms(leaf, served.challenge(ELECTION, CREDENTIAL)))
    except RefusedError as error:
        return error.code
    assert (signer.holder.name, signer.holder.role, signer.holder.organisation) == (NAME, "", None)
    return signer.holder.number


@pytest.mark.parametrize(
    ("uid", "read"),
    [("member-0017", "0017"), ("member-17", "no_number"), ("0017", "no_number"), ("", "no_number")],
)
def test_members_of_a_union_are_read_by_its_mapping(
    authority: TestAuthority, uid: str, read: str
) -> None:
    assert signed(authority, uid) == read


def test_what_the_mapping_does_not_take_is_refused(authority: TestAuthority) -> None:
    assert signed(authority, "member-0017", FOR_AUTHENTICATION) == "not_for_signing"
    gost = TestAuthority.create(START, kind=KeyKind.GOST_256)
    assert signed(gost, "member-0017") == "unknown_algorithm"
