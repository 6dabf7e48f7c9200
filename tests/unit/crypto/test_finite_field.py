"""The groups of 2,048-bit numbers: strict reading, plain arithmetic, and no secrets there."""

import dataclasses
import operator
import pickle
import secrets
import subprocess
import sys

import gmpy2
import pytest

from dauys.core.errors import MalformedError, VerificationError
from dauys.crypto.ballot import make_ballot, parse_ballot
from dauys.crypto.ed25519 import ED25519, G, as_point
from dauys.crypto.election import parse_election
from dauys.crypto.finite_field import FIELDS, FieldGroup
from dauys.crypto.group import GROUPS, group_named
from dauys.crypto.tally import DiscreteLog, EncryptedTally, discrete_log
from dauys.crypto.trustees import parse_single
from tests.vectors.mutations import bad_scalars
from tests.vectors.numbers import bad_numbers
from tests.vectors.samples import REFERENDUM
from tests.vectors.seeded import SeededRandom


@pytest.fixture(params=FIELDS.values(), ids=list(FIELDS))
def field(request: pytest.FixtureRequest) -> FieldGroup:
    group: FieldGroup = request.param
    return group


def is_read(field: FieldGroup, text: object) -> bool:
    try:
        field.parse(text)
    except MalformedError:
        return False
    return True


def test_every_group_has_its_name_and_no_other_is_known() -> None:
    assert [group_named(name).name for name in GROUPS] == list(GROUPS)
    with pytest.raises(KeyError):
        group_named("P-256")


def test_the_parameters_make_a_group_of_prime_order(field: FieldGroup) -> None:
    p, q = int(field.p), field.order
    assert p.bit_length() == 2048
    assert gmpy2.is_prime(p, 40)
    assert gmpy2.is_prime(q, 40)
    assert (p - 1) % q == 0
    assert field.generator.value not in {0, 1}
    assert pow(int(field.generator.value), q, p) == 1


def test_the_prime_of_rfc_3526_is_made_of_pi() -> None:
    with gmpy2.context(precision=2100):
        pi = int(gmpy2.floor(gmpy2.const_pi() * 2**1918))
    assert FIELDS["RFC-3526-2048"].p == 2**2048 - 2**1984 - 1 + 2**64 * (pi + 124476)


def test_an_element_has_one_text(field: FieldGroup) -> None:
    good = (secrets.randbelow(field.order) * field.generator).text()
    assert field.parse(good).text() == good
    read = [name for name, text in bad_numbers(field, good).items() if is_read(field, text)]
    assert read == []


def test_the_identity_is_read_where_it_may_be(field: FieldGroup) -> None:
    assert field.parse("1", allow_identity=True) == field.identity
    for text in ("0", "01", str(field.p + 1), str(field.p - 1)):
        with pytest.raises(MalformedError):
            field.parse(text, allow_identity=True)


def test_a_scalar_has_one_text(field: FieldGroup) -> None:
    for scalar in (0, 1, field.order - 1):
        assert field.parse_scalar(str(scalar)) == scalar
    texts = bad_scalars(str(field.order - 1)) | {"q": str(field.order)}
    for text in texts.values():
        with pytest.raises(MalformedError):
            field.parse_scalar(text)


def test_membership_is_that_of_the_definition(field: FieldGroup) -> None:
    p, q = int(field.p), field.order
    for _ in range(8):
        number = secrets.randbelow(p - 2) + 2
        element = pow(number, (p - 1) // q, p)
        for candidate in (number, element):
            assert is_read(field, str(candidate)) == (pow(candidate, q, p) == 1)


def test_arithmetic_is_pythons_with_and_without_a_table(field: FieldGroup) -> None:
    p, q = int(field.p), field.order
    base = secrets.randbelow(q) * field.generator
    for _ in range(20):  # a table is made on the way
        a, b = secrets.randbelow(q), secrets.randbelow(q)
        fresh = field.parse(base.text())
        assert int((a * base).value) == pow(int(base.value), a, p)
        assert a * base == a * fresh
        assert (a * base) + (b * base) == (a + b) * fresh
        assert (a * base) - (b * base) == (a - b) * fresh
    for scalar in (0, 1, q - 1, q, -1, 16, 2**64):
        assert scalar * base == (scalar % q) * field.parse(base.text())
    assert 0 * base == field.identity


def test_elements_of_two_groups_do_not_mix() -> None:
    one, other = (group.generator for group in FIELDS.values())
    for mix in (operator.add, operator.sub):
        with pytest.raises(TypeError, match="RFC-3526-2048"):
            mix(one, other)
    assert one != other
    with pytest.raises(TypeError, match="BELENIOS-2048"):
        as_point(one)


def test_an_element_travels_without_its_table(field: FieldGroup) -> None:
    element = [scalar * field.generator for scalar in range(40)][-1]
    sent = pickle.dumps((field.generator, element))
    assert len(sent) < 2000
    generator, copy = pickle.loads(sent)  # noqa: S301 -- what was just made
    assert (generator, copy) == (field.generator, element)
    assert copy.group is field


def test_a_million_votes_are_found_and_no_more(field: FieldGroup) -> None:
    logarithms = DiscreteLog(10**6, field)
    for votes in (0, 1, 999, 10**6 - 1, 10**6):
        assert logarithms.of(votes * field.generator) == votes
    for votes in (10**6 + 1, -1, field.order // 2):
        with pytest.raises(VerificationError):
            logarithms.of(votes * field.generator)
    assert discrete_log(3 * field.generator, 3) == 3


def test_nobody_votes_or_counts_for_dauys_in_another_group(field: FieldGroup) -> None:
    election = dataclasses.replace(REFERENDUM.election, public_key=5 * field.generator)
    text = election.to_json()
    with pytest.raises(MalformedError, match="group is not Ed25519"):
        parse_election(text)
    assert parse_election(text, GROUPS) == election
    with pytest.raises(TypeError):
        make_ballot(election, REFERENDUM.key(0), REFERENDUM.choices[0], SeededRandom("x"))
    key = {"pok": {"challenge": "1", "response": "1"}, "public_key": field.generator.text()}
    assert parse_single(key, field).public_key == field.generator
    with pytest.raises(MalformedError):
        parse_single(key)


def test_a_ballot_of_ed25519_is_none_elsewhere(field: FieldGroup) -> None:
    text = REFERENDUM.ballot_text(0)
    assert parse_ballot(text, ED25519).to_json() == text
    with pytest.raises(MalformedError):
        parse_ballot(text, field)
    tally = f'[[{{"alpha":"{G.hex()}","beta":"{G.hex()}"}}]]'
    assert EncryptedTally.parse(tally).to_json() == tally
    with pytest.raises(MalformedError):
        EncryptedTally.parse(tally, field)


def test_checking_ed25519_does_not_load_the_other_groups() -> None:
    code = "import sys, dauys.verify.archive.audit; print('gmpy2' in sys.modules)"
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert run.stdout == "False\n"
