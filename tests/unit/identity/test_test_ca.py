"""The test authority makes what a stranger's software takes for the national profile."""

from pathlib import Path

import pytest
from asn1crypto import crl
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from dauys.core.errors import RefusedError
from dauys.identity.kazakhstan.algorithms import ALGORITHMS
from dauys.identity.signature.asn1 import load_certificate
from dauys.identity.signature.certificates import read_certificate
from dauys.identity.signature.cms import check_signed_message, read_signed_message
from dauys.scenario.test_ca import INTERMEDIATE_NAME, TestAuthority
from dauys.scenario.test_keys import KeyKind
from dauys.scenario.test_revocation import revocation_list
from tests.unit.identity.conftest import BIN, IIN
from tests.unit.identity.memory import START
from tests.unit.identity.national import build_chain, holder_of

NAMES = {
    KeyKind.RSA: "rsa-sha256",
    KeyKind.GOST_512: "gost-2015-512",
    KeyKind.GOST_256: "gost-2015-256",
}
RSA_SHA256 = ("1.2.840.113549.1.1.11", "2.16.840.1.101.3.4.2.1")


def test_a_heads_certificate_has_the_fields_of_the_national_ones(
    authority: TestAuthority,
) -> None:
    leaf = authority.issue_head(BIN, IIN, "ӘБДІЛДИНА ЖАНСАЯ", "ТОО «Сынақ»")
    certificate = read_certificate(leaf.certificate)
    assert certificate.subject == (
        ("2.5.4.3", "ӘБДІЛДИНА ЖАНСАЯ"),
        ("2.5.4.4", "ӘБДІЛДИНА"),
        ("2.5.4.5", f"IIN{IIN}"),
        ("2.5.4.10", "ТОО «Сынақ»"),
        ("2.5.4.11", f"BIN{BIN}"),
        ("2.5.4.6", "KZ"),
    )
    assert certificate.key_usage == {"digital_signature", "non_repudiation"}
    assert certificate.purposes == {
        *("1.3.6.1.5.5.7.3.4", "1.2.398.3.3.4.1.2", "1.2.398.3.3.4.1.2.1")
    }
    assert certificate.not_before == START


def test_the_authoritys_name_is_longer_than_the_standard_allows(authority: TestAuthority) -> None:
    name = load_certificate(authority.intermediate).subject.native["common_name"]
    assert name == INTERMEDIATE_NAME
    assert len(name.encode()) > 64


def test_a_revocation_list_names_what_was_revoked(authority: TestAuthority) -> None:
    good, revoked = (authority.issue_person(IIN, "СЫНАҚ СЫНАҚОВ") for _ in range(2))
    data = revocation_list(authority.intermediate_leaf, START, [revoked.certificate])
    listed = crl.CertificateList.load(data, strict=True)
    entries = listed["tbs_cert_list"]["revoked_certificates"]
    serials = [entry["user_certificate"].native for entry in entries]
    assert serials == [load_certificate(revoked.certificate).serial_number]
    assert load_certificate(good.certificate).serial_number not in serials
    issuer = load_certificate(authority.intermediate)
    assert listed.issuer == issuer.subject
    ALGORITHMS.find(*RSA_SHA256).verify(
        issuer.public_key.dump(), listed["tbs_cert_list"].dump(), listed.signature
    )


@pytest.mark.parametrize("kind", KeyKind)
def test_an_authority_that_was_kept_goes_on(kind: KeyKind, tmp_path: Path) -> None:
    TestAuthority.create(START, kind=kind).save(tmp_path / "kept")
    authority = TestAuthority.load(tmp_path / "kept")
    leaf = authority.issue_person(IIN, "СЫНАҚ СЫНАҚОВ")
    chain = build_chain(leaf.certificate, (authority.root,), (authority.intermediate,), START)
    assert chain.certificates == (authority.root, authority.intermediate, leaf.certificate)
    message = read_signed_message(authority.sign_cms(leaf, b"content"))
    assert check_signed_message(message, ALGORITHMS).name == NAMES[kind]
    assert "secret" not in repr(leaf)


def key_info(private: rsa.RSAPrivateKey | ec.EllipticCurvePrivateKey) -> bytes:
    return private.public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)


@pytest.mark.parametrize(
    "info",
    [
        key_info(rsa.generate_private_key(65537, 1024)),  # noqa: S505 - weak on purpose
        key_info(ec.generate_private_key(ec.SECP256R1())),
        b"rubbish",
    ],
    ids=["rsa-1024", "ecdsa", "rubbish"],
)
def test_a_key_that_is_too_weak_or_of_another_kind_verifies_nothing(info: bytes) -> None:
    with pytest.raises(RefusedError) as refused:
        ALGORITHMS.find(*RSA_SHA256).verify(info, b"message", b"0" * 128)
    assert refused.value.code == "bad_signature"


def test_a_certificate_with_two_people_in_it_is_nobodys(authority: TestAuthority) -> None:
    leaf = authority.issue_person(IIN, "СЫНАҚ СЫНАҚОВ")
    certificate = read_certificate(leaf.certificate)
    doubled = type(certificate)(
        subject=(*certificate.subject, ("2.5.4.5", "IIN800101300019")),
        key_usage=certificate.key_usage,
        purposes=certificate.purposes,
        not_before=certificate.not_before,
        not_after=certificate.not_after,
    )
    with pytest.raises(RefusedError) as refused:
        holder_of(doubled, right_to_sign=False, strict=True)
    assert refused.value.code == "no_number"
