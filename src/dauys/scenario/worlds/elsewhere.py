"""A second generator of worlds, written apart from the first: person by person, other habits.

It exists to be measured on. What went wrong on it showed defects of the detector, which were then
mended for all worlds alike; no weight or threshold was fitted to it. Other distributions (gamma,
Pareto, triangular), another register (in no order of places), other columns left empty, simpler
thieves.
"""

from collections.abc import Callable, Collection
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from random import Random
from types import MappingProxyType

import polars as pl

from dauys.monitor.table import SCHEMA
from dauys.scenario.worlds.table import Story

_START = datetime(2027, 3, 1, 3, tzinfo=UTC)
_DAYS = 15
_AGENTS = {
    "Chrome": 0.5,
    "Safari": 0.2,
    "Samsung": 0.12,
    "Edge": 0.08,
    "Firefox": 0.06,
    "Opera": 0.04,
}
_REGIONS = ("north", "south", "east", "west", "centre", "lake", "steppe")


@dataclass(slots=True)
class _Person:
    line: int
    region: str
    home: str
    phone: str
    address: tuple[str, str, str, str]
    device: str
    agent: str
    tls: str
    slow: float
    votes_at: datetime | None = None


@dataclass(slots=True)
class _Town:
    random: Random
    people: list[_Person] = field(default_factory=list)
    rows: list[dict[str, object]] = field(default_factory=list)
    labels: dict[str, str] = field(default_factory=dict)
    voted: dict[int, str] = field(default_factory=dict)
    blank: frozenset[str] = frozenset()


@dataclass(slots=True)
class _Try:
    """One attempt of anybody."""

    at: datetime
    person: _Person
    address: tuple[str, str, str, str]
    device: str | None
    agent: str
    tls: str
    latency: float
    dwell: float
    label: str
    phone: str | None = None
    tries: int = 1


def tell(seed: int, voters: int = 11_000, attacks: Collection[tuple[str, float]] = ()) -> Story:
    """Make a world of this seed, like `table.tell`. Raises KeyError for an unknown attack."""
    random = Random(seed)
    town = _Town(random)
    _settle(town, int(voters * random.uniform(1.6, 2.2)))
    tries = _honest(town, voters)
    for name, share in attacks:
        tries += ATTACKS[name](town, round(voters * share))
    town.blank = frozenset(
        random.sample(("household", "tls", "precinct", "automation"), random.randrange(3))
    )
    for attempt in sorted(tries, key=lambda one: one.at):
        _happen(town, attempt)
    signals = pl.DataFrame(town.rows, schema=dict(SCHEMA), orient="row")
    names, labels = list(town.labels), list(town.labels.values())
    return Story(signals, pl.DataFrame({"signal_id": names, "label": labels}))


def _hash(random: Random) -> str:
    return f"{random.getrandbits(64):016x}"


def _settle(town: _Town, registered: int) -> None:
    """Fill the register; neighbours in it have nothing in common but a surname, sometimes."""
    random = town.random
    carriers = [(f"Carrier {c}", random.randint(4, 60), random.random() < 0.5) for c in range(3)]
    home_share = random.uniform(0.35, 0.7)
    line = 0
    while line < registered:
        home = f"home-{line}"
        region = random.choice(_REGIONS)
        provider = random.randrange(6)
        street = random.randrange(120)
        fixed = (
            f"172.{16 + provider}.{street}.{random.randrange(1, 255)}",
            f"Provider {provider}",
            "fixed",
            region if random.random() < 0.93 else random.choice(_REGIONS),
        )
        for _ in range(random.choice((1, 1, 1, 2, 2, 3))):
            line += 1
            agent = random.choices(list(_AGENTS), list(_AGENTS.values()))[0]
            name, gateways, local = carriers[random.randrange(3)]
            gateway = min(gateways - 1, int(random.paretovariate(0.8)) - 1)
            at = _REGIONS.index(region) if local else 0
            mobile = (f"192.168.{at}.{10 + gateway}", name, "mobile", region if local else "centre")
            town.people.append(
                _Person(
                    line,
                    region,
                    home,
                    f"+7{random.choice((700, 747, 775, 778))}{random.randrange(10**7):07}",
                    fixed if random.random() < home_share else mobile,
                    _hash(random),
                    agent,
                    f"{agent[:2]}{random.choice((1, 1, 1, 2, 2, 3))}",
                    random.gammavariate(6, 1 / 6),
                )
            )


def _moment(random: Random) -> datetime:
    """A day, more likely early or late in the period; an hour around noon or evening."""
    day = min(_DAYS - 1, int(random.betavariate(0.9, 0.8) * _DAYS))
    hour = random.triangular(2, 17, 5) if random.random() < 0.7 else random.triangular(10, 18, 14)
    return _START + timedelta(days=day, hours=hour - 3)


