"""SMS gateways of the country: one module for each protocol, all over HTTP."""

from collections.abc import Mapping
from typing import Final

from dauys.identity.messages.gateway import Gateway
from dauys.identity.messages.settings import GatewaySettings, Kind


def _smsc(one: GatewaySettings, secret: str, callback: str) -> Gateway:
    from dauys.identity.kazakhstan.gateways.smsc import SmscGateway  # noqa: PLC0415 -- likewise
    from dauys.identity.messages.gateways.http import Post  # noqa: PLC0415 -- aiohttp is slow to load

    post = Post(one.url, one.timeout_s, one.connect_s)
    return SmscGateway(one.name, post, one.login, secret, one.sender, callback)


def _mobizon(one: GatewaySettings, secret: str, _callback: str) -> Gateway:
    from dauys.identity.kazakhstan.gateways.mobizon import MobizonGateway  # noqa: PLC0415 -- likewise
    from dauys.identity.messages.gateways.http import Post  # noqa: PLC0415 -- likewise

    post = Post(one.url, one.timeout_s, one.connect_s)
    return MobizonGateway(one.name, post, secret, one.sender)


def _kazinfoteh(one: GatewaySettings, secret: str, _callback: str) -> Gateway:
    from dauys.identity.kazakhstan.gateways.kazinfoteh import KazInfoTehGateway  # noqa: PLC0415 -- likewise
    from dauys.identity.messages.gateways.http import Post  # noqa: PLC0415 -- likewise

    post = Post(one.url, one.timeout_s, one.connect_s)
    return KazInfoTehGateway(one.name, post, one.login, secret, one.sender)


KINDS: Final[Mapping[str, Kind]] = {
    "smsc": Kind("https", _smsc),
    "mobizon": Kind("https", _mobizon),
    "kazinfoteh": Kind("https", _kazinfoteh),
}
"""A new gateway is a line here and a module beside this one."""
