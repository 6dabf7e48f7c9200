"""A certificate authority in the profile of the national one, for tests and simulations.

Root → intermediate → signing certificates of persons and heads of organisations, with the
subject fields, key usages and CMS form that the national software makes, in RSA. It can
make bad ones too. Its anchors must never be configured where real voters sign.
"""

import hashlib
import warnings
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import ClassVar, Final, Self

from asn1crypto import cms
from asn1crypto import x509 as asn1_x509
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import padding, rsa
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    load_pem_private_key,
)
from cryptography.x509.oid import NameOID, ObjectIdentifier

from dauys.identity.signature import certificates as profile

KEY_BITS: Final = 2048
YEAR: Final = timedelta(days=365)

# 69 bytes of UTF-8: as long as the national CA's own name, and over the 64 of RFC 5280.
INTERMEDIATE_NAME: Final = "ҰЛТТЫҚ КУӘЛАНДЫРУШЫ ОРТАЛЫҚ (СЫНАҚ RSA)"


@dataclass(frozen=True, slots=True)
class Leaf:
    """A certificate (DER) with its private key."""

    certificate: bytes
    key: rsa.RSAPrivateKey = field(repr=False)


@dataclass(frozen=True, slots=True)
class Profile:
    """What a leaf says besides its subject; the default is a signing key."""

    purposes: tuple[str, ...]
    signing: bool = True
    valid: timedelta = YEAR
    starts: timedelta = timedelta(0)
    """From the authority's `now`."""


