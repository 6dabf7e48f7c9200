"""Certificates and messages of the same PKI in forms that other software makes of them."""

import base64
import subprocess
import sys
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from asn1crypto import cms as asn1
from asn1crypto import core, x509
from typer.testing import CliRunner

from dauys.cli.signature import app
from dauys.core.errors import RefusedError
from dauys.identity.kazakhstan.algorithms import ALGORITHMS
from dauys.identity.kazakhstan.certificates import profile
from dauys.identity.signature.asn1 import load_certificate, unarmoured
from dauys.identity.signature.certificates import read_certificate
from dauys.identity.signature.cms import check_signed_message, read_signed_message
from dauys.identity.signature.trust import Trust, sorted_out
from dauys.scenario.test_ca import Leaf, Profile, TestAuthority, cross_signed
from dauys.scenario.test_keys import KeyKind
from tests.unit.identity.conftest import BIN, IIN
from tests.unit.identity.memory import START

NAME = "ӘБДІЛДИНА ЖАНСАЯ"
CONTENT = b"content " * 100
SIGNS = ("1.3.6.1.5.5.7.3.4", "1.2.398.3.3.4.1.1")


@pytest.fixture(scope="module", params=[KeyKind.RSA, KeyKind.GOST_512])
def authority(request: pytest.FixtureRequest) -> TestAuthority:
    return TestAuthority.create(START, kind=request.param)


@pytest.fixture(scope="module")
def head(authority: TestAuthority) -> Leaf:
    return authority.issue_head(BIN, IIN, NAME, "ТОО «Сынақ»")


@pytest.fixture(scope="module")
def signed(authority: TestAuthority, head: Leaf) -> bytes:
    return authority.sign_cms(head, CONTENT)


def holds(authority: TestAuthority, data: bytes) -> str:
    """Number of the signer of a message that holds in every respect."""
    message = read_signed_message(unarmoured(data))
    check_signed_message(message, ALGORITHMS)
    trust = Trust((authority.root,), (), ALGORITHMS)
    trust.chain(message.certificate, message.other_certificates, START)
    assert message.content == CONTENT
    return profile().holder_of(read_certificate(message.certificate)).number


# --------------------------------------------------------------------------- wrappings


def pem(data: bytes, label: str = "CMS") -> bytes:
    text = base64.encodebytes(data).decode()
    return f"-----BEGIN {label}-----\n{text}-----END {label}-----\n".encode()


WRAPPINGS: dict[str, Callable[[bytes], bytes]] = {
    "der": lambda data: data,
    "pem": pem,
    "pem with CRLF": lambda data: pem(data).replace(b"\n", b"\r\n"),
    "pem as PKCS7": lambda data: pem(data, "PKCS7"),
    "pem under words": lambda data: b"subject=CN\nissuer=CN\n\n" + pem(data),
    "pem after a byte order mark": lambda data: b"\xef\xbb\xbf" + pem(data),
    "base64 on a line": base64.b64encode,
    "base64 on lines": base64.encodebytes,
}


@pytest.mark.parametrize("wrapping", WRAPPINGS)
def test_a_message_in_any_wrapping_is_the_same(
    authority: TestAuthority, signed: bytes, wrapping: str
) -> None:
    assert holds(authority, WRAPPINGS[wrapping](signed)) == BIN


@pytest.mark.parametrize(
    "spoil",
    [
        lambda data: pem(data) * 2,
        lambda data: pem(data)[:-20],
        lambda data: pem(b"rubbish"),
        lambda data: b"0" + base64.b64encode(data),
        lambda _: b"",
        lambda data: "қазақша".encode() + data,
    ],
)
def test_a_wrapping_of_another_form_is_unreadable(
    signed: bytes, spoil: Callable[[bytes], bytes]
) -> None:
    with pytest.raises(RefusedError) as refused:
        read_signed_message(unarmoured(spoil(signed)))
    assert refused.value.code == "unreadable"


# -------------------------------------------------------------------------------- BER


def indefinite(tag: int, contents: bytes) -> bytes:
    return bytes([tag, 0x80]) + contents + b"\x00\x00"


def in_pieces(data: bytes) -> bytes:
    """An OCTET STRING in pieces, as streaming software writes it: X.690 section 8.7.3."""
    pieces = (core.OctetString(data[i : i + 64]).dump() for i in range(0, len(data), 64))
    return indefinite(0x24, b"".join(pieces))


