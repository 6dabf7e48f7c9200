import secrets

import pytest

from dauys.core.errors import MalformedError, RefusedError
from dauys.core.ids import Credential, MethodId, Pseudonym
from dauys.crypto.signing import SigningKey, verify_signature
from dauys.identity.permits import Registrar
from tests.unit.identity.contracts import permit_request
from tests.unit.identity.memory import MemoryPermitStore


@pytest.fixture
def key() -> SigningKey:
    return SigningKey.generate(secrets.token_bytes)


@pytest.fixture
def store() -> MemoryPermitStore:
    return MemoryPermitStore()


def test_a_permit_says_what_was_asked_under_the_registrars_key(
    key: SigningKey, store: MemoryPermitStore
) -> None:
    request = permit_request(7, method=MethodId("eds"), evidence="a" * 64)
    permit = Registrar(key, store).issue(request)
    statement = permit.statement
    verify_signature(key.public_hex, statement.signed_bytes(), bytes.fromhex(permit.signature))
    assert statement.serial == 1
    assert statement.credential == request.credential
    assert statement.evidence == "a" * 64


def test_asking_again_after_a_lost_answer_gives_the_same_permit(
    key: SigningKey, store: MemoryPermitStore
) -> None:
    registrar = Registrar(key, store)
    first = registrar.issue(permit_request(1))
    assert registrar.issue(permit_request(1)) == first
    assert len(store.issued) == 1


def test_a_stolen_credential_is_no_use_to_another_voter(
    key: SigningKey, store: MemoryPermitStore
) -> None:
    registrar = Registrar(key, store)
    registrar.issue(permit_request(1))
    with pytest.raises(RefusedError) as refused:
        registrar.issue(permit_request(1, pseudonym=Pseudonym("1" * 32)))
    assert refused.value.code == "credential_used"
    assert len(store.issued) == 1


@pytest.mark.parametrize(
    "fields",
    [
        {"pseudonym": Pseudonym("0" * 31)},
        {"pseudonym": Pseudonym("A" * 32)},
        {"credential": Credential("0" * 64 + "\n")},
        {"method": MethodId("SMS")},
        {"evidence": "abc"},
        {"reclaims": ""},
    ],
)
def test_nothing_is_signed_or_numbered_for_a_malformed_request(
    key: SigningKey, store: MemoryPermitStore, fields: dict[str, object]
) -> None:
    with pytest.raises(MalformedError):
        Registrar(key, store).issue(permit_request(1, **fields))
    assert store.issued == []
