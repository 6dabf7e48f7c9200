"""What the operator says about messages: gateways in order, prices, limits. A TOML file.

Secrets are named there and kept elsewhere: `secret_file` or `secret_env`. docs/operating.md
has an example of each gateway.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from decimal import Decimal
from pathlib import Path
from typing import Annotated, Final

import msgspec
from msgspec import Meta

from dauys.core.errors import MalformedError
from dauys.identity.code_limits import CodeLimits
from dauys.identity.messages.gateway import Gateway

_WHAT: Final = "messages.toml"
Name = Annotated[str, Meta(pattern=r"^[a-z0-9][a-z0-9-]{0,19}$")]
Seconds = Annotated[float, Meta(gt=0, le=60)]
Count = Annotated[int, Meta(ge=1, le=10_000_000)]
Minutes = Annotated[int, Meta(ge=1, le=1440)]


class GatewaySettings(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One `[[gateway]]`. `url` is `https://…`, or `smpp://host:port`."""

    kind: str
    name: Name
    url: Annotated[str, Meta(min_length=1, max_length=200)]
    login: str = ""
    secret_file: str = ""
    secret_env: str = ""
    callback_secret_file: str = ""
    callback_secret_env: str = ""
    sender: Annotated[str, Meta(max_length=20)] = ""
    price: Decimal = Decimal(0)
    """Of one segment, in `currency`."""
    timeout_s: Seconds = 10.0
    connect_s: Seconds = 4.0


