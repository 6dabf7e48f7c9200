"""A certificate authority in the profile of the national one, for tests and simulations.

Root → intermediate → signing certificates of persons and heads of organisations, with the
subject fields, key usages and CMS form that the national software makes, in RSA or GOST. It can
make bad ones too. Its anchors must never be configured where real voters sign.
"""

import hashlib
import secrets
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, ClassVar, Final, Self

from asn1crypto import cms, core, keys, x509
from asn1crypto.algos import DigestAlgorithm, SignedDigestAlgorithm

from dauys.identity.kazakhstan import certificates as national
from dauys.identity.signature import certificates as x509_names
from dauys.identity.signature.asn1 import key_bits
from dauys.scenario.test_keys import SIGNATURES, KeyKind, KeyPair, digest, load_key, new_key

YEAR: Final = timedelta(days=365)

# 69 bytes of UTF-8: as long as the national CA's own name, and over the 64 of RFC 5280.
INTERMEDIATE_NAME: Final = "ҰЛТТЫҚ КУӘЛАНДЫРУШЫ ОРТАЛЫҚ (СЫНАҚ RSA)"
ROOT_NAME: Final = "НЕГІЗГІ КО (СЫНАҚ RSA)"
OCSP_SIGNING: Final = "1.3.6.1.5.5.7.3.9"

_SIGNING: Final = frozenset({"digital_signature", "non_repudiation"})
_LOGIN: Final = frozenset({"digital_signature", "key_encipherment"})
_AUTHORITY: Final = frozenset({"key_cert_sign", "crl_sign"})


@dataclass(frozen=True, slots=True)
class Leaf:
    """A certificate (DER) with its private key."""

    certificate: bytes
    key: KeyPair = field(repr=False)


@dataclass(frozen=True, slots=True)
class Profile:
    """What a leaf says besides its subject; the default is a signing key."""

    purposes: tuple[str, ...]
    signing: bool = True
    valid: timedelta = YEAR
    starts: timedelta = timedelta(0)
    """From the authority's `now`."""
    key_identifier: bool = False
    turned: bool = False
    """Whether the fields of the subject stand in the other order."""
    string: str = "utf8_string"
    """How names are written: a choice of DirectoryString."""


