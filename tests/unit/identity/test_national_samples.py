"""The national CA's public test artefacts: what its own software makes is what we read.

Their numbers are wrong on purpose (strict=False). The RSA certificates ran out in 2023, the GOST
ones run out in 2027.
"""

import random
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from asn1crypto import cms, crl

from dauys.core.errors import RefusedError
from dauys.identity.kazakhstan.algorithms import ALGORITHMS
from dauys.identity.kazakhstan.certificates import NumberRule, Role, profile
from dauys.identity.signature.asn1 import unarmoured
from dauys.identity.signature.certificates import read_certificate
from dauys.identity.signature.cms import check_signed_message, read_signed_message
from dauys.identity.signature.revocation import ListedRevocation
from dauys.identity.signature.revocation_lists import read_list, require_current
from dauys.identity.signature.trust import (
    Revocation,
    RevocationPolicy,
    TrustedChain,
    require_not_revoked,
)
from tests.unit.identity.conftest import Signing
from tests.unit.identity.national import build_chain, holder_of, require_for_signing

WHEN_VALID = datetime(2022, 6, 1, tzinfo=UTC)
TODAY = datetime(2026, 8, 5, tzinfo=UTC)


def code_of(refused: pytest.ExceptionInfo[RefusedError]) -> str:
    return refused.value.code


def test_a_signature_by_the_national_software_holds(nca: Path) -> None:
    message = read_signed_message((nca / "rsa_attached.cms").read_bytes())
    assert message.content == b"test123"
    assert check_signed_message(message, ALGORITHMS).name == "rsa-sha256"
    certificate = read_certificate(message.certificate)
    require_for_signing(certificate)
    holder = holder_of(certificate, right_to_sign=False, strict=False)
    assert (holder.person, holder.organisation, holder.role) == (
        "123456789011",
        None,
        Role.INDIVIDUAL,
    )
    assert holder.name == "ТЕСТОВ ТЕСТ ТЕСТОВИЧ"


def test_a_changed_byte_of_it_does_not_hold(nca: Path) -> None:
    data = (nca / "rsa_attached.cms").read_bytes()
    with pytest.raises(RefusedError) as refused:
        check_signed_message(read_signed_message(data.replace(b"test123", b"test124")), ALGORITHMS)
    assert code_of(refused) == "bad_signature"


def test_it_is_no_answer_to_a_challenge(nca: Path) -> None:
    anchor = unarmoured((nca / "nca_rsa_test.crt").read_bytes())
    signing = Signing((anchor,), means=profile(numbers=NumberRule.ANY))
    with pytest.raises(RefusedError) as refused:
        signing.desk.check((nca / "rsa_attached.cms").read_bytes())
    assert code_of(refused) == "wrong_content"


def test_two_signers_are_refused(nca: Path) -> None:
    with pytest.raises(RefusedError) as refused:
        read_signed_message((nca / "two_signers_gost_rsa_attached.cms").read_bytes())
    assert code_of(refused) == "two_signers"


def test_the_chain_held_in_2022_and_has_run_out_since(nca: Path) -> None:
    leaf = unarmoured((nca / "rsa_individual_sign.cer").read_bytes())
    anchors = (unarmoured((nca / "nca_rsa_test.crt").read_bytes()),)
    assert len(build_chain(leaf, anchors, (), WHEN_VALID).certificates) == 2
    with pytest.raises(RefusedError) as refused:
        build_chain(leaf, anchors, (), TODAY)
    assert code_of(refused) == "expired"
    with pytest.raises(RefusedError) as refused:
        build_chain(leaf, anchors, (), datetime(2021, 6, 1, tzinfo=UTC))
    assert code_of(refused) == "not_yet_valid"


def test_a_chain_to_another_root_is_not_trusted(nca: Path) -> None:
    leaf = unarmoured((nca / "rsa_individual_sign.cer").read_bytes())
    gost_root = unarmoured((nca / "root_test_gost_2022.cer").read_bytes())
    with pytest.raises(RefusedError) as refused:
        build_chain(leaf, (gost_root,), (), WHEN_VALID)
    assert code_of(refused) == "untrusted"


def test_a_key_for_logging_in_does_not_sign(nca: Path) -> None:
    certificate = read_certificate((nca / "rsa_individual_auth.cer").read_bytes())
    with pytest.raises(RefusedError) as refused:
        require_for_signing(certificate)
    assert code_of(refused) == "not_for_signing"


def test_wrong_numbers_pass_only_when_told(nca: Path) -> None:
    certificate = read_certificate((nca / "rsa_individual_sign.cer").read_bytes())
    with pytest.raises(RefusedError) as refused:
        holder_of(certificate, right_to_sign=False, strict=True)
    assert code_of(refused) == "no_number"


# ----------------------------------------------------------------------------- GOST