class LimitSettings(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """`[limits]`: what is not written stays as `CodeLimits` has it."""

    lifetime_minutes: Annotated[int, Meta(ge=2, le=15)] | None = None
    window_minutes: Minutes | None = None
    per_voter: Count | None = None
    per_known_device: Count | None = None
    per_phone: Count | None = None
    crowd_minutes: Minutes | None = None
    per_device: Count | None = None
    per_address: Count | None = None
    per_network: Count | None = None
    per_block: Count | None = None
    per_entered: Annotated[int, Meta(ge=0, le=100)] | None = None
    budget_hour: Count | None = None
    budget_day: Count | None = None


class FileSettings(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The whole file."""

    gateway: tuple[GatewaySettings, ...] = ()
    currency: Annotated[str, Meta(max_length=10)] = "KZT"
    limits: LimitSettings = LimitSettings()


@dataclass(frozen=True, slots=True)
class Price:
    """What one segment costs at a gateway."""

    gateway: str
    per_segment: Decimal


@dataclass(frozen=True, slots=True)
class MessageSettings:
    """The file as the office uses it. `gateways` makes them anew, in order."""

    gateways: Callable[[], tuple[Gateway, ...]] = field(default=tuple, repr=False)
    names: tuple[str, ...] = ()
    prices: tuple[Price, ...] = ()
    currency: str = "KZT"
    limits: CodeLimits = field(default_factory=CodeLimits)


def read_settings(text: str, environment: Mapping[str, str], folder: Path) -> MessageSettings:
    """Read the file; relative `secret_file`s are under `folder`.

    Raises MalformedError: the reason names the place and never a secret.
    """
    try:
        read = msgspec.toml.decode(text, type=FileSettings)
    except (msgspec.DecodeError, msgspec.ValidationError) as error:
        raise MalformedError(_WHAT, str(error)) from error
    names = [one.name for one in read.gateway]
    if len(set(names)) != len(names):
        raise MalformedError(_WHAT, "two gateways have one name")
    secrets = tuple(_secrets(one, environment, folder) for one in read.gateway)
    for one in read.gateway:
        _check(one)
    return MessageSettings(
        gateways=lambda: tuple(
            _gateway(one, *pair) for one, pair in zip(read.gateway, secrets, strict=True)
        ),
        names=tuple(names),
        prices=tuple(Price(one.name, one.price) for one in read.gateway),
        currency=read.currency,
        limits=_limits(read.limits),
    )


def _secrets(one: GatewaySettings, environment: Mapping[str, str], folder: Path) -> tuple[str, str]:
    """The account's secret, and that of its callbacks (or empty)."""
    secret = _secret(one.name, one.secret_file, one.secret_env, environment, folder)
    if not secret:
        raise MalformedError(_WHAT, f"{one.name}: no secret_file or secret_env")
    files = one.callback_secret_file, one.callback_secret_env
    return secret, _secret(one.name, *files, environment, folder)


def _secret(
    name: str, file: str, variable: str, environment: Mapping[str, str], folder: Path
) -> str:
    if file and variable:
        raise MalformedError(_WHAT, f"{name}: a file and a variable for one secret")
    if file:
        try:
            secret = (folder / file).read_text(encoding="utf-8").strip()
        except (OSError, UnicodeDecodeError) as error:
            raise MalformedError(_WHAT, f"{name}: {file} cannot be read") from error
    elif variable:
        secret = environment.get(variable, "").strip()
    else:
        return ""
    if not secret:
        raise MalformedError(_WHAT, f"{name}: {file or variable} is empty")
    return secret


def _check(one: GatewaySettings) -> None:
    """Raise MalformedError for an unknown kind, or an address that it does not speak to."""
    if one.kind not in _KINDS:
        raise MalformedError(_WHAT, f"{one.name}: no gateway of the kind {one.kind}")
    plain_here = one.url.startswith(("http://127.0.0.1:", "http://localhost:"))
    http = one.url.startswith("https://") or plain_here
    if not (one.url.startswith("smpp://") if one.kind == "smpp" else http):
        raise MalformedError(_WHAT, f"{one.name}: the url must begin with https:// (smpp://)")


def _smsc(one: GatewaySettings, secret: str, callback: str) -> Gateway:
    from dauys.identity.messages.gateways.http import Post  # noqa: PLC0415 -- aiohttp is slow to load
    from dauys.identity.messages.gateways.smsc import SmscGateway  # noqa: PLC0415 -- likewise

    post = Post(one.url, one.timeout_s, one.connect_s)
    return SmscGateway(one.name, post, one.login, secret, one.sender, callback)


def _mobizon(one: GatewaySettings, secret: str, _callback: str) -> Gateway:
    from dauys.identity.messages.gateways.http import Post  # noqa: PLC0415 -- likewise
    from dauys.identity.messages.gateways.mobizon import MobizonGateway  # noqa: PLC0415 -- likewise

    post = Post(one.url, one.timeout_s, one.connect_s)
    return MobizonGateway(one.name, post, secret, one.sender)


def _kazinfoteh(one: GatewaySettings, secret: str, _callback: str) -> Gateway:
    from dauys.identity.messages.gateways.http import Post  # noqa: PLC0415 -- likewise
    from dauys.identity.messages.gateways.kazinfoteh import KazInfoTehGateway  # noqa: PLC0415 -- likewise

    post = Post(one.url, one.timeout_s, one.connect_s)
    return KazInfoTehGateway(one.name, post, one.login, secret, one.sender)


def _smpp(one: GatewaySettings, secret: str, _callback: str) -> Gateway:
    from dauys.identity.messages.gateways.smpp import SmppGateway  # noqa: PLC0415 -- likewise

    host, _, port = one.url.removeprefix("smpp://").rstrip("/").rpartition(":")
    try:
        number = int(port)
    except ValueError as error:
        raise MalformedError(_WHAT, f"{one.name}: smpp://host:port") from error
    return SmppGateway(
        one.name, host, number, one.login, secret, one.sender, one.timeout_s, one.connect_s
    )


_KINDS: Final = {"smsc": _smsc, "mobizon": _mobizon, "kazinfoteh": _kazinfoteh, "smpp": _smpp}
"""Every protocol that is spoken. A new one is a line here and a module in `gateways/`."""


def _gateway(one: GatewaySettings, secret: str, callback: str) -> Gateway:
    return _KINDS[one.kind](one, secret, callback)


def _limits(read: LimitSettings) -> CodeLimits:
    """The default limits with what the file says otherwise."""
    spans = {"lifetime_minutes": "lifetime", "window_minutes": "window", "crowd_minutes": "crowd"}
    values: dict[str, object] = {}
    for name, value in msgspec.structs.asdict(read).items():
        if value is None:
            continue
        values[spans.get(name, name)] = timedelta(minutes=value) if name in spans else value
    return CodeLimits(**values)  # type: ignore[arg-type]  # fields of CodeLimits, by name