def streamed(signed: bytes) -> bytes:
    """The message as BER with indefinite lengths wherever a stream would have them."""
    inside = asn1.ContentInfo.load(signed)["content"]
    content = indefinite(
        0x30,
        core.ObjectIdentifier("1.2.840.113549.1.7.1").dump()
        + indefinite(0xA0, in_pieces(inside["encap_content_info"]["content"].native)),
    )
    parts = (
        inside["version"].dump(),
        inside["digest_algorithms"].dump(),
        content,
        inside["certificates"].dump(),
        inside["signer_infos"].dump(),
    )
    data = indefinite(0x30, b"".join(parts))
    outer = core.ObjectIdentifier("1.2.840.113549.1.7.2").dump() + indefinite(0xA0, data)
    return indefinite(0x30, outer)


def test_a_streamed_message_of_indefinite_lengths_holds(
    authority: TestAuthority, signed: bytes
) -> None:
    assert holds(authority, streamed(signed)) == BIN
    with pytest.raises(RefusedError) as refused:
        holds(authority, streamed(signed).replace(b"content ", b"CONTENT ", 1))
    assert refused.value.code == "bad_signature"


@pytest.mark.parametrize("signs", ["what it sends", "the sorted form"])
def test_attributes_may_come_unsorted(authority: TestAuthority, head: Leaf, signs: str) -> None:
    """RFC 5652 wants the signature over the sorted form; some sign the form that they send."""
    outer = asn1.ContentInfo.load(authority.sign_cms(head, CONTENT))
    signer = outer["content"]["signer_infos"][0]
    mixed = sorted((one.dump() for one in signer["signed_attrs"]), reverse=True)
    contents = b"".join(mixed if signs == "what it sends" else sorted(mixed))
    length = bytes([len(contents)] if len(contents) < 128 else [0x81, len(contents)])
    signer["signature"] = head.key.sign(b"\x31" + length + contents)
    whole = outer.dump(force=True)
    was = b"".join(one.dump() for one in signer["signed_attrs"])
    assert whole.count(was) == 1
    assert holds(authority, whole.replace(was, b"".join(mixed))) == BIN


# ------------------------------------------------------------------------------ names


def renamed(signed: bytes, change: Callable[[Any], Any]) -> bytes:
    """The message with its signer's issuer written in another way."""
    outer = asn1.ContentInfo.load(signed)
    sid = outer["content"]["signer_infos"][0]["sid"].chosen
    sid["issuer"] = change(sid["issuer"])
    return bytes(outer.dump(force=True))


def as_bmp(name: Any) -> x509.Name:
    parts = [
        x509.RelativeDistinguishedName(
            [
                x509.NameTypeAndValue(
                    {
                        "type": pair["type"],
                        "value": x509.DirectoryString(
                            "bmp_string", core.BMPString(pair["value"].native)
                        )
                        if pair["type"].dotted != "2.5.4.6"
                        else pair["value"],
                    }
                )
            ]
        )
        for part in name.chosen
        for pair in part
    ]
    return x509.Name("", x509.RDNSequence(parts))


def turned(name: Any) -> x509.Name:
    return x509.Name("", x509.RDNSequence(list(reversed(list(name.chosen)))))


@pytest.mark.parametrize("change", [as_bmp, turned], ids=["BMPString", "other order"])
def test_the_signers_issuer_may_be_written_in_another_way(
    authority: TestAuthority, signed: bytes, change: Callable[[Any], Any]
) -> None:
    assert holds(authority, renamed(signed, change)) == BIN


def test_a_signer_may_be_named_by_key_identifier(authority: TestAuthority, head: Leaf) -> None:
    leaf = authority.issue_person(IIN, NAME, issued=Profile(SIGNS, key_identifier=True))
    outer = asn1.ContentInfo.load(authority.sign_cms(leaf, CONTENT))
    identifier = x509.Certificate.load(leaf.certificate).key_identifier
    signer = outer["content"]["signer_infos"][0]
    signer["sid"] = asn1.SignerIdentifier({"subject_key_identifier": identifier})
    signer["version"] = "v3"
    assert holds(authority, outer.dump(force=True)) == IIN