GOST_DAY = datetime(2026, 8, 12, tzinfo=UTC)
"""When the GOST leaves were valid and the list was current."""


def read(nca: Path, name: str) -> bytes:
    return unarmoured((nca / name).read_bytes())


def gost_chain(nca: Path, leaf: bytes, moment: datetime = GOST_DAY) -> TrustedChain:
    root, intermediate = read(nca, "root_test_gost_2022.cer"), read(nca, "nca_gost2022_test.cer")
    return build_chain(leaf, (root,), (intermediate,), moment)


@pytest.mark.parametrize(
    ("name", "role", "number"),
    [
        ("gost_individual_valid.cer", Role.INDIVIDUAL, None),
        ("gost_head.cer", Role.FIRST_HEAD, "123456789021"),
    ],
)
def test_gost_certificates_hold_up_to_the_root(
    nca: Path, name: str, role: Role, number: str | None
) -> None:
    leaf = read(nca, name)
    assert len(gost_chain(nca, leaf).certificates) == 3
    certificate = read_certificate(leaf)
    require_for_signing(certificate)
    holder = holder_of(certificate, right_to_sign=False, strict=False)
    assert (holder.role, holder.organisation) == (role, number)
    assert holder.person in ("123456789011", "123456789012")
    with pytest.raises(RefusedError) as refused:
        gost_chain(nca, leaf, datetime(2027, 6, 1, tzinfo=UTC))
    assert code_of(refused) == "expired"


def test_a_gost_certificate_with_any_bit_changed_does_not_hold(nca: Path) -> None:
    leaf = read(nca, "gost_head.cer")
    for place in random.Random(1).sample(range(len(leaf)), 40):
        changed = bytearray(leaf)
        changed[place] ^= 1 << place % 8
        with pytest.raises(RefusedError):
            gost_chain(nca, bytes(changed))


def test_both_signatures_of_the_message_with_two_signers_hold(nca: Path) -> None:
    data = (nca / "two_signers_gost_rsa_attached.cms").read_bytes()
    names = []
    for kept in (0, 1):
        outer = cms.ContentInfo.load(data)
        infos = outer["content"]["signer_infos"]
        outer["content"]["signer_infos"] = cms.SignerInfos([infos[kept]])
        single = outer.dump(force=True)
        names.append(check_signed_message(read_signed_message(single), ALGORITHMS).name)
        for old, new in ((b"test123", b"test124"), (infos[kept]["signature"].native[:9], b"0" * 9)):
            with pytest.raises(RefusedError) as refused:
                check_signed_message(read_signed_message(single.replace(old, new)), ALGORITHMS)
            assert code_of(refused) == "bad_signature"
    assert sorted(names) == ["gost-2015-512", "rsa-sha256"]


@pytest.mark.parametrize(
    ("name", "issuer", "entries", "day"),
    [
        ("nca_gost2022_test.crl", "nca_gost2022_test.cer", 195, GOST_DAY),
        ("nca_rsa_test.crl", "nca_rsa_test.crt", 126, datetime(2022, 9, 25, tzinfo=UTC)),
    ],
)
def test_lists_hold_and_tampered_ones_do_not(
    nca: Path, name: str, issuer: str, entries: int, day: datetime
) -> None:
    data, authority = read(nca, name), read(nca, issuer)
    listed = read_list(data, authority, ALGORITHMS)
    assert len(listed.serials) == entries
    require_current(listed, day)
    with pytest.raises(RefusedError) as refused:
        require_current(listed, day + timedelta(days=400))
    assert code_of(refused) == "expired"
    parsed = crl.CertificateList.load(data)["tbs_cert_list"]["revoked_certificates"]
    assert listed.serials == {entry["user_certificate"].native for entry in parsed}
    for place in random.Random(2).sample(range(len(data)), 20):
        changed = bytearray(data)
        changed[place] ^= 1 << place % 8
        with pytest.raises(RefusedError):
            read_list(bytes(changed), authority, ALGORITHMS)
    with pytest.raises(RefusedError) as refused:
        read_list(data, read(nca, "root_test_gost_2022.cer"), ALGORITHMS)
    assert code_of(refused) == "untrusted"


def test_the_list_speaks_for_the_chain(nca: Path) -> None:
    source = ListedRevocation((read(nca, "nca_gost2022_test.crl"),), ALGORITHMS)
    chain = gost_chain(nca, read(nca, "gost_head.cer"))
    leaf, issuer = chain.certificates[-1], chain.certificates[-2]
    assert source.status(leaf, issuer, GOST_DAY) is Revocation.GOOD
    # Nothing is known of the intermediate: the root's list is not at hand.
    policy = RevocationPolicy.IF_KNOWN
    assert require_not_revoked(chain, source, policy, GOST_DAY) is Revocation.UNKNOWN
