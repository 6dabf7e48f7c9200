"""SMS gateways of the country: one module for each protocol, all over HTTP."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Final

from dauys.identity.messages.gateway import Gateway
from dauys.identity.messages.settings import GatewaySettings, Kind

if TYPE_CHECKING:
    from dauys.identity.messages.gateways.http import Post


def _smsc(one: GatewaySettings, secret: str, callback: str) -> Gateway:
    from dauys.identity.kazakhstan.gateways.smsc import SmscGateway  # noqa: PLC0415 -- likewise

    return SmscGateway(one.name, _post(one), one.login, secret, one.sender, callback)


def _mobizon(one: GatewaySettings, secret: str, _callback: str) -> Gateway:
    from dauys.identity.kazakhstan.gateways.mobizon import MobizonGateway  # noqa: PLC0415 -- likewise

    return MobizonGateway(one.name, _post(one), secret, one.sender)


def _kazinfoteh(one: GatewaySettings, secret: str, _callback: str) -> Gateway:
    from dauys.identity.kazakhstan.gateways.kazinfoteh import KazInfoTehGateway  # noqa: PLC0415 -- likewise

    return KazInfoTehGateway(one.name, _post(one), one.login, secret, one.sender)


def _post(one: GatewaySettings) -> "Post":
    from dauys.identity.messages.gateways.http import Post  # noqa: PLC0415 -- aiohttp is slow to load

    return Post(one.url, one.timeout_s, one.connect_s)


KINDS: Final[Mapping[str, Kind]] = {
    "smsc": Kind("https", _smsc),
    "mobizon": Kind("https", _mobizon),
    "kazinfoteh": Kind("https", _kazinfoteh),
}
"""A new gateway is a line here and a module beside this one."""