class TestAuthority:
    """Issues certificates around a moment `now`. See `create`."""

    __test__: ClassVar[bool] = False  # pytest would collect it by its name

    def __init__(
        self, now: datetime, root: Leaf, intermediate: Leaf, shared_key: rsa.RSAPrivateKey | None
    ) -> None:
        self._now = now
        self._root = root
        self._intermediate = intermediate
        self._shared_key = shared_key

    @classmethod
    def create(cls, now: datetime, *, share_key: bool = True) -> Self:
        """Make a root and an intermediate, valid for ten years around `now`.

        With `share_key` all leaves have one key pair: making one takes 50 ms or more, and a
        simulation has thousands of voters.
        """
        root_key, key = _new_key(), _new_key()
        root_name = _name([(NameOID.COMMON_NAME, "НЕГІЗГІ КО (СЫНАҚ RSA)")])
        name = _intermediate_name()
        root = _issue_ca(root_name, root_key, root_name, root_key, now)
        intermediate = _issue_ca(name, key, root_name, root_key, now)
        return cls(
            now,
            Leaf(root.public_bytes(Encoding.DER), root_key),
            Leaf(intermediate.public_bytes(Encoding.DER), key),
            _new_key() if share_key else None,
        )

    def save(self, folder: Path) -> None:
        """Keep certificates and keys in `folder`, unencrypted: they guard nothing."""
        folder.mkdir(parents=True, exist_ok=True)
        for name, leaf in (("root", self._root), ("intermediate", self._intermediate)):
            (folder / f"{name}.cer").write_bytes(leaf.certificate)
            (folder / f"{name}.key").write_bytes(_key_bytes(leaf.key))
        (folder / "leaf.key").write_bytes(_key_bytes(self._shared_key or _new_key()))
        (folder / "now").write_text(self._now.isoformat())

    @classmethod
    def load(cls, folder: Path) -> Self:
        """What `save` kept; all leaves share one key."""

        def leaf(name: str) -> Leaf:
            certificate = (folder / f"{name}.cer").read_bytes()
            return Leaf(certificate, _load_key((folder / f"{name}.key").read_bytes()))

        return cls(
            datetime.fromisoformat((folder / "now").read_text()),
            leaf("root"),
            leaf("intermediate"),
            _load_key((folder / "leaf.key").read_bytes()),
        )

    @property
    def root(self) -> bytes:
        """Root certificate, DER: the anchor to configure."""
        return self._root.certificate

    @property
    def intermediate(self) -> bytes:
        """Certificate (DER) whose key issues the leaves."""
        return self._intermediate.certificate

    def issue_person(
        self,
        iin: str,
        name: str,
        patronymic: str = "",
        issued: Profile = Profile((profile.FOR_SIGNING, profile.INDIVIDUAL)),
    ) -> Leaf:
        """Certificate of a person for themselves. `name` is surname and name."""
        return self._issue(_person(iin, name, patronymic), issued)

    def issue_head(
        self,
        bin_: str,
        iin: str,
        name: str,
        organisation: str,
        role: str = profile.FIRST_HEAD,
    ) -> Leaf:
        """Certificate of whoever signs for an organisation; `role` is an object identifier."""
        fields = [
            *_person(iin, name, ""),
            (NameOID.ORGANIZATION_NAME, organisation),
            (NameOID.ORGANIZATIONAL_UNIT_NAME, f"BIN{bin_}"),
        ]
        return self._issue(fields, Profile((profile.FOR_SIGNING, profile.LEGAL_ENTITY, role)))

    def issue_authentication(self, iin: str, name: str) -> Leaf:
        """Certificate for logging in, which must not sign."""
        issued = Profile((profile.FOR_AUTHENTICATION, profile.INDIVIDUAL), signing=False)
        return self.issue_person(iin, name, issued=issued)

    def sign_cms(
        self,
        signer: Leaf,
        content: bytes,
        *,
        with_chain: bool = True,
        attached: bool = True,
        with_signers: Sequence[Leaf] = (),
    ) -> bytes:
        """CMS of `content`, DER, as the national software makes it.

        That software leaves the intermediate out, as `with_chain=False` does. `attached=False`
        leaves the content out, `with_signers` adds more signatures: both bad.
        """
        leaves = (signer, *with_signers)
        infos = [_signer_info(leaf, content, self._now) for leaf in leaves]
        carried = [leaf.certificate for leaf in leaves] + [self.intermediate] * with_chain
        signed = cms.SignedData(
            {
                "version": "v1",
                "digest_algorithms": [{"algorithm": "sha256"}],
                "encap_content_info": _content_info(content if attached else None),
                "certificates": [asn1_x509.Certificate.load(one) for one in carried],
                "signer_infos": infos,
            }
        )
        return bytes(cms.ContentInfo({"content_type": "signed_data", "content": signed}).dump())

    def revocation_list(self, revoked: Sequence[Leaf]) -> bytes:
        """CRL of the intermediate, DER, valid for a day."""
        builder = (
            x509.CertificateRevocationListBuilder()
            .issuer_name(_intermediate_name())
            .last_update(self._now)
            .next_update(self._now + timedelta(days=1))
        )
        for leaf in revoked:
            serial = x509.load_der_x509_certificate(leaf.certificate).serial_number
            entry = x509.RevokedCertificateBuilder().serial_number(serial)
            builder = builder.add_revoked_certificate(entry.revocation_date(self._now).build())
        return builder.sign(self._intermediate.key, hashes.SHA256()).public_bytes(Encoding.DER)

    def _issue(self, fields: list[tuple[ObjectIdentifier, str]], issued: Profile) -> Leaf:
        key = self._shared_key or _new_key()
        issuer_key = self._intermediate.key.public_key()
        starts = self._now + issued.starts
        builder = (
            x509.CertificateBuilder()
            .subject_name(_name(fields))
            .issuer_name(_intermediate_name())
            .public_key(key.public_key())
            .serial_number(x509.random_serial_number())
            .not_valid_before(starts)
            .not_valid_after(starts + issued.valid)
            .add_extension(_key_usage(signing=issued.signing), critical=True)
            .add_extension(_purposes(issued.purposes), critical=False)
            .add_extension(
                x509.AuthorityKeyIdentifier.from_issuer_public_key(issuer_key),
                critical=False,
            )
        )
        certificate = builder.sign(self._intermediate.key, hashes.SHA256())
        return Leaf(certificate.public_bytes(Encoding.DER), key)


