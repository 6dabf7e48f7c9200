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
from dauys.identity.secrets import read_secret

_WHAT: Final = "messages.toml"
Name = Annotated[str, Meta(pattern=r"\A[a-z0-9][a-z0-9-]{0,19}\Z")]
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


@dataclass(frozen=True, slots=True)
class Kind:
    """A protocol: what its addresses begin with, and a gateway from settings and two secrets."""

    scheme: str
    make: Callable[[GatewaySettings, str, str], Gateway]


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


def read_settings(
    text: str, environment: Mapping[str, str], folder: Path, kinds: Mapping[str, Kind]
) -> MessageSettings:
    """Read the file; relative `secret_file`s are under `folder`, `kind`s those of `kinds`.

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
        _check(one, kinds)
    return MessageSettings(
        gateways=lambda: tuple(
            kinds[one.kind].make(one, *pair)
            for one, pair in zip(read.gateway, secrets, strict=True)
        ),
        names=tuple(names),
        prices=tuple(Price(one.name, one.price) for one in read.gateway),
        currency=read.currency,
        limits=_limits(read.limits),
    )


def _secrets(one: GatewaySettings, environment: Mapping[str, str], folder: Path) -> tuple[str, str]:
    """The account's secret, and that of its callbacks (or empty)."""
    what = f"{_WHAT}: {one.name}"
    secret = read_secret(what, one.secret_file, one.secret_env, environment, folder)
    if not secret:
        raise MalformedError(what, "no secret_file or secret_env")
    files = one.callback_secret_file, one.callback_secret_env
    return secret, read_secret(what, *files, environment, folder)


def _check(one: GatewaySettings, kinds: Mapping[str, Kind]) -> None:
    """Raise MalformedError for an unknown kind, or an address that it does not speak to."""
    if one.kind not in kinds:
        raise MalformedError(_WHAT, f"{one.name}: no gateway of the kind {one.kind}")
    scheme = kinds[one.kind].scheme
    plain_here = one.url.startswith(("http://127.0.0.1:", "http://localhost:"))
    if not one.url.startswith(f"{scheme}://") and not (scheme == "https" and plain_here):
        raise MalformedError(_WHAT, f"{one.name}: the url must begin with {scheme}://")


def _smpp(one: GatewaySettings, secret: str, _callback: str) -> Gateway:
    from dauys.identity.messages.gateways.smpp import SmppGateway  # noqa: PLC0415 -- slow to load

    host, _, port = one.url.removeprefix("smpp://").rstrip("/").rpartition(":")
    try:
        number = int(port)
    except ValueError as error:
        raise MalformedError(_WHAT, f"{one.name}: smpp://host:port") from error
    return SmppGateway(
        one.name, host, number, one.login, secret, one.sender, one.timeout_s, one.connect_s
    )


KINDS: Final[Mapping[str, Kind]] = {"smpp": Kind("smpp", _smpp)}
"""Protocols that are spoken everywhere; a country adds its own gateways' to them."""


def _limits(read: LimitSettings) -> CodeLimits:
    """The default limits with what the file says otherwise."""
    spans = {"lifetime_minutes": "lifetime", "window_minutes": "window", "crowd_minutes": "crowd"}
    values: dict[str, object] = {}
    for name, value in msgspec.structs.asdict(read).items():
        if value is None:
            continue
        values[spans.get(name, name)] = timedelta(minutes=value) if name in spans else value
    return CodeLimits(**values)  # type: ignore[arg-type]  # fields of CodeLimits, by name
