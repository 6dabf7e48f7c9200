"""The address a request came from.

`X-Forwarded-For` is what a sender writes. It is believed only where the peer that hands
it over is a proxy the operator named (`DAUYS_TRUSTED_PROXIES`), and only as far as the
chain of named proxies reaches.
"""

import ipaddress
from collections.abc import Iterable, Sequence
from functools import cached_property

Network = ipaddress.IPv4Network | ipaddress.IPv6Network


class TrustedProxies:
    """Networks whose word about the address behind them is taken."""

    def __init__(self, networks: Iterable[str]) -> None:
        """`networks` in CIDR form or single addresses. Raises ValueError for others."""
        self._texts = tuple(networks)
        _ = self._networks

    @cached_property
    def _networks(self) -> tuple[Network, ...]:
        return tuple(ipaddress.ip_network(text) for text in self._texts)

    def client_address(self, peer: str, forwarded: Sequence[str]) -> str:
        """Address of the first sender, from the right, that is no named proxy.

        `peer` is the other end of the connection, `forwarded` the values of all
        `X-Forwarded-For` headers in order. An unreadable hop ends the chain there.
        """
        hops = [hop.strip() for value in forwarded for hop in value.split(",")]
        current = peer.partition("%")[0]  # the zone of a link-local address is ours alone
        while self.trusts(current) and hops:
            hop = hops.pop()
            if not _is_address(hop):
                break
            current = hop
        return _plain(current)

    def trusts(self, address: str) -> bool:
        """Whether `address`, the other end of a connection, is a proxy that the operator named."""
        if not _is_address(address):
            return False
        parsed = ipaddress.ip_address(_plain(address))
        return any(parsed.version == n.version and parsed in n for n in self._networks)


def _is_address(text: str) -> bool:
    """Whether it is an address, and no more: a zone (`%…`) may hold any text at all."""
    if "%" in text:
        return False
    try:
        ipaddress.ip_address(text)
    except ValueError:
        return False
    return True


def _plain(address: str) -> str:
    """IPv4 written inside IPv6 (`::ffff:192.0.2.1`) is the IPv4 address."""
    if not _is_address(address):
        return ""
    parsed = ipaddress.ip_address(address)
    mapped = getattr(parsed, "ipv4_mapped", None)
    return str(mapped or parsed)
