"""Certificates of the national CA (НУЦ РК): whom they name, and who may vote with them.

Subject: 2.5.4.3 surname and name, 2.5.4.42 the *patronymic* (elsewhere a given name), 2.5.4.5
`IIN` and twelve digits, 2.5.4.11 `BIN` and twelve digits, 2.5.4.10 the organisation. The
extended key usage tells what the key is for and which role its holder has.
"""

from enum import StrEnum
from functools import partial
from typing import Final, Protocol

from dauys.identity.kazakhstan.algorithms import ALGORITHMS
from dauys.identity.kazakhstan.numbers import is_test_number, parse_bin, parse_iin
from dauys.identity.numbering import Number
from dauys.identity.signature.certificates import (
    COMMON_NAME,
    FOR_AUTHENTICATION,
    FOR_SIGNING,
    GIVEN_NAME,
    SERIAL_NUMBER,
    UNIT,
)
from dauys.identity.signature.profile import Identifier, X509Profile

PATRONYMIC: Final = GIVEN_NAME

INDIVIDUAL: Final = "1.2.398.3.3.4.1.1"
LEGAL_ENTITY: Final = "1.2.398.3.3.4.1.2"
FIRST_HEAD: Final = "1.2.398.3.3.4.1.2.1"
RIGHT_TO_SIGN: Final = "1.2.398.3.3.4.1.2.2"
FINANCE: Final = "1.2.398.3.3.4.1.2.3"
STAFF: Final = "1.2.398.3.3.4.1.2.4"
EMPLOYEE: Final = "1.2.398.3.3.4.1.2.5"


class Role(StrEnum):
    """As whom the holder signs."""

    INDIVIDUAL = "individual"
    FIRST_HEAD = "first_head"
    RIGHT_TO_SIGN = "right_to_sign"
    FINANCE = "finance"
    STAFF = "staff_officer"
    EMPLOYEE = "employee"
    LEGAL_ENTITY = "legal_entity"
    """Of a legal entity, and nothing more: it names no role."""


ROLES: Final = {
    INDIVIDUAL: Role.INDIVIDUAL,
    FIRST_HEAD: Role.FIRST_HEAD,
    RIGHT_TO_SIGN: Role.RIGHT_TO_SIGN,
    FINANCE: Role.FINANCE,
    STAFF: Role.STAFF,
    EMPLOYEE: Role.EMPLOYEE,
    LEGAL_ENTITY: Role.LEGAL_ENTITY,
}
PURPOSES: Final = {
    FOR_SIGNING: "signing",
    FOR_AUTHENTICATION: "authentication",
} | {oid: role.value.replace("_", " ") for oid, role in ROLES.items()}
"""What the object identifiers of the extended key usage mean."""


class NumberRule(StrEnum):
    """Which numbers in a certificate are taken."""

    STRICT = "strict"
    """Those that may be issued: date and check digit are right."""
    TEST = "test"
    """Those, and the series in the national CA's test certificates, which are wrong on purpose."""
    ANY = "any"
    """Any twelve digits."""


def profile(
    *,
    organisation_roles: frozenset[str] = frozenset({Role.FIRST_HEAD}),
    numbers: NumberRule = NumberRule.STRICT,
) -> X509Profile:
    """The national CA's profile.

    `organisation_roles` may vote for an organisation: its first head, and whom the rules of the
    election add. Real elections take no other `numbers` than strict ones.
    """
    return X509Profile(
        algorithms=ALGORITHMS,
        person=Identifier(SERIAL_NUMBER, "IIN", partial(_digits, parse_iin, numbers)),
        organisation=Identifier(UNIT, "BIN", partial(_digits, parse_bin, numbers)),
        names=(COMMON_NAME, PATRONYMIC),
        key_usage=frozenset({"digital_signature", "non_repudiation"}),
        signing_purposes=frozenset({FOR_SIGNING}),
        roles=ROLES,
        person_roles=frozenset({Role.INDIVIDUAL}),
        organisation_roles=organisation_roles,
    )


class _Parse(Protocol):
    def __call__(self, text: str, *, strict: bool) -> Number: ...


def _digits(parse: _Parse, numbers: NumberRule, text: str) -> str:
    loose = numbers is NumberRule.ANY or (numbers is NumberRule.TEST and is_test_number(text))
    return parse(text, strict=not loose).digits