@pytest.mark.parametrize("string", ["utf8_string", "bmp_string"])
def test_subjects_in_any_order_and_string_are_read(authority: TestAuthority, string: str) -> None:
    fields = (
        ("2.5.4.3", NAME),
        ("2.5.4.5", f"IIN{IIN}"),
        ("2.5.4.10", "ТОО «Сынақ»"),
        ("2.5.4.11", "ОТДЕЛ"),
        ("2.5.4.11", f"BIN{BIN}"),
    )
    heads = ("1.3.6.1.5.5.7.3.4", "1.2.398.3.3.4.1.2", "1.2.398.3.3.4.1.2.1")
    leaf = authority.issue(fields, Profile(heads, turned=True, string=string))
    holder = profile().holder_of(read_certificate(leaf.certificate))
    assert (holder.person, holder.organisation, holder.name) == (IIN, BIN, NAME)
    assert holder.organisation_name == "ТОО «Сынақ»"
    assert holds(authority, authority.sign_cms(leaf, CONTENT)) == BIN


# ----------------------------------------------------------------------------- chains


def test_a_message_may_carry_many_intermediates(
    authority: TestAuthority, head: Leaf, signed: bytes
) -> None:
    strangers = [TestAuthority.create(START, kind=KeyKind.GOST_256).intermediate for _ in range(10)]
    outer = asn1.ContentInfo.load(signed)
    carried = [*outer["content"]["certificates"], *map(x509.Certificate.load, strangers)]
    outer["content"]["certificates"] = asn1.CertificateSet(carried)
    assert holds(authority, outer.dump(force=True)) == BIN


def test_certificates_that_all_issue_one_another_are_soon_given_up() -> None:
    """A stranger's: more paths than anybody can try, none of them from an anchor."""
    crowd = [TestAuthority.create(START, kind=KeyKind.GOST_256) for _ in range(8)]
    crossed = tuple(
        cross_signed(one.intermediate_leaf, by=other.intermediate_leaf)
        for one in crowd
        for other in crowd
    )[:31]
    leaf = crowd[0].issue_person(IIN, NAME)
    trusted = TestAuthority.create(START, kind=KeyKind.GOST_256)
    with pytest.raises(RefusedError) as refused:
        Trust((trusted.root,), (), ALGORITHMS).chain(leaf.certificate, crossed, START)
    assert refused.value.code == "untrusted"


def test_a_cross_signed_intermediate_leads_to_the_trusted_root(authority: TestAuthority) -> None:
    """Two certificates of one intermediate: an older root's, and that of the one we trust."""
    newer = TestAuthority.create(START, kind=KeyKind.GOST_256)
    crossed = cross_signed(authority.intermediate_leaf, by=newer.root_leaf)
    leaf = authority.issue_person(IIN, NAME)
    carried = (authority.intermediate, crossed)
    for anchors in ((newer.root,), (authority.root,), (authority.root, newer.root)):
        for order in (carried, carried[::-1]):
            chain = Trust(anchors, (), ALGORITHMS).chain(leaf.certificate, order, START)
            assert chain.certificates[-1] == leaf.certificate
            assert chain.certificates[0] in anchors


def test_a_heap_of_certificates_is_sorted_out(authority: TestAuthority, head: Leaf) -> None:
    heap = (head.certificate, authority.intermediate, authority.root)
    assert sorted_out(heap) == ((authority.root,), (authority.intermediate,))
    # Where the root is missing, the intermediate is what the folder trusts.
    assert sorted_out(heap[:2]) == ((authority.intermediate,), ())


def test_the_command_finds_the_intermediate_in_the_folder(
    authority: TestAuthority, head: Leaf, tmp_path: Path
) -> None:
    (tmp_path / "anchors").mkdir()
    bundle = pem(authority.root, "CERTIFICATE") + pem(authority.intermediate, "CERTIFICATE")
    (tmp_path / "anchors" / "all.pem").write_bytes(bundle)
    alone = authority.sign_cms(head, CONTENT, with_chain=False)
    (tmp_path / "alone.cms").write_bytes(base64.encodebytes(alone))
    at = ("--at", "2026-08-05T05:00:00Z")
    command = ["check", str(tmp_path / "alone.cms"), "--anchors", str(tmp_path / "anchors"), *at]
    told = CliRunner().invoke(app, command)
    assert (told.exit_code, BIN in told.stdout) == (0, True)
    (tmp_path / "anchors" / "all.pem").write_bytes(pem(authority.root, "CERTIFICATE"))
    told = CliRunner().invoke(app, command)
    assert (told.exit_code, "untrusted" in told.stdout) == (1, True)


