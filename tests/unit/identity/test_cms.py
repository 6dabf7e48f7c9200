"""CMS as it may travel: forms that other software makes, and forms nobody should take."""

import hashlib
from typing import Any

import pytest
from asn1crypto import cms as asn1
from asn1crypto import core, parser, x509

from dauys.core.errors import RefusedError
from dauys.identity.kazakhstan.algorithms import ALGORITHMS
from dauys.identity.signature.asn1 import load_certificate
from dauys.identity.signature.cms import check_signed_message, read_signed_message
from dauys.scenario.test_ca import Leaf, TestAuthority
from dauys.scenario.test_keys import SIGNATURES, KeyKind, new_key
from tests.unit.identity.conftest import IIN
from tests.unit.identity.national import build_chain

CONTENT = b"content"
SHA256 = "2.16.840.1.101.3.4.2.1"


@pytest.fixture(scope="session")
def person(authority: TestAuthority) -> Leaf:
    return authority.issue_person(IIN, "СЫНАҚ СЫНАҚОВ")


@pytest.fixture(scope="session")
def signed(authority: TestAuthority, person: Leaf) -> bytes:
    return authority.sign_cms(person, CONTENT)


def parts(signed: bytes) -> Any:
    """SignedData as asn1crypto parses it, to be changed and dumped again."""
    return asn1.ContentInfo.load(signed)


def refusal(data: bytes) -> tuple[str, str]:
    with pytest.raises(RefusedError) as refused:
        check_signed_message(read_signed_message(data), ALGORITHMS)
    return refused.value.code, refused.value.detail


def test_our_own_authority_signs_what_is_checked(signed: bytes, person: Leaf) -> None:
    message = read_signed_message(signed)
    assert message.content == CONTENT
    assert message.certificate == person.certificate
    assert len(message.other_certificates) == 1
    assert check_signed_message(message, ALGORITHMS).name == "rsa-sha256"


def indefinite(tag: bytes, *contents: bytes) -> bytes:
    """BER of indefinite length, X.690 section 8.1.3.6."""
    return tag + b"\x80" + b"".join(contents) + b"\x00\x00"


def elements(der: bytes) -> list[bytes]:
    """The elements inside a constructed value."""
    inner: bytes = parser.parse(der)[4]
    found = []
    while inner:
        length = parser.peek(inner)
        found.append(inner[:length])
        inner = inner[length:]
    return found


def test_indefinite_lengths_and_split_content_are_read(signed: bytes) -> None:
    content_type, explicit = elements(signed)
    (data,) = elements(explicit)
    version, digests, encapsulated, certificates, signers = elements(data)
    kind, _ = elements(encapsulated)
    split = indefinite(b"\x24", b"\x04\x03con", b"\x04\x04tent")
    (signer,) = elements(signers)
    head = elements(signer)
    attributes = indefinite(b"\xa0", *elements(head[3]))
    streamed = indefinite(
        b"\x30",
        content_type,
        indefinite(
            b"\xa0",
            indefinite(
                b"\x30",
                version,
                digests,
                indefinite(b"\x30", kind, indefinite(b"\xa0", split)),
                indefinite(b"\xa0", *elements(certificates)),
                indefinite(b"\x31", indefinite(b"\x30", *head[:3], attributes, *head[4:])),
            ),
        ),
    )
    message = read_signed_message(streamed)
    assert message.content == CONTENT
    assert check_signed_message(message, ALGORITHMS).name == "rsa-sha256"


def test_a_signature_without_attributes_is_refused(signed: bytes) -> None:
    outer = parts(signed)
    del outer["content"]["signer_infos"][0]["signed_attrs"]
    assert refusal(outer.dump(force=True))[0] == "unreadable"


@pytest.mark.parametrize("kind", ["content_type", "message_digest"])
@pytest.mark.parametrize("times", [0, 2])
def test_a_needed_attribute_stands_exactly_once(signed: bytes, kind: str, times: int) -> None:
    outer = parts(signed)
    signer = outer["content"]["signer_infos"][0]
    kept = [one for one in signer["signed_attrs"] if one["type"].native != kind]
    doubled = [one for one in signer["signed_attrs"] if one["type"].native == kind] * times
    signer["signed_attrs"] = asn1.CMSAttributes([*kept, *doubled])
    assert refusal(outer.dump(force=True)) == ("unreadable", f"not one signed {kind}")


