"""The internet of a world: carriers, providers, offices, campuses, VPNs, and who sits where."""

from dataclasses import dataclass, field

import numpy as np

from dauys.monitor.network import NetworkClass
from dauys.scenario.worlds.register import Ints
from dauys.scenario.worlds.rhythm import Floats
from dauys.scenario.worlds.settings import World

IPV6 = 1 << 40
_FIRST = 10 << 24
_PER_NETWORK = 1 << 18


@dataclass(frozen=True, slots=True)
class Network:
    """An autonomous system; its addresses begin at `first`."""

    name: str
    kind: NetworkClass
    first: int
    region: int


@dataclass(slots=True)
class Internet:
    """Networks of a world, and addresses from them."""

    world: World
    random: np.random.Generator
    networks: list[Network] = field(default_factory=list)
    carriers: list[int] = field(default_factory=list)
    providers: list[int] = field(default_factory=list)
    business: list[int] = field(default_factory=list)
    vpns: list[int] = field(default_factory=list)
    hosting: list[int] = field(default_factory=list)
    foreign: list[int] = field(default_factory=list)
    carrier_weights: Floats = field(init=False)
    provider_weights: Floats = field(init=False)
    gateway_weights: list[Floats] = field(init=False)
    _next_office: int = 0

    def __post_init__(self) -> None:
        for names, kind, count in (
            (self.carriers, "mobile", self.world.carriers),
            (self.providers, "fixed", self.world.providers),
            (self.business, "fixed", max(1, self.world.providers // 3)),
            (self.vpns, "vpn", 3),
            (self.hosting, "hosting", 3),
            (self.foreign, "fixed", 8),
        ):
            for _ in range(count):
                names.append(len(self.networks))
                self._add(kind)  # type: ignore[arg-type]  # the words above are classes
        self.carrier_weights = self.random.dirichlet(np.full(len(self.carriers), 3.0))
        self.provider_weights = self.random.dirichlet(np.full(len(self.providers), 1.5))
        self.gateway_weights = [
            w / w.sum()
            for w in self.random.lognormal(
                0, self.world.gateway_spread, (len(self.carriers), self.world.gateways)
            )
        ]

    def _add(self, kind: NetworkClass) -> None:
        number = len(self.networks)
        region = int(self.random.integers(0, self.world.regions))
        first = _FIRST + number * _PER_NETWORK
        self.networks.append(Network(f"AS{64_512 + number}", kind, first, region))

    def first(self, network: Ints) -> Ints:
        """Where the addresses of each network begin."""
        return np.asarray([n.first for n in self.networks], np.int64)[network]

    def mobile(self, region: Ints) -> tuple[Ints, Ints, Ints]:
        """Give (address, network, region of the address) of phones of people of `region`.

        Each carrier puts its customers behind gateways; some carriers by region, some not, and
        then the address says little about where the person is.
        """
        count = len(region)
        carrier = self.random.choice(len(self.carriers), count, p=self.carrier_weights)
        gateway = np.zeros(count, np.int64)
        for number, weights in enumerate(self.gateway_weights):
            own = carrier == number
            gateway[own] = self.random.choice(self.world.gateways, int(own.sum()), p=weights)
        regional = self.random.random(count) < self.world.gateway_regional
        blocks = max(1, self.world.gateways // self.world.regions)
        gateway = np.where(
            regional, (region * blocks + gateway % blocks) % self.world.gateways, gateway
        )
        network = np.asarray(self.carriers)[carrier]
        ip = self.first(network) + 256 * (gateway // 16) + 10 + gateway % 16
        seat = gateway // blocks % self.world.regions
        return ip, network, seat

    def homes(self, household: Ints, region: Ints) -> tuple[Ints, Ints, Ints]:
        """Give each household an address; neighbours share blocks, a few share an address."""
        count = len(household)
        mixed = (household * 2_654_435_761) % (1 << 32) / (1 << 32)
        cumulative = np.cumsum(self.provider_weights)
        provider = np.minimum(np.searchsorted(cumulative, mixed), len(self.providers) - 1)
        network = np.asarray(self.providers)[provider]
        other = (household * 40_503 + 7) % 65_521
        homes = max(1.0, self.world.registered / 2 / len(self.providers))
        blocks = int(np.clip(homes / self.world.homes_per_block, 4, 900))
        per_region = max(1, blocks // self.world.regions)
        block = (region * per_region + other % per_region) % 1000
        host = 2 + (household * 69_621 + 11) % 65_537 % 250
        behind_nat = (household * 48_271) % 1009 / 1009 < self.world.provider_nat
        host = np.where(behind_nat, host % 3, host)
        ip = self.first(network) + 256 * block + host
        new = (household * 16_807) % 2003 / 2003 < self.world.ipv6
        ip = np.where(new, IPV6 + network * (1 << 32) + (region << 24) + household * 1, ip)
        return ip, network, self._region_of(network, region, count)

    def _region_of(self, network: Ints, region: Ints, count: int) -> Ints:
        """What the geography file says: mostly right, sometimes the provider's seat."""
        seats = np.asarray([n.region for n in self.networks])
        wrong = self.random.random(count) < 0.08
        return np.where(wrong, seats[network], region)

    def offices(self, count: int) -> tuple[Ints, Ints]:
        """Give `count` offices, campuses or halls one fresh address each, and their network."""
        network = self.random.choice(self.business, count)
        number = self._next_office + np.arange(count)
        self._next_office += count
        ip = self.first(network) + 256 * (number // 6 % 900) + 20 + (number % 6) * 30
        return ip, network

    def exits(self, kinds: list[int], count: int, few: int) -> tuple[Ints, Ints]:
        """Give `count` addresses among the first `few` of each of the networks."""
        network = self.random.choice(kinds, count)
        return self.first(network) + self.random.integers(1, few + 1, count), network