def test_a_chain_is_remembered_no_longer_than_it_runs(authority: TestAuthority) -> None:
    leaf = authority.issue_person(IIN, NAME)
    trust = Trust((authority.root,), (authority.intermediate,), ALGORITHMS)
    first = trust.chain(leaf.certificate, (), START)
    assert trust.chain(leaf.certificate, (), START + timedelta(days=1)) is first
    with pytest.raises(RefusedError) as refused:
        trust.chain(leaf.certificate, (), first.until + timedelta(minutes=1))
    assert refused.value.code == "expired"


def test_a_certificate_of_old_gost_is_named_by_the_command(
    authority: TestAuthority, head: Leaf, tmp_path: Path
) -> None:
    """Key and signature by GOST 34.310-2004, in both arcs in which it was written."""
    (tmp_path / "anchors").mkdir()
    (tmp_path / "anchors" / "root.cer").write_bytes(authority.root)
    for key, signature in (
        ("1.2.398.3.10.1.1.1.1", "1.2.398.3.10.1.1.1.2"),
        ("1.3.6.1.4.1.6801.1.5.8", "1.3.6.1.4.1.6801.1.2.2"),
    ):
        old = x509.Certificate.load(head.certificate)
        inside = old["tbs_certificate"]
        inside["signature"] = {"algorithm": signature}
        old["signature_algorithm"] = {"algorithm": signature}
        info = core.Sequence.load(strange_key_info(key))
        inside["subject_public_key_info"] = x509.PublicKeyInfo.load(info.dump())
        (tmp_path / "old.cer").write_bytes(old.dump(force=True))
        command = ["certificate", str(tmp_path / "old.cer"), "--anchors", str(tmp_path / "anchors")]
        told = CliRunner().invoke(app, command)
        assert told.exit_code == 1, told.output
        assert "GOST 34.310-2004" in told.stdout
        assert "new key" in told.stdout
        assert IIN in told.stdout


def strange_key_info(key: str) -> bytes:
    """SubjectPublicKeyInfo of a key that nobody here can read."""
    algorithm: bytes = core.ObjectIdentifier(key).dump() + core.Null().dump()
    bits: bytes = core.BitString(tuple([1, 0] * 256)).dump()
    inner = bytes([0x30, len(algorithm)]) + algorithm + bits
    return bytes([0x30, len(inner)]) + inner


def test_a_certificate_is_read_without_the_library_that_builds_chains(head: Leaf) -> None:
    """It changes asn1crypto for everybody when it is imported; reading must not rest on that."""
    program = (
        "import sys; from dauys.identity.signature.certificates import read_certificate;"
        "read_certificate(sys.stdin.buffer.read()); print('pyhanko_certvalidator' in sys.modules)"
    )
    done = subprocess.run(
        [sys.executable, "-c", program], input=head.certificate, capture_output=True, check=False
    )
    assert done.stdout == b"False\n", done.stderr


def test_hardly_a_bit_of_a_message_may_change(authority: TestAuthority) -> None:
    """What may: the message's version, and how the signer's issuer is spelled, not what it says."""
    if authority.root_leaf.key.kind is not KeyKind.RSA:
        pytest.skip("the same for every key; RSA is quick")
    trust = Trust((authority.root,), (authority.intermediate,), ALGORITHMS)
    leaf = authority.issue_person(IIN, NAME)
    signed = authority.sign_cms(leaf, CONTENT[:20], with_chain=False)
    passed = []
    for place in range(len(signed)):
        changed = bytearray(signed)
        changed[place] ^= 1 << place % 8
        try:
            message = read_signed_message(bytes(changed))
            check_signed_message(message, ALGORITHMS)
            trust.chain(message.certificate, (), START)
        except RefusedError:
            continue
        assert message.content == CONTENT[:20]
        passed.append(place)
    assert len(passed) <= 2, passed


def test_anchors_are_loaded_strictly() -> None:
    with pytest.raises(RefusedError):
        Trust((b"rubbish",), (), ALGORITHMS)
    with pytest.raises(RefusedError):
        load_certificate(b"")
