"""A third generator of worlds, to try what a stranger's table may be like.

Columns stay empty, times are cut to seconds or minutes, one election has one contest or twenty,
ids have other shapes. `device` is a hash of what the machine is, so that managed computers of one
office share it, and in some worlds so do telephones of one model; `tls` looks like JA4. Like
`elsewhere` it shares no code with the first; defects were found with it, and nothing fitted to it.
"""

from collections.abc import Callable, Collection
from dataclasses import dataclass, field
from hashlib import sha256
from types import MappingProxyType

import numpy as np
import polars as pl
from numpy.typing import NDArray

from dauys.monitor.table import SCHEMA
from dauys.scenario.worlds.table import Story

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]

_START = 1_795_000_000.0
_DAY = 86_400.0
_BROWSERS = ("Chrome Mobile", "Mobile Safari", "Chrome", "Samsung Internet", "Edge", "Firefox")
_POPULAR = (0.38, 0.17, 0.2, 0.1, 0.1, 0.05)
_BLANKS = (
    *((), (), (), ("tls",), ("device",), ("household",), ("phone",), ("dwell_s", "tls")),
    *(("ip_region", "automation"), ("device", "tls", "phone"), ("code_latency_s", "precinct")),
)
_MANAGED = 4
_HOSTING, _TOOL = 90, 77


@dataclass(slots=True)
class _Tries:
    """Attempts in columns. `net` numbers networks, `ip` what stands for an address in one."""

    who: Ints
    time: Floats
    net: Ints
    ip: Ints
    seat: Ints
    device: Ints
    agent: Ints
    tls: Ints
    phone: Ints
    latency: Floats
    dwell: Floats
    tries: Ints
    robot: Ints
    label: Ints


@dataclass(slots=True)
class _Land:
    """A register, its honest voters' attempts, and the world's habits."""

    random: np.random.Generator
    region: Ints
    precinct: Ints
    home: Ints
    phone: Ints
    days: int
    pace: tuple[float, float]
    coarse: bool
    waves: list[float] = field(default_factory=list)

    def __len__(self) -> int:
        return len(self.region)


