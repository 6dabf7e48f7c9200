"""Identity without a country: member numbers, codes by letter, certificates of any authority."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.hazmat.primitives.serialization.pkcs7 import PKCS7Options, PKCS7SignatureBuilder
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID
from typer.testing import CliRunner

from dauys.cli.main import app
from dauys.core.errors import MalformedError, RefusedError
from dauys.core.ids import ContestId
from dauys.identity.generic.certificates import CertificateSettings, profile
from dauys.identity.generic.numbers import MembershipNumbers
from dauys.identity.register import (
    RegisterRules,
    import_register,
    read_table,
    suggest_mapping,
)
from dauys.identity.settings import IdentitySettings, read_settings
from dauys.identity.signature.certificates import read_certificate
from dauys.identity.signature.cms import check_signed_message, read_signed_message
from tests.web.walk import national

NUMBERS = MembershipNumbers(r"M-[0-9]{6}")


@pytest.mark.parametrize("typed", ["M-000123", " m-000123", "m-000 123", "M-000123\u2009"])
def test_a_number_has_one_form_however_it_is_typed(typed: str) -> None:
    assert NUMBERS.parse(typed).digits == "M-000123"


@pytest.mark.parametrize(
    "typed", ["", "M-00012", "000123", "M-000123'", "М-000123", "M-٠٠٠١٢٣", "M-000123\x00"]
)
def test_what_is_no_number_is_said_to_be_none_and_not_repeated(typed: str) -> None:
    with pytest.raises(MalformedError, match="not_the_form") as refused:
        NUMBERS.parse(typed)
    assert typed == "" or typed not in str(refused.value)


def test_a_masked_number_and_a_pattern_that_is_none() -> None:
    assert NUMBERS.mask("M-000123") == "M-0••••23"
    with pytest.raises(MalformedError, match="pattern"):
        MembershipNumbers("M-[0-9")


FILE = """
[numbers]
pattern = "M-[0-9]{6}"
label = { kk = "Билет", ru = "Билет", en = "Card" }
[certificates]
number = "0.9.2342.19200300.100.1.1"
"""


def test_the_operators_file_says_what_numbers_and_keys_voters_have() -> None:
    found = read_settings(FILE, {}, Path())
    assert found.numbering is not None
    assert found.numbering.parse("m-000123").digits == "M-000123"
    assert found.numbering.words.label.en == "Card"
    assert found.certificates == CertificateSettings("0.9.2342.19200300.100.1.1")
    assert read_settings("", {}, Path()) == IdentitySettings()


@pytest.mark.parametrize(
    ("wrong", "place"),
    [
        (FILE.replace('"M-[0-9]{6}"', '"M-[0-9"'), "pattern"),
        (FILE.replace('ru = "Билет", ', ""), "numbers.label"),
        (FILE.replace("0.9.2342", "uid.2342"), "certificates.number"),
        (FILE.replace("pattern", "patern"), "patern"),
    ],
)
def test_an_operators_file_with_a_slip_is_not_half_believed(wrong: str, place: str) -> None:
    with pytest.raises(MalformedError, match=place):
        read_settings(wrong, {}, Path())


def test_a_register_of_members_needs_no_country() -> None:
    rules = RegisterRules({"Union": ContestId("union")}, NUMBERS)
    table = read_table(
        b"Membership;Name\nm-000 123;Aliya\nM-12;Bolat\nM-000123;Dana\n", "members.csv"
    )
    report = import_register(table, suggest_mapping(table.columns), rules)
    assert [(v.number, v.category) for v in report.voters] == [("M-000123", "member")]
    assert [(p.row, p.code) for p in report.problems] == [
        (3, "not_the_form"),
        (4, "duplicate_number"),
    ]


KEY = ec.generate_private_key(ec.SECP256R1())
SETTINGS = CertificateSettings(
    number="0.9.2342.19200300.100.1.1",
    purposes=(ExtendedKeyUsageOID.EMAIL_PROTECTION.dotted_string,),
)


def certificate(uid: str, *purposes: x509.ObjectIdentifier) -> x509.Certificate:
    name = x509.Name(
        [
            x509.NameAttribute(NameOID.COMMON_NAME, "A member"),
            x509.NameAttribute(NameOID.USER_ID, uid),
        ]
    )
    now = datetime.now(UTC)
    usage = dict.fromkeys(
        (
            "key_encipherment",
            "data_encipherment",
            "key_agreement",
            "key_cert_sign",
            "crl_sign",
            "encipher_only",
            "decipher_only",
        ),
        False,
    )
    builder = x509.CertificateBuilder().subject_name(name).issuer_name(name)
    builder = builder.public_key(KEY.public_key()).serial_number(7)
    builder = builder.not_valid_before(now).not_valid_after(now + timedelta(days=1))
    builder = builder.add_extension(x509.ExtendedKeyUsage(purposes), critical=False)
    signing = x509.KeyUsage(digital_signature=True, content_commitment=True, **usage)
    return builder.add_extension(signing, critical=True).sign(KEY, hashes.SHA256())


def test_a_member_signs_with_a_key_of_their_organisations_own_authority() -> None:
    made = certificate("m-000 123", ExtendedKeyUsageOID.EMAIL_PROTECTION)
    builder = PKCS7SignatureBuilder().set_data(b"the challenge")
    cms = builder.add_signer(made, KEY, hashes.SHA256()).sign(Encoding.DER, [PKCS7Options.Binary])
    meaning = profile(SETTINGS, NUMBERS)
    message = read_signed_message(cms)
    algorithm = check_signed_message(message, meaning.algorithms)
    assert (algorithm.name, message.content) == ("ecdsa-sha256", b"the challenge")
    holder = meaning.holder_of(read_certificate(message.certificate))
    assert (holder.number, holder.name, holder.organisation) == ("M-000123", "A member", None)
    tampered = cms.replace(b"the challenge", b"the Challenge")
    with pytest.raises(RefusedError, match="bad_signature"):
        check_signed_message(read_signed_message(tampered), meaning.algorithms)


def test_a_key_for_something_else_and_a_number_that_is_none_are_refused() -> None:
    meaning = profile(SETTINGS, NUMBERS)
    other = read_certificate(
        certificate("M-000123", ExtendedKeyUsageOID.CLIENT_AUTH).public_bytes(Encoding.DER)
    )
    with pytest.raises(RefusedError, match="not_for_signing"):
        meaning.require_for_signing(other)
    stranger = certificate("S-000123", ExtendedKeyUsageOID.EMAIL_PROTECTION)
    with pytest.raises(RefusedError, match="no_number"):
        meaning.holder_of(read_certificate(stranger.public_bytes(Encoding.DER)))


def test_the_command_line_speaks_of_members_and_of_nothing_of_a_country(tmp_path: Path) -> None:
    (tmp_path / "identity.toml").write_text(FILE)
    (tmp_path / "members.csv").write_text(
        "Membership;Name;Phone;E-mail\nM-000001;Aliya;+44 7400 123456;a@example.org\n"
        "940101300012;Bolat;8 701 234 56 78;nobody\nM-000003;Dana;+49 30 901820;\n"
    )
    files = (str(tmp_path / "members.csv"), "--identity", str(tmp_path / "identity.toml"))
    told = CliRunner().invoke(app, ["register", "check", *files, "--region", "Union=union"])
    assert told.exit_code == 1
    assert "Rows not taken: 2" in told.output
    assert "fixed line" in told.output
    helped = CliRunner().invoke(app, ["register", "check", "--help"])
    messages = CliRunner().invoke(app, ["messages", "cost", "--help"])
    for said in (told.output, helped.output, messages.output):
        assert national(said) == []
