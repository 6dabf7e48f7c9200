"""`[[email]]` of the operator's `identity.toml`: mail servers, in the order they are tried."""

from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Final
from urllib.parse import urlsplit

import msgspec
from msgspec import Meta

from dauys.core.errors import MalformedError
from dauys.identity.email import normalise_address
from dauys.identity.messages.gateways.mail import MailGateway, Security
from dauys.identity.secrets import read_secret

_HERE: Final = frozenset({"127.0.0.1", "::1", "localhost"})


class EmailSettings(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One `[[email]]`. `server` is `smtps://host:port` (TLS) or `smtp://host:port` (STARTTLS).

    `smtp+plain://` is for a relay on this machine. `trusted` names a file of certificates (PEM)
    that the server's may be issued by, beside those that this machine trusts.
    """

    server: Annotated[str, Meta(max_length=200)]
    sender: Annotated[str, Meta(max_length=254)]
    name: Annotated[str, Meta(pattern=r"\A[a-z0-9][a-z0-9-]{0,19}\Z")] = "mail"
    login: Annotated[str, Meta(max_length=200)] = ""
    secret_file: str = ""
    secret_env: str = ""
    trusted: str = ""
    timeout_s: Annotated[float, Meta(gt=0, le=60)] = 10.0


def mail_gateways(
    read: tuple[EmailSettings, ...], environment: Mapping[str, str], folder: Path
) -> tuple[MailGateway, ...]:
    """The servers that these settings describe. Raises MalformedError, never with a secret."""
    names = [one.name for one in read]
    if len(set(names)) != len(names):
        raise MalformedError("email", "two servers have one name")
    return tuple(_gateway(one, environment, folder) for one in read)


def _gateway(one: EmailSettings, environment: Mapping[str, str], folder: Path) -> MailGateway:
    security, host, port = _server(one)
    try:
        sender = normalise_address(one.sender)
    except MalformedError as error:
        raise MalformedError(f"email {one.name}", "sender: not an e-mail address") from error
    secret = read_secret(f"email {one.name}", one.secret_file, one.secret_env, environment, folder)
    if bool(one.login) != bool(secret):
        raise MalformedError(f"email {one.name}", "a login, and a secret_file or secret_env")
    trusted = folder / one.trusted if one.trusted else None
    if trusted is not None and not trusted.is_file():
        raise MalformedError(f"email {one.name}", f"trusted: {one.trusted} cannot be read")
    return MailGateway(
        one.name, security, host, port, one.login, secret, sender, trusted, one.timeout_s
    )


def _server(one: EmailSettings) -> tuple[Security, str, int]:
    what = f"email {one.name}"
    try:
        parts = urlsplit(one.server)
        security, port = Security(parts.scheme), parts.port
    except ValueError as error:
        raise MalformedError(what, "server: smtps://host:port or smtp://host:port") from error
    if parts.username or parts.password:
        raise MalformedError(what, "server: without a login and a password in it")
    if not parts.hostname or parts.path.strip("/") or parts.query or parts.fragment:
        raise MalformedError(what, "server: smtps://host:port or smtp://host:port")
    if security is Security.NONE and parts.hostname not in _HERE:
        raise MalformedError(
            what, "server: codes would travel unencrypted; use smtps:// or smtp://"
        )
    return security, parts.hostname, port or security.port
