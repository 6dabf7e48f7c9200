"""Who says who a voter is, where an organisation has its own way. A TOML file, `identity.toml`.

Without it identity is that of Kazakhstan. docs/operating.md has an example. Secrets are named
there and kept elsewhere.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Annotated, Final

import msgspec
from msgspec import Meta

from dauys.core.errors import MalformedError
from dauys.core.forms import Text
from dauys.core.ids import MethodId
from dauys.identity.generic.certificates import CertificateSettings
from dauys.identity.generic.numbers import MembershipNumbers
from dauys.identity.generic.words import NUMBERS
from dauys.identity.messages.gateways.mail import MailGateway
from dauys.identity.messages.mail_settings import EmailSettings, mail_gateways
from dauys.identity.numbering import Numbering
from dauys.identity.secrets import read_secret
from dauys.identity.sign_in.provider import Registration

_WHAT: Final = "identity.toml"
Word = Annotated[str, Meta(pattern=r"\A[a-z0-9][a-z0-9-]{0,39}\Z")]
Short = Annotated[str, Meta(min_length=1, max_length=80)]
Long = Annotated[str, Meta(min_length=1, max_length=200)]


class SignInSettings(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One `[[sign_in]]`: an OpenID Connect provider, and what its button says."""

    method: Word
    name: Mapping[str, Short]
    issuer: Annotated[str, Meta(max_length=200)]
    client_id: Short
    secret_file: str = ""
    secret_env: str = ""
    claim: Short = "sub"
    scopes: tuple[Short, ...] = ("openid",)
    hosts: tuple[Short, ...] = ()


class NumberSettings(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """`[numbers]`: what a member's number looks like, and what the voters' page calls it."""

    pattern: Annotated[str, Meta(min_length=1, max_length=200)]
    name: Mapping[str, Short] = {}
    label: Mapping[str, Short] = {}
    hint: Mapping[str, Long] = {}


class FileSettings(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The whole file."""

    sign_in: tuple[SignInSettings, ...] = ()
    numbers: NumberSettings | None = None
    certificates: CertificateSettings | None = None
    email: tuple[EmailSettings, ...] = ()


@dataclass(frozen=True, slots=True)
class SignIn:
    """A provider as the office uses it: `name` is what voters know it by."""

    method: MethodId
    name: Text
    registration: Registration


@dataclass(frozen=True, slots=True)
class IdentitySettings:
    """What the file says. None: as in Kazakhstan."""

    sign_ins: tuple[SignIn, ...] = field(default=())
    numbering: Numbering | None = None
    certificates: CertificateSettings | None = None
    mail: tuple[MailGateway, ...] = ()

    @property
    def signs(self) -> bool:
        """Whether voters have keys whose certificates name them on the register."""
        return self.certificates is not None or self.numbering is None

    @property
    def national_keys(self) -> bool:
        """Whether these keys are the country's, for which it has programs that sign."""
        return self.certificates is None and self.numbering is None


def read_settings(text: str, environment: Mapping[str, str], folder: Path) -> IdentitySettings:
    """Read the file; relative `secret_file`s are under `folder`.

    Raises MalformedError: the reason names the place and never a secret.
    """
    try:
        read = msgspec.toml.decode(text, type=FileSettings)
    except (msgspec.DecodeError, msgspec.ValidationError) as error:
        raise MalformedError(_WHAT, str(error)) from error
    methods = [one.method for one in read.sign_in]
    if len(set(methods)) != len(methods):
        raise MalformedError(_WHAT, "two ways to sign in are one method")
    return IdentitySettings(
        tuple(_sign_in(one, environment, folder) for one in read.sign_in),
        _numbering(read.numbers) if read.numbers else None,
        read.certificates,
        mail_gateways(read.email, environment, folder),
    )


def _numbering(numbers: NumberSettings) -> MembershipNumbers:
    words = replace(
        NUMBERS,
        name=_text("numbers.name", numbers.name) if numbers.name else NUMBERS.name,
        label=_text("numbers.label", numbers.label) if numbers.label else NUMBERS.label,
        hint=_text("numbers.hint", numbers.hint) if numbers.hint else NUMBERS.hint,
    )
    return MembershipNumbers(numbers.pattern, words)


def _text(place: str, said: Mapping[str, str]) -> Text:
    if set(said) != {"kk", "ru", "en"}:
        raise MalformedError(_WHAT, f"{place}: in kk, ru and en")
    return Text(**said)


def _sign_in(one: SignInSettings, environment: Mapping[str, str], folder: Path) -> SignIn:
    registration = Registration(
        issuer=one.issuer,
        client_id=one.client_id,
        client_secret=_secret(one, environment, folder),
        claim=one.claim,
        scopes=one.scopes,
        hosts=frozenset(one.hosts),
    )
    return SignIn(MethodId(one.method), _text(f"{one.method}.name", one.name), registration)


def _secret(one: SignInSettings, environment: Mapping[str, str], folder: Path) -> str:
    what = f"{_WHAT}: {one.method}"
    secret = read_secret(what, one.secret_file, one.secret_env, environment, folder)
    if not secret:
        raise MalformedError(what, "no secret_file or secret_env")
    return secret
