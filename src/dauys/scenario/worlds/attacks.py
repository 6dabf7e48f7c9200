"""The strategies of thieves: each turns a number of ballots into columns of attempts.

Whatever a strategy leaves open (addresses, machines, pace, whose names) is drawn anew, so that no
two attacks of one name are alike. Attempts are not yet ballots: `events` lets them collide
with the voters themselves.
"""

from collections.abc import Callable
from types import MappingProxyType

import numpy as np

from dauys.scenario.worlds.casts import Casts, fresh_hashes, join, stack_of
from dauys.scenario.worlds.honest import Town
from dauys.scenario.worlds.register import Ints
from dauys.scenario.worlds.rhythm import Floats
from dauys.scenario.worlds.settings import DAY, START

_TOOL_STACKS = 60
Plan = Callable[[Town, int], Casts]


def victims(town: Town, count: int, *, near: bool | None = None) -> Ints:
    """Lines to steal: mostly of people who do not vote, from one stretch or from everywhere."""
    random, registered = town.random, len(town.lines)
    voting = np.zeros(registered + 1, bool)
    voting[town.casts.line] = True
    careless = random.uniform(0.02, 0.5)
    weight = np.where(voting[1:], careless, 1.0)
    if random.random() < 0.4 if near is None else near:
        width = min(registered, int(count * random.uniform(1.5, 4)))
        begin = int(random.integers(0, registered - width + 1))
        outside = np.ones(registered, bool)
        outside[begin : begin + width] = False
        weight[outside] = 0
    keys = random.exponential(1, registered) / np.maximum(weight, 1e-12)
    return np.argsort(keys)[:count] + 1


def start(town: Town, count: int, *, ordered: bool | None = None) -> Casts:
    """Attempts with nothing decided but whose names they are in, and in which order."""
    casts = Casts.empty(count)
    lines = victims(town, count)
    if town.random.random() < 0.4 if ordered is None else ordered:
        lines = np.sort(lines)
        if town.random.random() < 0.5:
            lines = lines[::-1].copy()
    casts.line = lines
    casts.signature = np.zeros(count, np.int64)
    casts.phone = town.lines.phone[lines - 1].copy()
    if town.random.random() < 0.3:  # the rules let codes go to any phone
        casts.phone = _strange_phones(town, count)
    casts.automation = (town.random.random(count) < town.random.choice([0, 0, 0.5])).astype(int)
    casts.attempts = np.ones(count, np.int64)
    casts.checked = np.zeros(count, np.int64)
    return casts


def _strange_phones(town: Town, count: int) -> Ints:
    prefix = town.random.integers(700, 779, count)
    return 70_000_000_000 + prefix * 10_000_000 + town.random.integers(0, 10_000_000, count)


def sessions(town: Town, count: int, hours: float, parts: int) -> Floats:
    """Moments, ascending, in `parts` sessions that last `hours` together."""
    random = town.random
    begins = np.sort(START + random.uniform(0.03, 0.9, parts) * town.world.days * DAY)
    part = np.sort(random.integers(0, parts, count))
    gaps = random.exponential(1, count) + random.uniform(0, 1)
    passed = np.cumsum(gaps) / gaps.sum() * hours * 3600
    first = np.searchsorted(part, part)
    return np.asarray(begins[part] + passed - passed[first])


def scripted(town: Town, casts: Casts) -> None:
    """Give the pace of a program: quick, and much the same each time; or slowed down a little."""
    random, count = town.random, len(casts)
    slow = random.choice([1, 1, 2, 3])
    casts.latency = (
        random.uniform(1.5, 6) * slow * random.lognormal(0, random.uniform(0.1, 0.5), count)
    )
    casts.dwell = random.uniform(2, 9) * slow * random.lognormal(0, random.uniform(0.1, 0.5), count)


