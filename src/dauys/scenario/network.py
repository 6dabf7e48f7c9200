"""The simulated internet: who answers for which addresses, and where people get theirs.

Every address is from a block that RFC 5737, 2544, 6598 or 3849 keeps from the real internet,
and every AS number from the private range of RFC 6996: no real network is ever accused. Each
carrier hides its customers behind a few gateways, as carriers do.
"""

import csv
import io
from dataclasses import dataclass
from ipaddress import IPv4Network, IPv6Network
from random import Random
from typing import Literal

NetworkClass = Literal["mobile", "fixed", "hosting", "vpn"]

_HOMES_PER_BLOCK = 5
_FIRST_HOST, _LAST_HOST = 2, 250


@dataclass(frozen=True, slots=True)
class Network:
    """One network of the simulated internet; `region` is empty where it serves them all."""

    prefix: IPv4Network
    asn: int
    name: str
    kind: NetworkClass
    region: str = ""
    prefix6: IPv6Network | None = None


NETWORKS = (
    Network(
        IPv4Network("100.64.0.0/12"),
        64601,
        "Saryarqa Telecom",
        "fixed",
        "karaganda",
        IPv6Network("2001:db8:1000::/36"),
    ),
    Network(
        IPv4Network("100.80.0.0/13"),
        64601,
        "Saryarqa Telecom",
        "fixed",
        "ulytau",
        IPv6Network("2001:db8:2000::/36"),
    ),
    Network(
        IPv4Network("100.88.0.0/13"),
        64602,
        "Temirtau Fibre",
        "fixed",
        "karaganda",
        IPv6Network("2001:db8:3000::/36"),
    ),
    Network(IPv4Network("100.96.0.0/13"), 64603, "Zhezqazghan Cable", "fixed", "ulytau"),
    Network(IPv4Network("100.104.0.0/14"), 64604, "Dala Business Line", "fixed", "karaganda"),
    Network(IPv4Network("198.18.0.0/17"), 64611, "Qyran Mobile", "mobile"),
    Network(IPv4Network("198.18.128.0/17"), 64612, "Tulpar Mobile", "mobile"),
    Network(IPv4Network("198.19.0.0/16"), 64613, "Samruk Mobile", "mobile"),
    Network(IPv4Network("203.0.113.0/24"), 64621, "Hidden Road VPN", "vpn"),
    Network(IPv4Network("198.51.100.0/24"), 64622, "Rack and Shelf Hosting", "hosting"),
)


def address_book_csv() -> str:
    """Give the simulated networks in the CSV form that the monitor's address book reads."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(("prefix", "asn", "name", "class", "region"))
    for network in NETWORKS:
        for prefix in (network.prefix, network.prefix6):
            if prefix is not None:
                writer.writerow((prefix, network.asn, network.name, network.kind, network.region))
    return text.getvalue()


def networks_of(kind: NetworkClass, region: str) -> tuple[Network, ...]:
    """All networks of the class that serve the region."""
    return tuple(n for n in NETWORKS if n.kind == kind and n.region in {"", region})


class AddressPlan:
    """Hands out addresses to homes, offices and phones; each network fills its blocks of 256.

    `voters` scales how many blocks and gateways there are, so that a small election looks like
    a small town and not like a large one with empty streets.
    """

    def __init__(self, voters: int, random: Random) -> None:
        self._random = random
        self._blocks = max(6, voters // (_HOMES_PER_BLOCK * 8))
        self._gateways = max(3, voters // 1500)
        self._taken: set[str] = set()

    def home(self, region: str) -> str:
        """Give a household's address, its own for the whole election; one in six is IPv6."""
        network = self._random.choice(networks_of("fixed", region))
        if network.prefix6 is not None and self._random.random() < 1 / 4:
            site = self._random.randrange(1, 1 << 18)
            return str(network.prefix6[(site << 72) + self._random.randrange(1, 1 << 64)])
        return self._fresh(network)

    def block(self, network: Network, hosts: int) -> tuple[str, ...]:
        """Give `hosts` fresh addresses in one block of 256 that homes use too."""
        number = self._random.randrange(self._blocks)
        free = [
            text
            for host in range(_FIRST_HOST, _LAST_HOST)
            if (text := str(network.prefix[number * 256 + host])) not in self._taken
        ]
        chosen = tuple(self._random.sample(free, hosts))
        self._taken.update(chosen)
        return chosen

    def phone(self, region: str) -> str:
        """Give the address of a carrier's gateway; a few gateways carry most customers."""
        network = self._random.choice(networks_of("mobile", region))
        weights = [1 / (1 + number) ** 0.8 for number in range(self._gateways)]
        number = self._random.choices(range(self._gateways), weights)[0]
        return str(network.prefix[256 * (number // 8) + 10 + number % 8])

    def vpn(self, region: str) -> str:
        """Give one of the exits of a VPN."""
        network = self._random.choice(networks_of("vpn", region))
        return str(network.prefix[self._random.randrange(1, 30)])

    def _fresh(self, network: Network) -> str:
        while True:
            block = self._random.randrange(self._blocks)
            host = self._random.randrange(_FIRST_HOST, _LAST_HOST)
            text = str(network.prefix[block * 256 + host])
            if text not in self._taken:
                self._taken.add(text)
                return text