def _honest(town: _Town, voters: int) -> list[_Try]:
    random = town.random
    tries = []
    come = random.sample(town.people, min(voters, len(town.people)))
    reminder = _START + timedelta(days=random.randrange(3, 12), hours=5)
    outage = _START + timedelta(days=random.randrange(1, 14), hours=random.uniform(3, 9))
    back = outage + timedelta(hours=random.uniform(0.5, 6))
    for person in come:
        at = _moment(random)
        if random.random() < 0.25:
            at = reminder + timedelta(
                seconds=person.line / 40, minutes=random.gammavariate(1.2, 50)
            )
        if outage <= at < back:
            at = back + timedelta(seconds=random.expovariate(1 / 45))
        person.votes_at = at
        tries.append(_by(random, person, at))
    _crowd_in(town, tries)
    again = random.sample(tries, len(tries) // 400)
    return tries + [_by(random, o.person, o.at + timedelta(days=random.random())) for o in again]


def _by(random: Random, person: _Person, at: datetime) -> _Try:
    wrong = sum(random.random() < 0.06 for _ in range(2))
    return _Try(
        *(at, person, person.address, person.device, person.agent, person.tls),
        latency=4 + random.gammavariate(1.8, 9) * person.slow,
        dwell=8 + random.gammavariate(1.6, 30) * person.slow,
        label="honest",
        tries=1 + wrong,
    )


def _crowd_in(town: _Town, tries: list[_Try]) -> None:
    """Offices (some on one morning, some with machines of one image), halls with tablets."""
    random = town.random
    free = list(range(len(tries)))
    random.shuffle(free)
    for number in range(random.randrange(10, 80)):
        size = min(250, int(4 + random.paretovariate(1.1) * 6))
        rows, free = free[:size], free[size:]
        address = (f"172.30.{number}.9", "Business", "fixed", random.choice(_REGIONS))
        drive = _START + timedelta(days=random.randrange(_DAYS), hours=random.uniform(1, 8))
        together, image = random.random() < 0.4, random.random() < 0.4
        shared = _hash(random) if image and random.random() < 0.4 else None
        for row in rows:
            one = tries[row]
            one.address = address
            if together:
                one.at = drive + timedelta(minutes=random.uniform(0, 120))
            if image:
                one.agent, one.tls = "Edge", "Ed1"
                one.device = shared or one.device
    for hall in range(random.randrange(4)):
        rows, free = free[:70], free[70:]
        address = (f"172.31.{hall}.5", "Business", "fixed", "centre")
        tablet, day = _hash(random), _START + timedelta(days=random.randrange(_DAYS), hours=2)
        for row in rows:
            tries[row].address, tries[row].device = address, tablet
            tries[row].at = day + timedelta(hours=random.uniform(0, 7))


def _happen(town: _Town, one: _Try) -> None:
    random, person = town.random, one.person
    first = person.line not in town.voted
    name = f"e{len(town.rows)}"
    row: dict[str, object] = dict.fromkeys(SCHEMA)
    row |= {
        "signal_id": name,
        "time": one.at,
        "kind": "cast" if first else "refused_voted",
        "contest": "board",
        "register_number": person.line,
        "method": "sms",
        "region": person.region,
        "precinct": f"{person.region}-{person.line % 13}",
        "household": person.home,
        "device": one.device,
        "ua_family": one.agent,
        "tls": one.tls,
        "automation": False,
        "phone": one.phone or person.phone,
        "code_latency_s": round(one.latency, 2),
        "code_attempts": one.tries,
    }
    row["ip"], row["asn"], row["ip_class"], row["ip_region"] = one.address
    if first:
        town.voted[person.line] = one.label
        town.labels[name] = one.label
        row["dwell_s"] = round(one.dwell, 2)
    row |= dict.fromkeys(town.blank)
    town.rows.append(row)
    if first and one.label == "honest" and random.random() < 0.05:
        look = one.at + timedelta(minutes=random.expovariate(0.02))
        town.rows.append({**row, "signal_id": f"{name}c", "kind": "checked", "time": look})


def _targets(town: _Town, count: int) -> list[_Person]:
    """Mostly people who stay at home, and some who come."""
    random = town.random
    away = [person for person in town.people if person.votes_at is None]
    coming = [person for person in town.people if person.votes_at is not None]
    rash = min(len(coming), int(count * random.uniform(0.05, 0.3)))
    return random.sample(away, min(len(away), count - rash)) + random.sample(coming, rash)


def _spread(random: Random, count: int, days: float) -> list[datetime]:
    begin = _START + timedelta(days=random.uniform(0.2, max(0.3, _DAYS - 1 - days)))
    return sorted(begin + timedelta(days=random.uniform(0, days)) for _ in range(count))


def _script(
    town: _Town,
    people: list[_Person],
    times: list[datetime],
    label: str,
    address: Callable[[], tuple[str, str, str, str]],
    devices: int,
) -> list[_Try]:
    random = town.random
    pool = [_hash(random) for _ in range(max(1, devices))]
    agents = list(_AGENTS) if random.random() < 0.5 else ["Chrome"]
    return [
        _Try(
            *(at, person, address(), random.choice(pool) if devices else _hash(random)),
            *(random.choice(agents), "go1"),
            latency=random.uniform(2, 7),
            dwell=random.uniform(3, 12),
            label=label,
        )
        for at, person in zip(times, people, strict=True)
    ]


def _burst(town: _Town, count: int) -> list[_Try]:
    people = _targets(town, count)
    town.random.shuffle(people)
    address = ("172.18.7.44", "Provider 2", "fixed", "north")
    times = _spread(town.random, len(people), 0.2)
    return _script(town, people, times, "one_address", lambda: address, 1)


def _rotate(town: _Town, count: int) -> list[_Try]:
    people, random = _targets(town, count), town.random
    times = _spread(random, len(people), 2)
    return _script(
        *(town, people, times, "rotation"),
        lambda: (f"10.9.8.{random.randrange(1, 255)}", "Rack", "hosting", "centre"),
        3,
    )


def _sims(town: _Town, count: int) -> list[_Try]:
    people, random = _targets(town, count), town.random
    base = random.randrange(700_0000000, 779_0000000) // 1000 * 1000
    times = _spread(random, len(people), 4)
    tries = _script(
        *(town, people, times, "sim_farm"),
        lambda: (f"192.168.2.{10 + random.randrange(3)}", "Carrier 1", "mobile", "centre"),
        20,
    )
    for number, one in enumerate(tries):
        one.phone = f"+7{base + number // 2}"
        one.tls, one.agent = "Ch1", "Chrome"
        one.latency, one.dwell = random.uniform(4, 20), random.uniform(10, 40)
    return tries


def _phones(town: _Town, count: int) -> list[_Try]:
    people, random = _targets(town, count), town.random
    times = _spread(random, len(people), 6)
    own = [
        f"+7{random.choice((701, 702))}{random.randrange(10**7):07}"
        for _ in range(max(2, count // 25))
    ]
    tries = [_by(random, person, at) for person, at in zip(people, times, strict=True)]
    for one in tries:
        one.label, one.phone, one.device = "reused_phones", random.choice(own), _hash(random)
        one.address = random.choice(town.people).address
        one.latency = random.uniform(4, 12)
    return tries


def _enumerate(town: _Town, count: int) -> list[_Try]:
    people, random = _targets(town, count), town.random
    people.sort(key=lambda person: person.line)
    times = _spread(random, len(people), random.uniform(0.5, 5))
    return _script(
        *(town, people, times, "enumeration"),
        lambda: random.choice(town.people).address,
        0,
    )


def _proxies(town: _Town, count: int) -> list[_Try]:
    people, random = _targets(town, count), town.random
    homes = [p.address for p in town.people if p.address[2] == "fixed"]
    times = _spread(random, len(people), random.uniform(2, 12))
    return _script(town, people, times, "proxies", lambda: random.choice(homes), 0)


def _drip(town: _Town, count: int) -> list[_Try]:
    people, random = _targets(town, count), town.random
    times = _spread(random, len(people), _DAYS - 1.5)
    places = [random.choice(town.people).address for _ in range(6)]
    return _script(town, people, times, "drip", lambda: random.choice(places), 6)


def _farm(town: _Town, count: int) -> list[_Try]:
    people, random = _targets(town, count), town.random
    tries = [_by(random, person, _moment(random)) for person in people]
    workers = [_hash(random) for _ in range(max(4, count // 30))]
    for one in tries:
        one.label, one.device = "click_farm", random.choice(workers)
        one.address = (f"192.168.0.{10 + random.randrange(4)}", "Carrier 2", "mobile", "centre")
        one.agent, one.tls = "Chrome", "Ch1"
    return tries


ATTACKS: MappingProxyType[str, Callable[[_Town, int], list[_Try]]] = MappingProxyType(
    {
        "one_address": _burst,
        "rotation": _rotate,
        "sim_farm": _sims,
        "reused_phones": _phones,
        "enumeration": _enumerate,
        "proxies": _proxies,
        "drip": _drip,
        "click_farm": _farm,
    }
)