class TestAuthority:
    """Issues certificates around a moment `now`. See `create`."""

    __test__: ClassVar[bool] = False  # pytest would collect it by its name

    def __init__(
        self,
        now: datetime,
        root: Leaf,
        intermediate: Leaf,
        shared_key: KeyPair | None,
        site: str = "",
    ) -> None:
        self.now = now
        self.root_leaf = root
        self.intermediate_leaf = intermediate
        self._shared_key = shared_key
        self._site = site

    @classmethod
    def create(
        cls,
        now: datetime,
        *,
        kind: KeyKind = KeyKind.RSA,
        share_key: bool = True,
        site: str = "",
    ) -> Self:
        """Make a root and an intermediate, valid for ten years around `now`.

        With `share_key` all leaves have one key pair: making one takes 50 ms or more, and a
        simulation has thousands of voters. Certificates name the OCSP responder and the lists of
        `site` (http://host:port) if there is one.
        """
        root_key, key = new_key(kind), new_key(kind)
        unsigned = Leaf(b"", root_key)
        root = _issue(unsigned, _root_name(), root_key, _authority(now, root_key, ""), _root_name())
        issued = _authority(now, key, f"{site}/root.crl" if site else "")
        intermediate = _issue(root, _intermediate_name(), key, issued, _root_name())
        return cls(now, root, intermediate, new_key(kind) if share_key else None, site)

    def save(self, folder: Path) -> None:
        """Keep certificates and keys in `folder`, unencrypted: they guard nothing."""
        folder.mkdir(parents=True, exist_ok=True)
        for name, leaf in (("root", self.root_leaf), ("intermediate", self.intermediate_leaf)):
            (folder / f"{name}.cer").write_bytes(leaf.certificate)
            (folder / f"{name}.key").write_bytes(leaf.key.save())
        (folder / "leaf.key").write_bytes(self._leaf_key().save())
        (folder / "now").write_text(self.now.isoformat())

    @classmethod
    def load(cls, folder: Path) -> Self:
        """What `save` kept; all leaves share one key."""

        def leaf(name: str) -> Leaf:
            certificate = (folder / f"{name}.cer").read_bytes()
            return Leaf(certificate, load_key((folder / f"{name}.key").read_bytes()))

        return cls(
            datetime.fromisoformat((folder / "now").read_text()),
            leaf("root"),
            leaf("intermediate"),
            load_key((folder / "leaf.key").read_bytes()),
        )

    @property
    def root(self) -> bytes:
        """Root certificate, DER: the anchor to configure."""
        return self.root_leaf.certificate

    @property
    def intermediate(self) -> bytes:
        """Certificate (DER) whose key issues the leaves."""
        return self.intermediate_leaf.certificate

    def issue_person(
        self,
        iin: str,
        name: str,
        patronymic: str = "",
        issued: Profile = Profile((x509_names.FOR_SIGNING, national.INDIVIDUAL)),
    ) -> Leaf:
        """Certificate of a person for themselves. `name` is surname and name."""
        return self.issue(_person(iin, name, patronymic), issued)

    def issue_head(
        self,
        bin_: str,
        iin: str,
        name: str,
        organisation: str,
        role: str = national.FIRST_HEAD,
    ) -> Leaf:
        """Certificate of whoever signs for an organisation; `role` is an object identifier."""
        fields = [
            *_person(iin, name, ""),
            (x509_names.ORGANISATION, organisation),
            (x509_names.UNIT, f"BIN{bin_}"),
        ]
        return self.issue(fields, Profile((x509_names.FOR_SIGNING, national.LEGAL_ENTITY, role)))

    def issue_authentication(self, iin: str, name: str) -> Leaf:
        """Certificate for logging in, which must not sign."""
        issued = Profile((x509_names.FOR_AUTHENTICATION, national.INDIVIDUAL), signing=False)
        return self.issue_person(iin, name, issued=issued)

    def issue_responder(self, issued: Profile = Profile((OCSP_SIGNING,), signing=False)) -> Leaf:
        """Certificate to answer questions about the intermediate's certificates (OCSP)."""
        return self.issue([(x509_names.COMMON_NAME, "OCSP RESPONDER (СЫНАҚ)")], issued)

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
        carried = [leaf.certificate for leaf in leaves] + [self.intermediate] * with_chain
        kinds = dict.fromkeys(leaf.key.kind for leaf in leaves)
        signed = cms.SignedData(
            {
                "version": "v1",
                "digest_algorithms": [digest_algorithm(kind) for kind in kinds],
                "encap_content_info": _content_info(content if attached else None),
                "certificates": [x509.Certificate.load(one) for one in carried],
                "signer_infos": [_signer_info(leaf, content, self.now) for leaf in leaves],
            }
        )
        return bytes(cms.ContentInfo({"content_type": "signed_data", "content": signed}).dump())

    def _leaf_key(self) -> KeyPair:
        return self._shared_key or new_key(self.intermediate_leaf.key.kind)

    def issue(self, fields: "Fields", issued: Profile) -> Leaf:
        """Certificate of whatever `fields` say."""
        key = self._leaf_key()
        starts = self.now + issued.starts
        extensions = [
            extension("key_usage", x509.KeyUsage(set(_SIGNING if issued.signing else _LOGIN)), 1),
            extension("extended_key_usage", x509.ExtKeyUsageSyntax(list(issued.purposes))),
            extension(
                "authority_key_identifier",
                {"key_identifier": _key_identifier(self.intermediate_leaf.key.key_info)},
            ),
            *_addresses(self._site),
        ]
        if issued.key_identifier:
            extensions.append(extension("key_identifier", _key_identifier(key.key_info)))
        asked = _Asked(starts, starts + issued.valid, extensions)
        subject = _name(fields[::-1] if issued.turned else fields, issued.string)
        return _issue(self.intermediate_leaf, subject, key, asked, _intermediate_name())


Fields = Sequence[tuple[str, str]]


@dataclass(frozen=True, slots=True)
class _Asked:
    starts: datetime
    ends: datetime
    extensions: list[x509.Extension]


def signature_algorithm(kind: KeyKind, *, parameters: bool = True) -> SignedDigestAlgorithm:
    """AlgorithmIdentifier of a signature; `parameters` are NULL, and at times left out."""
    null = {"parameters": core.Null()} if parameters else {}
    return SignedDigestAlgorithm({"algorithm": SIGNATURES[kind][0], **null})


def digest_algorithm(kind: KeyKind) -> DigestAlgorithm:
    """AlgorithmIdentifier of the digest."""
    return DigestAlgorithm({"algorithm": SIGNATURES[kind][1], "parameters": core.Null()})


def extension(name: str, value: Any, critical: int = 0) -> x509.Extension:  # noqa: ANN401 - an asn1crypto value
    """Extension of a certificate."""
    written = {"extn_id": name, "critical": bool(critical), "extn_value": value}
    return x509.Extension(written)


def _issue(
    issuer: Leaf, subject: x509.Name, key: KeyPair, asked: _Asked, issuer_name: x509.Name
) -> Leaf:
    """Certificate of `key`, signed by the key of `issuer`."""
    algorithm = signature_algorithm(issuer.key.kind)
    unsigned = x509.TbsCertificate(
        {
            "version": "v3",
            "serial_number": secrets.randbits(159) | 1 << 158,
            "signature": algorithm,
            "issuer": issuer_name,
            "validity": {"not_before": time(asked.starts), "not_after": time(asked.ends)},
            "subject": subject,
            "subject_public_key_info": keys.PublicKeyInfo.load(key.key_info),
            "extensions": asked.extensions,
        }
    )
    certificate = x509.Certificate(
        {
            "tbs_certificate": unsigned,
            "signature_algorithm": algorithm,
            "signature_value": issuer.key.sign(unsigned.dump()),
        }
    )
    return Leaf(bytes(certificate.dump()), key)


