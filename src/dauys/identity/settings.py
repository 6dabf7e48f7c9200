"""Who says who a voter is, where an organisation has its own way. A TOML file, `identity.toml`.

Without it identity is that of Kazakhstan. docs/operating.md has an example. Secrets are named
there and kept elsewhere.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Annotated, Final

import msgspec
from msgspec import Meta

from dauys.core.errors import MalformedError
from dauys.core.forms import Text
from dauys.core.ids import MethodId
from dauys.identity.sign_in.provider import Registration

_WHAT: Final = "identity.toml"
Word = Annotated[str, Meta(pattern=r"^[a-z0-9][a-z0-9-]{0,39}$")]
Short = Annotated[str, Meta(min_length=1, max_length=80)]


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


class FileSettings(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The whole file."""

    sign_in: tuple[SignInSettings, ...] = ()


@dataclass(frozen=True, slots=True)
class SignIn:
    """A provider as the office uses it: `name` is what voters know it by."""

    method: MethodId
    name: Text
    registration: Registration


@dataclass(frozen=True, slots=True)
class IdentitySettings:
    """What the file says."""

    sign_ins: tuple[SignIn, ...] = field(default=())


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
    return IdentitySettings(tuple(_sign_in(one, environment, folder) for one in read.sign_in))


def _sign_in(one: SignInSettings, environment: Mapping[str, str], folder: Path) -> SignIn:
    if set(one.name) != {"kk", "ru", "en"}:
        raise MalformedError(_WHAT, f"{one.method}: the name in kk, ru and en")
    registration = Registration(
        issuer=one.issuer,
        client_id=one.client_id,
        client_secret=_secret(one, environment, folder),
        claim=one.claim,
        scopes=one.scopes,
        hosts=frozenset(one.hosts),
    )
    return SignIn(MethodId(one.method), Text(**one.name), registration)


def _secret(one: SignInSettings, environment: Mapping[str, str], folder: Path) -> str:
    if bool(one.secret_file) == bool(one.secret_env):
        raise MalformedError(_WHAT, f"{one.method}: a secret_file or a secret_env")
    if one.secret_env:
        secret = environment.get(one.secret_env, "")
    else:
        try:
            secret = (folder / one.secret_file).read_text(encoding="utf-8").strip()
        except OSError as error:
            raise MalformedError(_WHAT, f"{one.method}: the secret cannot be read") from error
    if not secret:
        raise MalformedError(_WHAT, f"{one.method}: the secret is empty")
    return secret