def _key_bytes(key: rsa.RSAPrivateKey) -> bytes:
    return key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())


def _load_key(data: bytes) -> rsa.RSAPrivateKey:
    key = load_pem_private_key(data, None)
    if not isinstance(key, rsa.RSAPrivateKey):
        raise TypeError("the test authority's keys are RSA")
    return key


def _new_key() -> rsa.RSAPrivateKey:
    return rsa.generate_private_key(public_exponent=65537, key_size=KEY_BITS)


def _name(fields: Sequence[tuple[ObjectIdentifier, str]]) -> x509.Name:
    # The CA's real names are longer than RFC 5280 allows: no check, and no warning.
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", UserWarning)
        written = [x509.NameAttribute(oid, text, _validate=False) for oid, text in fields]
    return x509.Name([*written, x509.NameAttribute(NameOID.COUNTRY_NAME, "KZ")])


def _intermediate_name() -> x509.Name:
    return _name([(NameOID.COMMON_NAME, INTERMEDIATE_NAME)])


def _person(iin: str, name: str, patronymic: str) -> list[tuple[ObjectIdentifier, str]]:
    fields = [
        (NameOID.COMMON_NAME, name),
        (NameOID.SURNAME, name.split(" ", maxsplit=1)[0]),
        (NameOID.SERIAL_NUMBER, f"IIN{iin}"),
    ]
    return [*fields, (NameOID.GIVEN_NAME, patronymic)] if patronymic else fields


def _issue_ca(
    name: x509.Name,
    key: rsa.RSAPrivateKey,
    issuer: x509.Name,
    issuer_key: rsa.RSAPrivateKey,
    now: datetime,
) -> x509.Certificate:
    builder = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(issuer)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - 5 * YEAR)
        .not_valid_after(now + 5 * YEAR)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .add_extension(_key_usage(authority=True), critical=True)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
    )
    return builder.sign(issuer_key, hashes.SHA256())


def _key_usage(*, signing: bool = False, authority: bool = False) -> x509.KeyUsage:
    return x509.KeyUsage(
        digital_signature=not authority,
        content_commitment=signing,
        key_encipherment=not signing and not authority,
        data_encipherment=False,
        key_agreement=False,
        key_cert_sign=authority,
        crl_sign=authority,
        encipher_only=False,
        decipher_only=False,
    )


def _purposes(oids: Sequence[str]) -> x509.ExtendedKeyUsage:
    return x509.ExtendedKeyUsage([ObjectIdentifier(oid) for oid in oids])


def _content_info(content: bytes | None) -> dict[str, object]:
    return {"content_type": "data"} | ({} if content is None else {"content": content})


def _signer_info(leaf: Leaf, content: bytes, now: datetime) -> cms.SignerInfo:
    certificate = asn1_x509.Certificate.load(leaf.certificate)
    signing_time = cms.Time({"utc_time": now})
    attributes = cms.CMSAttributes(
        [
            cms.CMSAttribute({"type": "content_type", "values": ["data"]}),
            cms.CMSAttribute({"type": "signing_time", "values": [signing_time]}),
            cms.CMSAttribute(
                {"type": "message_digest", "values": [hashlib.sha256(content).digest()]}
            ),
        ]
    )
    sid = cms.IssuerAndSerialNumber(
        {"issuer": certificate.issuer, "serial_number": certificate.serial_number}
    )
    return cms.SignerInfo(
        {
            "version": "v1",
            "sid": cms.SignerIdentifier({"issuer_and_serial_number": sid}),
            "digest_algorithm": {"algorithm": "sha256"},
            "signed_attrs": attributes,
            "signature_algorithm": {"algorithm": "sha256_rsa"},
            "signature": leaf.key.sign(attributes.dump(), padding.PKCS1v15(), hashes.SHA256()),
        }
    )