def human(town: Town, casts: Casts) -> None:
    """Give the pace of practised people."""
    world, random, count = town.world, town.random, len(casts)
    casts.latency = 2 + random.lognormal(
        np.log(world.latency_s * random.uniform(0.6, 1.1)), world.latency_spread, count
    )
    casts.dwell = 3 + random.lognormal(
        np.log(world.dwell_s * random.uniform(0.35, 0.9)), world.dwell_spread, count
    )
    casts.attempts = random.geometric(1 - world.attempts_wrong, count).clip(1, 5)


def machines(town: Town, casts: Casts, devices: int) -> None:
    """Share `devices` machines (0: a fresh one each time); a tool's TLS stack, or a browser's."""
    random, count = town.random, len(casts)
    which = random.integers(0, max(1, devices), count)
    pool = fresh_hashes(max(1, devices), random)
    casts.device = pool[which] if devices else fresh_hashes(count, random)
    if random.random() < 0.6:  # a program that calls itself this or that browser
        casts.agent = random.integers(0, 6, count) if random.random() < 0.6 else casts.line * 0 + 2
        casts.tls = np.full(count, random.integers(0, _TOOL_STACKS))
    else:
        casts.agent = random.integers(0, 6, max(1, devices))[which]
        casts.tls = stack_of(casts.agent, random)


def behind(casts: Casts, ip: Ints, network: int, region: int) -> None:
    """Put the attempts behind these addresses of one network."""
    casts.ip, casts.network = ip, np.full(len(casts), network)
    casts.ip_region = np.full(len(casts), region)


def _block(town: Town, *, hosting: float) -> tuple[int, int, int]:
    """Give the first address of a /24, its network and region."""
    net, random = town.internet, town.random
    kinds = net.hosting if random.random() < hosting else [*net.providers, *net.business]
    network = int(random.choice(kinds))
    block = int(random.integers(0, 200))
    return net.networks[network].first + 256 * block, network, net.networks[network].region


def one_address(town: Town, count: int) -> Casts:
    """Everything from one address, within hours."""
    casts = start(town, count)
    casts.time = sessions(town, count, town.random.uniform(1, 12), 1)
    scripted(town, casts)
    machines(town, casts, int(town.random.choice([0, 1, 1, 5])))
    first, network, region = _block(town, hosting=0.3)
    behind(casts, np.full(count, first + town.random.integers(1, 255)), network, region)
    return casts


def rotation(town: Town, count: int) -> Casts:
    """Round and round the addresses of a /24, for days."""
    casts = start(town, count)
    casts.time = sessions(town, count, town.random.uniform(6, 60), int(town.random.integers(1, 6)))
    scripted(town, casts)
    machines(town, casts, int(town.random.choice([0, 1, 1, 10])))
    first, network, region = _block(town, hosting=0.4)
    hosts = town.random.permutation(254)[: int(town.random.integers(15, 254))] + 1
    behind(casts, first + town.random.choice(hosts, count), network, region)
    return casts