def time(moment: datetime) -> x509.Time:
    """`moment` to the second."""
    return x509.Time(name="utc_time", value=core.UTCTime(moment.astimezone(UTC)))


def _authority(now: datetime, key: KeyPair, list_address: str) -> _Asked:
    extensions = [
        extension("basic_constraints", x509.BasicConstraints({"ca": True}), 1),
        extension("key_usage", x509.KeyUsage(set(_AUTHORITY)), 1),
        extension("key_identifier", _key_identifier(key.key_info)),
    ]
    if list_address:
        extensions.append(_list_address(list_address))
    return _Asked(now - 5 * YEAR, now + 5 * YEAR, extensions)


def _addresses(site: str) -> list[x509.Extension]:
    if not site:
        return []
    responder = {
        "access_method": "ocsp",
        "access_location": x509.GeneralName("uniform_resource_identifier", f"{site}/ocsp"),
    }
    access = extension("authority_information_access", x509.AuthorityInfoAccessSyntax([responder]))
    return [access, _list_address(f"{site}/intermediate.crl")]


def _list_address(address: str) -> x509.Extension:
    names = [x509.GeneralName("uniform_resource_identifier", address)]
    point = {"distribution_point": x509.DistributionPointName("full_name", names)}
    return extension("crl_distribution_points", x509.CRLDistributionPoints([point]))


def _key_identifier(key_info: bytes) -> bytes:
    return hashlib.sha1(key_bits(key_info), usedforsecurity=False).digest()


def _name(fields: Fields, string: str = "utf8_string") -> x509.Name:
    """Fields in the order given; numbers and countries are PrintableString, the rest `string`."""
    parts = []
    for oid, text in (*fields, (x509_names.COUNTRY, "KZ")):
        printable = oid in (x509_names.SERIAL_NUMBER, x509_names.COUNTRY)
        value = x509.DirectoryString("printable_string" if printable else string, text)
        pair = x509.NameTypeAndValue({"type": oid, "value": value})
        parts.append(x509.RelativeDistinguishedName([pair]))
    return x509.Name("", x509.RDNSequence(parts))


def cross_signed(leaf: Leaf, by: Leaf) -> bytes:
    """Another certificate (DER) for the name and key of an authority, issued `by` another."""
    own = x509.Certificate.load(leaf.certificate)
    middle = own.not_valid_before + (own.not_valid_after - own.not_valid_before) / 2
    asked = _authority(middle, leaf.key, "")
    issuer = x509.Certificate.load(by.certificate).subject
    return _issue(by, own.subject, leaf.key, asked, issuer).certificate


def _root_name() -> x509.Name:
    return _name([(x509_names.COMMON_NAME, ROOT_NAME)])


def _intermediate_name() -> x509.Name:
    return _name([(x509_names.COMMON_NAME, INTERMEDIATE_NAME)])


def _person(iin: str, name: str, patronymic: str) -> Fields:
    fields = [
        (x509_names.COMMON_NAME, name),
        (x509_names.SURNAME, name.split(" ", maxsplit=1)[0]),
        (x509_names.SERIAL_NUMBER, f"IIN{iin}"),
    ]
    return [*fields, (national.PATRONYMIC, patronymic)] if patronymic else fields


def _content_info(content: bytes | None) -> dict[str, object]:
    return {"content_type": "data"} | ({} if content is None else {"content": content})


def _signer_info(leaf: Leaf, content: bytes, now: datetime) -> cms.SignerInfo:
    certificate = x509.Certificate.load(leaf.certificate)
    kind = leaf.key.kind
    values = {
        "content_type": "data",
        "signing_time": cms.Time({"utc_time": now}),
        "message_digest": digest(kind, content),
    }
    attributes = cms.CMSAttributes(
        [cms.CMSAttribute({"type": name, "values": [value]}) for name, value in values.items()]
    )
    sid = cms.IssuerAndSerialNumber(
        {"issuer": certificate.issuer, "serial_number": certificate.serial_number}
    )
    return cms.SignerInfo(
        {
            "version": "v1",
            "sid": cms.SignerIdentifier({"issuer_and_serial_number": sid}),
            "digest_algorithm": digest_algorithm(kind),
            "signed_attrs": attributes,
            "signature_algorithm": signature_algorithm(kind),
            "signature": leaf.key.sign(attributes.dump()),
        }
    )