def test_a_digest_with_two_values_is_refused(signed: bytes) -> None:
    outer = parts(signed)
    signer = outer["content"]["signer_infos"][0]
    two = [hashlib.sha256(CONTENT).digest(), hashlib.sha256(b"other").digest()]
    kept = [one for one in signer["signed_attrs"] if one["type"].native != "message_digest"]
    attribute = asn1.CMSAttribute({"type": "message_digest", "values": two})
    signer["signed_attrs"] = asn1.CMSAttributes([*kept, attribute])
    assert refusal(outer.dump(force=True)) == ("unreadable", "not one signed message_digest")


def test_a_message_that_carries_no_certificate_is_refused(signed: bytes) -> None:
    outer = parts(signed)
    del outer["content"]["certificates"]
    assert refusal(outer.dump(force=True)) == ("unreadable", "0 certificates of the signer")


def test_the_signers_certificate_may_come_twice_but_not_in_two_kinds(
    signed: bytes, person: Leaf
) -> None:
    outer = parts(signed)
    mine = x509.Certificate.load(person.certificate)
    outer["content"]["certificates"] = asn1.CertificateSet([mine, mine])
    twice = read_signed_message(outer.dump(force=True))
    assert twice.content == read_signed_message(signed).content
    other = mine.copy()
    other["signature_value"] = core.OctetBitString(b"another")
    outer = parts(signed)
    outer["content"]["certificates"] = asn1.CertificateSet(
        [mine, x509.Certificate.load(other.dump(force=True))]
    )
    assert refusal(outer.dump(force=True)) == ("unreadable", "2 certificates of the signer")


def test_a_crowd_of_certificates_is_not_searched_for_a_chain(signed: bytes) -> None:
    outer = parts(signed)
    crowd = [*outer["content"]["certificates"]] * 20
    outer["content"]["certificates"] = asn1.CertificateSet(crowd)
    assert refusal(outer.dump(force=True)) == ("unreadable", "40 certificates")


def test_a_message_by_old_gost_is_named(signed: bytes) -> None:
    outer = parts(signed)
    signer = outer["content"]["signer_infos"][0]
    signer["digest_algorithm"] = {"algorithm": "1.2.398.3.10.1.3.1.1.0"}
    signer["signature_algorithm"] = {"algorithm": "1.2.398.3.10.1.1.1.2"}
    assert refusal(outer.dump(force=True)) == ("old_gost", "1.2.398.3.10.1.1.1.2")


def test_a_certificate_by_old_gost_is_named(authority: TestAuthority, person: Leaf) -> None:
    certificate = x509.Certificate.load(person.certificate)
    for part in (certificate, certificate["tbs_certificate"]):
        field = "signature_algorithm" if part is certificate else "signature"
        part[field] = {"algorithm": "1.2.398.3.10.1.1.1.2"}
    old = certificate.dump(force=True)
    with pytest.raises(RefusedError) as refused:
        build_chain(old, (authority.root,), (authority.intermediate,), authority.now)
    assert refused.value.code == "old_gost"


def test_a_certificate_that_names_two_algorithms_is_refused(person: Leaf) -> None:
    certificate = x509.Certificate.load(person.certificate)
    certificate["signature_algorithm"] = {"algorithm": "1.2.840.113549.1.1.13"}
    with pytest.raises(RefusedError) as refused:
        load_certificate(certificate.dump(force=True))
    assert refused.value.detail == "certificate of two algorithms"


@pytest.mark.parametrize("others", [1, 2, 3])
def test_authorities_of_the_same_name_lead_nowhere(authority: TestAuthority, others: int) -> None:
    strangers = [TestAuthority.create(authority.now, kind=KeyKind.GOST_256) for _ in range(others)]
    leaf = strangers[0].issue_person(IIN, "СЫНАҚ СЫНАҚОВ")
    certificates = tuple(one.intermediate for one in strangers)
    with pytest.raises(RefusedError) as refused:
        build_chain(leaf.certificate, (authority.root,), certificates, authority.now)
    assert refused.value.code == "untrusted"


def test_a_message_that_nobody_signed_is_refused(signed: bytes) -> None:
    outer = parts(signed)
    outer["content"]["signer_infos"] = asn1.SignerInfos([])
    assert refusal(outer.dump(force=True)) == ("unreadable", "no signer")


def test_a_signer_named_by_key_identifier_is_refused(signed: bytes) -> None:
    outer = parts(signed)
    signer = outer["content"]["signer_infos"][0]
    signer["sid"] = asn1.SignerIdentifier({"subject_key_identifier": b"k" * 20})
    assert refusal(outer.dump(force=True))[0] == "unreadable"