def sim_farm(town: Town, count: int) -> Casts:
    """SIM cards bought in a row answer the codes, in modems on a few gateways."""
    random = town.random
    casts = start(town, count)
    casts.time = sessions(town, count, random.uniform(5, 150), int(random.integers(1, 10)))
    scripted(town, casts) if random.random() < 0.7 else human(town, casts)
    machines(town, casts, int(random.choice([0, 2, 10, max(1, count // 20)])))
    each = int(random.integers(1, 6))
    cards = -(-count // each)
    blocks = max(1, int(cards / random.uniform(30, 95)))
    first = 70_000_000_000 + random.integers(7_000_000, 7_790_000, blocks) * 1000 // 100 * 100
    phone = first[random.integers(0, blocks, cards)] + random.integers(0, 100, cards)
    casts.phone = random.choice(phone, count)
    gateways = random.integers(0, town.world.gateways, int(random.integers(1, 6)))
    network = int(random.choice(town.internet.carriers))
    gateway = random.choice(gateways, count)
    ip = town.internet.networks[network].first + 256 * (gateway // 16) + 10 + gateway % 16
    behind(casts, ip, network, town.internet.networks[network].region)
    return casts


def reused_phones(town: Town, count: int) -> Casts:
    """The operator's own few phones receive the codes of many voters."""
    random = town.random
    casts = start(town, count)
    casts.time = sessions(town, count, random.uniform(5, 150), int(random.integers(1, 10)))
    scripted(town, casts) if random.random() < 0.5 else human(town, casts)
    phones = _strange_phones(town, max(2, int(count / random.uniform(6, 60))))
    which = random.integers(0, len(phones), count)
    casts.phone = phones[which]
    machines(town, casts, len(phones) if random.random() < 0.5 else 0)
    _from_phones(town, casts, which % 7)
    return casts


def _from_phones(town: Town, casts: Casts, seat: Ints) -> None:
    """Send attempts through carriers' gateways, as phones in one or two cities would."""
    region = town.random.integers(0, town.world.regions, 7)[seat] * 0 + town.random.integers(
        0, town.world.regions
    )
    casts.ip, casts.network, casts.ip_region = town.internet.mobile(region)


def enumeration(town: Town, count: int) -> Casts:
    """Down the register, line by line, from whatever addresses there are."""
    random = town.random
    casts = start(town, count, ordered=True)
    near = victims(town, count, near=random.random() < 0.7)
    casts.line = np.sort(near)
    casts.time = sessions(town, count, random.uniform(3, 100), int(random.integers(1, 8)))
    casts.time += random.normal(0, random.choice([0, 20]), count)
    scripted(town, casts) if random.random() < 0.7 else human(town, casts)
    machines(town, casts, int(random.choice([0, 1, 8])))
    _anywhere(town, casts)
    return casts


def _anywhere(town: Town, casts: Casts) -> None:
    random, count = town.random, len(casts)
    match int(random.integers(0, 3)):
        case 0:
            first, network, region = _block(town, hosting=0.5)
            behind(casts, first + random.integers(1, 255, count), network, region)
        case 1:
            _residential(town, casts)
        case _:
            _from_phones(town, casts, random.integers(0, 7, count))


def _residential(town: Town, casts: Casts) -> None:
    """A rented home connection for each attempt, wherever the seller has them."""
    random, count = town.random, len(casts)
    regions = max(1, town.world.regions)
    lines = random.integers(0, len(town.lines), count)
    spread = random.integers(0, regions, count)
    casts.ip, casts.network, _ = town.internet.homes(lines + len(town.lines), spread)
    casts.ip_region = spread


def proxies(town: Town, count: int) -> Casts:
    """A new home's address for each ballot, and one program behind all of them."""
    random = town.random
    casts = start(town, count)
    hours = random.uniform(10, town.world.days * 20)
    casts.time = sessions(town, count, hours, int(random.integers(1, 12)))
    scripted(town, casts)
    machines(town, casts, int(random.choice([0, 0, 1, 20])))
    _residential(town, casts)
    return casts


def drip(town: Town, count: int) -> Casts:
    """A few each hour, over the whole period, from a few addresses."""
    random = town.random
    casts = start(town, count)
    end = START + town.world.days * DAY
    casts.time = np.sort(random.uniform(START, end, count))
    if random.random() < 0.5:
        casts.time = np.sort(town.rhythm.draw(count))
    scripted(town, casts) if random.random() < 0.7 else human(town, casts)
    few = int(random.integers(3, 40))
    machines(town, casts, int(random.choice([1, few, few])))
    if random.random() < 0.3:
        _residential(town, casts)
        rows = random.integers(0, few, count)
        casts.ip, casts.network = casts.ip[rows], casts.network[rows]
        casts.ip_region = casts.ip_region[rows]
    elif random.random() < 0.5:
        first, network, region = _block(town, hosting=0.3)
        behind(casts, first + random.integers(1, few + 1, count), network, region)
    else:
        _from_phones(town, casts, random.integers(0, 7, count))
    return casts


def click_farm(town: Town, count: int) -> Casts:
    """Hired people with phones of their own vote for name after name, at a human pace."""
    random = town.random
    casts = start(town, count, ordered=False)
    each = random.uniform(10, 80)
    workers = max(3, int(count / each))
    which = random.integers(0, workers, count)
    casts.time = town.rhythm.working_hours(count)
    shift = town.rhythm.office_day(max(1, int(town.world.days * random.uniform(0.3, 1))))
    if random.random() < 0.6:
        casts.time = random.choice(shift, count) + random.uniform(0, 7 * 3600, count)
    casts.time = np.sort(casts.time)
    human(town, casts)
    machines(town, casts, workers if random.random() < 0.75 else 0)
    casts.tls = stack_of(casts.agent, random)
    casts.automation[:] = 0
    _from_phones(town, casts, which % 7)
    if random.random() < 0.3:
        address, network = town.internet.offices(1)
        behind(casts, np.full(count, address[0]), int(network[0]), 0)
    return casts


STRATEGIES: MappingProxyType[str, Plan] = MappingProxyType(
    {
        "one_address": one_address,
        "rotation": rotation,
        "sim_farm": sim_farm,
        "reused_phones": reused_phones,
        "enumeration": enumeration,
        "proxies": proxies,
        "drip": drip,
        "click_farm": click_farm,
    }
)
"""The eight of the evaluation."""


def camouflaged(town: Town, casts: Casts, share: float = 0.5) -> Casts:
    """Hide a share of the attempts: each takes the ways of some honest ballot."""
    count = len(casts)
    rows = np.flatnonzero(town.random.random(count) < share)
    like = town.casts.take(town.random.integers(0, len(town.casts), len(rows)))
    for column in ("ip", "network", "ip_region", "agent", "tls", "dwell", "checked"):
        getattr(casts, column)[rows] = getattr(like, column)
    casts.latency[rows] = np.where(np.isnan(like.latency), 20.0, like.latency)
    casts.time[rows] = like.time + town.random.normal(0, 600, len(rows))
    casts.device[rows] = fresh_hashes(len(rows), town.random)
    casts.automation[rows] = 0
    return casts


def adaptive(town: Town, count: int) -> Casts:
    """Know the thresholds: four a device and address, no order, a human pace."""
    casts = start(town, count, ordered=False)
    casts.time = np.sort(town.rhythm.draw(count))
    human(town, casts)
    fours = town.random.permutation(count) // 4
    casts.device = fresh_hashes(count, town.random)[fours]
    _residential(town, casts)
    casts.ip, casts.network = casts.ip[fours], casts.network[fours]
    casts.ip_region = casts.ip_region[fours]
    casts.agent = town.random.integers(0, 6, count)[fours]
    casts.tls = stack_of(casts.agent, town.random)
    casts.automation[:] = 0
    return casts


def insider(town: Town, count: int) -> Casts:
    """A clerk of a help point votes for people who do not come, between those who do."""
    casts = start(town, count, ordered=False)
    casts.time = np.sort(town.rhythm.working_hours(count))
    human(town, casts)
    machines(town, casts, 1)
    casts.tls = stack_of(casts.agent, town.random)[:1].repeat(count)
    address, network = town.internet.offices(1)
    behind(casts, np.full(count, address[0]), int(network[0]), 0)
    served = town.random.choice(len(town.casts), min(25, len(town.casts)), replace=False)
    for column in ("ip", "network", "ip_region", "device", "agent", "tls"):
        getattr(town.casts, column)[served] = getattr(casts, column)[0]
    casts.automation[:] = 0
    return casts


def mixed(town: Town, count: int) -> Casts:
    """Two or three strategies at once."""
    names = town.random.choice(list(STRATEGIES), int(town.random.integers(2, 4)), replace=False)
    return join([STRATEGIES[name](town, count // len(names)) for name in names])


def half_hidden(town: Town, count: int) -> Casts:
    """Any strategy, with half of its attempts made to look like honest ones."""
    name = str(town.random.choice(list(STRATEGIES)))
    return camouflaged(town, STRATEGIES[name](town, count))


VARIANTS: MappingProxyType[str, Plan] = MappingProxyType(
    {"mixed": mixed, "half_hidden": half_hidden, "adaptive": adaptive, "insider": insider}
)
ATTACKS: MappingProxyType[str, Plan] = MappingProxyType({**STRATEGIES, **VARIANTS})