def tell(
    seed: int,
    voters: int = 11_000,
    attacks: Collection[tuple[str, float]] = (),
    *,
    contests: int | None = None,
    without: Collection[str] | None = None,
    step_s: float | None = None,
) -> Story:
    """Make a world of this seed, like `table.tell`. Raises KeyError for an unknown attack.

    `contests`: each region's councils; `without`: empty columns; `step_s`: what times are cut
    to. Drawn where they are None.
    """
    random = np.random.default_rng([seed, 3])
    land = _settle(random, int(voters * random.uniform(1.5, 2.5)))
    honest = _come(land, voters)
    plans = [ATTACKS[name](land, round(voters * share), honest) for name, share in attacks]
    for number, plan in enumerate(plans, start=1):
        plan.label[:] = number
    again = _pick(honest, random.permutation(voters)[: voters // 300])
    again.time += random.exponential(_DAY, len(again.who))
    every = _join([honest, *plans, again])
    every.time = np.clip(every.time, _START, _START + land.days * _DAY - 1)
    blanks = _BLANKS[random.integers(len(_BLANKS))] if without is None else tuple(without)
    step = float(random.choice([1e-6, 1, 1, 60])) if step_s is None else step_s
    several = int(random.choice([1, 1, 1, 4, 20])) if contests is None else contests
    every.time = np.floor(every.time / step) * step
    order = np.lexsort((every.label, every.time, every.who))
    return _print(land, _pick(every, order), [name for name, _ in attacks], blanks, several)


def _pick(tries: _Tries, rows: Ints) -> _Tries:
    return _Tries(*(getattr(tries, name)[rows].copy() for name in _Tries.__slots__))


def _join(parts: list[_Tries]) -> _Tries:
    return _Tries(*(np.concatenate([getattr(p, name) for p in parts]) for name in _Tries.__slots__))


def _settle(random: np.random.Generator, count: int) -> _Land:
    """Streets after streets, houses in a row; or by the date of registration, in no order."""
    size = 1 + random.poisson(0.9, count)
    home = np.repeat(np.arange(count), size)[:count]
    precinct = home * int(random.integers(6, 60)) // (home[-1] + 1)
    if random.random() < 0.4:
        mixed = random.permutation(count)
        home, precinct = home[mixed], precinct[mixed]
    phone = 77_000_000_000 + random.integers(0, 9, count) * 100_000_000
    return _Land(
        random,
        precinct * int(random.integers(2, 9)) // (precinct.max() + 1),
        precinct,
        home,
        phone + random.integers(0, 10**8, count),
        int(random.choice([5, 10, 15, 15, 20])),
        (random.uniform(14, 40), random.uniform(30, 100)),
        random.random() < 0.25,
    )


def _moments(land: _Land, count: int) -> Floats:
    """Every day two humps, morning and evening; few at night."""
    random = land.random
    hump = random.random(count) < 0.55
    hour = np.where(hump, random.normal(6, 2, count), random.normal(14, 2.2, count))
    hour = np.where(random.random(count) < 0.03, random.uniform(0, 24, count), hour)
    weights = random.gamma(4, 1, land.days)
    day = random.choice(land.days, count, p=weights / weights.sum())
    return np.asarray(_START + day * _DAY + np.clip(hour, 0, 23.9) * 3600)


def _tries(land: _Land, who: Ints, time: Floats) -> _Tries:
    """Attempts of people, each on a machine of their own, at home or by phone."""
    random, count = land.random, len(who)
    agent = random.choice(len(_BROWSERS), count, p=_POPULAR)
    model = 10**6 + agent * 100 + random.zipf(1.5, count).clip(1, 60)
    own = 10**9 + who * 7 + random.integers(0, 2, count)
    shared = 10**10 + land.home[who]
    device = np.where(random.random(count) < 0.2, shared, own)
    device = np.where(land.coarse & (agent < _MANAGED), model, device)
    mobile = random.random(count) < 0.5
    gateway = random.zipf(1.4, count).clip(1, 24) + 24 * (land.region[who] % 3)
    network = np.where(mobile, random.integers(0, 3, count), 10 + land.home[who] % 5)
    place = np.where(mobile, gateway, 1000 + land.region[who] * 9000 + land.home[who] % 9000)
    seat = np.where(random.random(count) < 0.92, land.region[who], random.integers(0, 3, count))
    slow = random.gamma(8, 1 / 8, count)
    return _Tries(
        *(who, time, network, place, seat, device, agent),
        agent * 10 + random.choice(4, count, p=(0.6, 0.25, 0.1, 0.05)),
        land.phone[who],
        5 + random.weibull(1.3, count) * land.pace[0] * slow,
        6 + random.weibull(1.2, count) * land.pace[1] * slow,
        random.geometric(0.93, count).clip(1, 4),
        (random.random(count) < 0.0005).astype(np.int64),
        np.zeros(count, np.int64),
    )


def _come(land: _Land, voters: int) -> _Tries:
    """Honest voters: alone, in offices, behind a company's VPN, after reminders and outages."""
    random = land.random
    who = random.permutation(len(land))[:voters]
    time = _moments(land, voters)
    for _ in range(int(random.integers(0, 3))):
        sent = _START + random.uniform(0.5, land.days - 1.5) * _DAY
        called = random.random(voters) < random.uniform(0.1, 0.4)
        time = np.where(called, sent + who / 15 + random.gamma(1, 4000, voters), time)
    for _ in range(int(random.integers(0, 3))):
        down = _START + random.uniform(1, land.days - 1) * _DAY
        back = down + random.uniform(600, 40_000)
        held = (time > down) & (time < back)
        time = np.where(held, back + random.exponential(random.uniform(20, 600), voters), time)
    tries = _tries(land, who, time)
    _offices(land, tries)
    return tries


def _offices(land: _Land, tries: _Tries) -> None:
    """Rooms with one address: alike machines, drives; and one company behind its own servers."""
    random = land.random
    seated = 0
    by_region = np.argsort(land.region[tries.who] + random.random(len(tries.who)) * 0.9)
    image, company = 20_000, int(random.integers(0, 3))
    for office in range(int(len(tries.who) / random.uniform(60, 300))):
        size = min(300, 3 + int(random.pareto(1.2) * 8))
        rows = by_region[seated : seated + size]
        seated += size
        if not len(rows):
            return
        tries.net[rows], tries.ip[rows] = 30 + office % 3, 60_000 + office * 40
        tries.seat[rows] = land.region[tries.who[rows]]
        if random.random() < 0.5:
            morning = _START + (random.integers(0, land.days) + 0.2) * _DAY
            tries.time[rows] = morning + random.uniform(0, random.uniform(600, 9000), len(rows))
        if random.random() < 0.6:
            tries.agent[rows], tries.tls[rows] = _MANAGED, 40
            tries.device[rows] = image + (office if random.random() < 0.6 else 0)
        if office < company:  # from home, by way of the company's servers in a data centre
            tries.net[rows] = _HOSTING
            tries.ip[rows] = 900 + office * 300 + random.integers(0, 4, len(rows))
            tries.device[rows] = image - 1 - office


def _victims(land: _Land, count: int, honest: _Tries) -> Ints:
    """Most do not vote at all; some come later and find their vote is taken."""
    idle = np.setdiff1d(np.arange(len(land)), honest.who)
    rash = int(count * land.random.uniform(0.03, 0.3))
    sleeping = land.random.permutation(idle)[: count - rash]
    return np.concatenate([sleeping, land.random.permutation(honest.who)[: count - len(sleeping)]])


def _attempts(land: _Land, count: int, honest: _Tries, hours: float) -> _Tries:
    """Attempts within some hours, in names from everywhere."""
    who = _victims(land, count, honest)
    begin = _START + land.random.uniform(0, max(0.1, land.days - 1 - hours / 24)) * _DAY
    tries = _tries(land, who, begin + np.sort(land.random.uniform(0, hours * 3600, count)))
    tries.tries[:] = 1
    return tries


def _by_program(land: _Land, tries: _Tries, devices: int) -> _Tries:
    """The same program each time, behind one browser's name or several."""
    random, count = land.random, len(tries.who)
    tries.tls[:] = _TOOL
    if random.random() < 0.5:
        tries.agent[:] = 2
    tries.latency = 2 + random.gamma(4, random.uniform(0.5, 1.5), count)
    tries.dwell = 3 + random.gamma(4, random.uniform(0.5, 2), count)
    pool = 10**12 + random.integers(0, 10**9, devices or count)
    tries.device = pool[random.integers(0, devices, count)] if devices else pool
    tries.robot[:] = random.random(count) < random.choice([0, 0, 0.3])
    return tries


def _one_address(land: _Land, count: int, honest: _Tries) -> _Tries:
    tries = _by_program(land, _attempts(land, count, honest, 5), int(land.random.choice([0, 1])))
    tries.net[:], tries.ip[:], tries.seat[:] = 11, 50_001, 0
    return tries


def _rotation(land: _Land, count: int, honest: _Tries) -> _Tries:
    tries = _by_program(land, _attempts(land, count, honest, 40), int(land.random.choice([0, 2])))
    tries.net[:] = land.random.choice([12, _HOSTING])
    tries.ip, tries.seat = 51_200 + land.random.integers(1, 200, count), tries.seat * 0
    return tries


def _sim_farm(land: _Land, count: int, honest: _Tries) -> _Tries:
    tries = _by_program(land, _attempts(land, count, honest, 70), int(land.random.choice([0, 16])))
    tries.agent[:], tries.tls[:] = 0, 0
    tries.net[:], tries.ip = 1, 3 + land.random.integers(0, 3, count)
    tries.phone = 77_710_000_000 + land.random.integers(0, 10**5) * 1000 + np.arange(count) // 2
    return tries


def _reused_phones(land: _Land, count: int, honest: _Tries) -> _Tries:
    tries = _attempts(land, count, honest, 120)
    own = 77_400_000_000 + land.random.integers(0, 10**8, max(2, count // 20))
    which = land.random.integers(0, len(own), count)
    tries.phone, tries.device = own[which], 10**11 + which
    tries.latency *= 0.6
    return tries


def _enumeration(land: _Land, count: int, honest: _Tries) -> _Tries:
    tries = _by_program(land, _attempts(land, count, honest, land.random.uniform(10, 90)), 0)
    tries.who = np.sort(tries.who)
    return tries


def _proxies(land: _Land, count: int, honest: _Tries) -> _Tries:
    hours = land.days * 24 * land.random.uniform(0.1, 0.8)
    tries = _by_program(
        land, _attempts(land, count, honest, hours), int(land.random.choice([0, 30]))
    )
    home = land.random.integers(0, len(land), count)
    tries.net, tries.ip = 10 + home % 5, 1000 + land.region[home] * 9000 + home % 9000
    tries.seat = land.region[home]
    return tries


def _drip(land: _Land, count: int, honest: _Tries) -> _Tries:
    tries = _by_program(
        land, _attempts(land, count, honest, land.days * 22), int(land.random.integers(1, 8))
    )
    tries.net[:], tries.ip = 13, 52_000 + land.random.integers(0, 6, count) * 300
    tries.seat[:] = 1
    return tries


def _click_farm(land: _Land, count: int, honest: _Tries) -> _Tries:
    """People with phones in one town, in shifts; some of their browsers forget."""
    random = land.random
    tries = _attempts(land, count, honest, 1)
    shift = random.integers(0, land.days, count) * _DAY + random.uniform(4, 12, count) * 3600
    tries.time = _START + shift
    worker = random.integers(0, max(3, count // int(random.integers(15, 50))), count)
    tries.device = 10**11 + (worker if random.random() < 0.6 else np.arange(count))
    tries.agent = worker % 4
    tries.tls = tries.agent * 10
    tries.net, tries.ip, tries.seat = worker % 3, 1 + worker % 9, tries.seat * 0
    tries.latency, tries.dwell = tries.latency * 0.8, tries.dwell * 0.55
    return tries


ATTACKS: MappingProxyType[str, Callable[[_Land, int, _Tries], _Tries]] = MappingProxyType(
    {
        "one_address": _one_address,
        "rotation": _rotation,
        "sim_farm": _sim_farm,
        "reused_phones": _reused_phones,
        "enumeration": _enumeration,
        "proxies": _proxies,
        "drip": _drip,
        "click_farm": _click_farm,
    }
)


def _print(
    land: _Land, tries: _Tries, names: list[str], blanks: Collection[str], contests: int
) -> Story:
    """Signals of the attempts: a code, then the ballot or the answer that one was there."""
    count = len(tries.who)
    first = np.ones(count, bool)
    first[1:] = tries.who[1:] != tries.who[:-1]
    checks = first & (tries.label == 0) & (land.random.random(count) < 0.08)
    identified = tries.time - np.minimum(tries.dwell, 3000)
    parts = (
        (np.arange(count), "code_requested", identified - tries.latency),
        (np.arange(count), "identified", identified),
        (np.flatnonzero(first), "cast", tries.time),
        (np.flatnonzero(~first), "refused_voted", tries.time),
        (np.flatnonzero(checks), "checked", tries.time + 600),
    )
    rows = np.concatenate([row for row, _, _ in parts])
    kind = [name for row, name, _ in parts for _ in range(len(row))]
    at = np.concatenate([when[row] for row, _, when in parts])
    table = pl.DataFrame(
        {
            "signal_id": [f"{kind[n][:2]}-{row:07x}" for n, row in enumerate(rows)],
            "time": pl.Series((at * 1e6).astype(np.int64)).cast(pl.Datetime("us", "UTC")),
            "kind": kind,
            "contest": _words("okrug/{}", land.precinct[tries.who] % contests)[rows],
            "register_number": tries.who[rows] + 1,
            "method": ["sms"] * len(rows),
            "ip": _addresses(tries.net, tries.ip)[rows],
            "asn": _words("{}", 200_000 + tries.net)[rows],
            "ip_class": np.where(
                tries.net < 10, "mobile", np.where(tries.net == _HOSTING, "hosting", "fixed")
            )[rows],
            "ip_region": _words("KZ-{:02}", tries.seat)[rows],
            "region": _words("KZ-{:02}", land.region[tries.who])[rows],
            "precinct": _words("№ {}", land.precinct[tries.who] + 1)[rows],
            "household": _words("H{:06}", land.home[tries.who])[rows],
            "device": _hashed(tries.device)[rows],
            "ua_family": np.asarray(_BROWSERS)[tries.agent][rows],
            "tls": _words("t13d{0}1{0}h2_8daaf6152771_b0da82dd1658", tries.tls)[rows],
            "automation": (tries.robot == 1)[rows],
            "phone": _words("+{}", tries.phone)[rows],
            "code_latency_s": tries.latency[rows].round(1),
            "code_attempts": tries.tries[rows],
            "dwell_s": pl.Series(tries.dwell[rows].round(1)),
        },
        schema_overrides=dict(SCHEMA),
    ).select(list(SCHEMA))
    ending = pl.col("kind") == "cast"
    table = table.with_columns(pl.when(ending).then("dwell_s").alias("dwell_s"))
    labels = np.asarray(["honest", *names])[tries.label[first]]
    truth = table.filter(ending).select("signal_id").with_columns(label=pl.Series(labels))
    return Story(table.with_columns(pl.lit(None, SCHEMA[b]).alias(b) for b in blanks), truth)


def _words(form: str, numbers: Ints) -> NDArray[np.str_]:
    values, place = np.unique(numbers, return_inverse=True)
    return np.asarray([form.format(value) for value in values])[place]


def _hashed(numbers: Ints) -> NDArray[np.str_]:
    values, place = np.unique(numbers, return_inverse=True)
    return np.asarray([sha256(f"{v}".encode()).hexdigest()[:20] for v in values])[place]


def _addresses(network: Ints, number: Ints) -> NDArray[np.str_]:
    return np.asarray(
        [
            f"{20 + net}.{n // 65_536 % 256}.{n // 256 % 256}.{n % 256}"
            for net, n in zip(network, number, strict=True)
        ]
    )