def test_content_that_is_not_plain_data_is_refused(signed: bytes) -> None:
    data, digested = (core.ObjectIdentifier(f"1.2.840.113549.1.7.{n}").dump() for n in (1, 5))
    assert refusal(signed.replace(data, digested, 1)) == ("unreadable", "content is not data")


@pytest.mark.parametrize(
    ("signature", "digest", "code"),
    [
        ("1.2.398.3.10.1.1.1.2", "1.2.398.3.10.1.3.1.1.0", "old_gost"),
        ("1.3.6.1.4.1.6801.1.2.2", "1.3.6.1.4.1.6801.1.1.1", "old_gost"),
        ("1.3.6.1.4.1.6801.1.5.8", "1.2.398.3.10.1.3.3", "old_gost"),
        ("1.2.398.3.10.1.1.1.1", "1.2.398.3.10.1.3.3", "old_gost"),
        ("1.2.398.3.10.1.1.2.3.2", "1.2.398.3.10.1.3.1.1.0", "old_gost"),
        ("1.2.398.3.10.1.1.2.3.2", "1.2.398.3.10.1.3.2", "unknown_algorithm"),  # 512 with 256
        ("1.2.398.3.10.1.1.2.3.2", SHA256, "unknown_algorithm"),
        ("1.2.398.3.10.1.1.2.2", "1.2.398.3.10.1.3.2", "unknown_algorithm"),  # likewise
        (
            "1.2.643.7.1.1.3.3",
            "1.2.643.7.1.1.2.3",
            "unknown_algorithm",
        ),  # Russia's, other byte order
        ("1.2.840.113549.1.1.11", "1.2.398.3.10.1.3.3", "unknown_algorithm"),
        ("1.2.840.113549.1.1.5", "1.3.14.3.2.26", "weak_hash"),  # SHA-1
        ("1.2.840.113549.1.1.11", "2.16.840.1.101.3.4.2.3", "unknown_algorithm"),  # they disagree
        ("1.2.840.113549.1.1.10", SHA256, "unknown_algorithm"),  # PSS
        ("1.2.840.10045.4.3.2", SHA256, "unknown_algorithm"),  # ECDSA
        ("1.2.398.3.10.1.1.20", SHA256, "unknown_algorithm"),  # not below the arc of GOST
    ],
)
def test_an_algorithm_that_is_not_taken_is_named(signature: str, digest: str, code: str) -> None:
    with pytest.raises(RefusedError) as refused:
        ALGORITHMS.find(signature, digest)
    assert refused.value.code == code


@pytest.mark.parametrize(
    ("signature", "digest", "name"),
    [
        ("1.2.840.113549.1.1.11", SHA256, "rsa-sha256"),
        ("1.2.840.113549.1.1.12", "2.16.840.1.101.3.4.2.2", "rsa-sha384"),
        ("1.2.840.113549.1.1.13", "2.16.840.1.101.3.4.2.3", "rsa-sha512"),
        ("1.2.840.113549.1.1.1", SHA256, "rsa-sha256"),
        ("1.2.398.3.10.1.1.2.3.2", "1.2.398.3.10.1.3.3", "gost-2015-512"),
        ("1.2.398.3.10.1.1.2.3.1", "1.2.398.3.10.1.3.2", "gost-2015-256"),
        ("1.2.398.3.10.1.1.2.2", "1.2.398.3.10.1.3.3", "gost-2015-512"),
        ("1.2.398.3.10.1.1.2.1", "1.2.398.3.10.1.3.2", "gost-2015-256"),
    ],
)
def test_rsa_with_sha_2_and_gost_with_streebog_are_taken(
    signature: str, digest: str, name: str
) -> None:
    assert ALGORITHMS.find(signature, digest).name == name


@pytest.mark.parametrize("key", ["1.2.840.113549.1.1.1", "1.2.398.3.10.1.1.2.2", "", "1.2.3"])
def test_a_certificate_is_not_signed_by_the_name_of_a_key(key: str) -> None:
    with pytest.raises(RefusedError) as refused:
        ALGORITHMS.of_certificate(key)
    assert refused.value.code == "unknown_algorithm"


def test_a_key_of_another_kind_verifies_nothing(authority: TestAuthority) -> None:
    for kind in (KeyKind.GOST_512, KeyKind.GOST_256):
        pair = new_key(kind)
        for other in KeyKind:
            algorithm = ALGORITHMS.find(*SIGNATURES[other])
            if other is kind:
                algorithm.verify(pair.key_info, CONTENT, pair.sign(CONTENT))
                continue
            with pytest.raises(RefusedError) as refused:
                algorithm.verify(pair.key_info, CONTENT, pair.sign(CONTENT))
            assert refused.value.code == "bad_signature"
