"""The national CA's public test artefacts: what its own software makes is what we read.

Their numbers are wrong on purpose (strict=False), and their certificates ran out in 2023.
"""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from dauys.core.errors import RefusedError
from dauys.identity.signature.asn1 import unarmoured
from dauys.identity.signature.certificates import (
    Role,
    holder_of,
    read_certificate,
    require_for_signing,
)
from dauys.identity.signature.cms import check_signed_message, read_signed_message
from dauys.identity.signature.desk import SignatureRules
from dauys.identity.signature.trust import build_chain
from tests.unit.identity.conftest import Signing

WHEN_VALID = datetime(2022, 6, 1, tzinfo=UTC)
TODAY = datetime(2026, 8, 5, tzinfo=UTC)


def code_of(refused: pytest.ExceptionInfo[RefusedError]) -> str:
    return refused.value.code


def test_a_signature_by_the_national_software_holds(nca: Path) -> None:
    message = read_signed_message((nca / "rsa_attached.cms").read_bytes())
    assert message.content == b"test123"
    assert check_signed_message(message).name == "rsa-sha256"
    certificate = read_certificate(message.certificate)
    require_for_signing(certificate)
    holder = holder_of(certificate, right_to_sign=False, strict=False)
    assert (holder.iin, holder.bin, holder.role) == ("123456789011", None, Role.INDIVIDUAL)
    assert holder.name == "ТЕСТОВ ТЕСТ ТЕСТОВИЧ"


def test_a_changed_byte_of_it_does_not_hold(nca: Path) -> None:
    data = (nca / "rsa_attached.cms").read_bytes()
    with pytest.raises(RefusedError) as refused:
        check_signed_message(read_signed_message(data.replace(b"test123", b"test124")))
    assert code_of(refused) == "bad_signature"


def test_it_is_no_answer_to_a_challenge(nca: Path) -> None:
    anchor = unarmoured((nca / "nca_rsa_test.crt").read_bytes())
    signing = Signing((anchor,), SignatureRules(strict_numbers=False))
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


def test_holders_of_gost_keys_are_read_all_the_same(nca: Path) -> None:
    person = read_certificate((nca / "gost_individual_valid.cer").read_bytes())
    head = read_certificate((nca / "gost_head.cer").read_bytes())
    require_for_signing(head)
    assert holder_of(person, right_to_sign=False, strict=False).role is Role.INDIVIDUAL
    holder = holder_of(head, right_to_sign=False, strict=False)
    assert holder.role is Role.FIRST_HEAD
    assert holder.bin == "123456789021"
    assert holder.organisation
