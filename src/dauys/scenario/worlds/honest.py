"""The honest electorate of a world: everybody's place, machine, pace and moment."""

from dataclasses import dataclass, field

import numpy as np

from dauys.scenario.worlds.casts import HONEST, NONE, ROBOT_AGENT, Casts, fresh_hashes, stack_of
from dauys.scenario.worlds.places import Internet
from dauys.scenario.worlds.register import Ints, Lines, make_register
from dauys.scenario.worlds.rhythm import Floats, Rhythm
from dauys.scenario.worlds.settings import World, draw_world

_AGENTS = 6


@dataclass(slots=True)
class Town:
    """An honest world: settings, register, internet, rhythm and the ballots people cast."""

    world: World
    lines: Lines
    internet: Internet
    rhythm: Rhythm
    casts: Casts
    random: np.random.Generator = field(repr=False)


def make_town(
    seed: int,
    voters: int = 11_000,
    world: World | None = None,
    moments: Floats | None = None,
) -> Town:
    """Make an honest world of this seed. With `world` its settings are given, not drawn.

    With `moments` (ascending) ballots come at these, in the order in which they would have come:
    of as many moments as there are ballots, each is taken.
    """
    random = np.random.default_rng(seed)
    world = world or draw_world(random, voters)
    lines = make_register(world, random)
    internet = Internet(world, random)
    rhythm = Rhythm(world, random)
    people = _People(world, lines, internet, rhythm, random)
    casts = people.vote()
    casts.time = rhythm.happen(casts.time)
    if moments is not None and len(moments):
        order = np.argsort(casts.time, kind="stable")
        which = np.arange(len(casts)) * len(moments) // len(casts)
        casts.time[order] = moments[which]
    return Town(world, lines, internet, rhythm, casts, random)


@dataclass(slots=True)
class _People:
    world: World
    lines: Lines
    internet: Internet
    rhythm: Rhythm
    random: np.random.Generator
    casts: Casts = field(init=False)
    company: tuple[int, int, int] = field(init=False)

    def vote(self) -> Casts:
        """Everybody votes from home or by phone, but for those who sit somewhere together."""
        line = self._who_votes()
        count = len(line)
        self.casts = casts = Casts.empty(count)
        agent = self.random.integers(0, _AGENTS, 1)
        stack, device = stack_of(agent, self.random)[0], fresh_hashes(1, self.random)[0]
        self.company = int(agent[0]), int(stack), int(device)
        casts.line, casts.label = line + 1, np.full(count, HONEST)
        casts.time = self.rhythm.draw_voters(casts.line)
        casts.phone = self.lines.phone[line]
        self._machines(line)
        self._paces()
        self._homes_and_phones(line)
        self._together(line)
        self._far_away()
        for _ in range(self.world.tablets):
            self._from_door_to_door()
        casts.checked = (self.random.random(count) < self.world.checks).astype(np.int64)
        signs = self.random.random(count) < self.world.signature
        casts.signature = signs.astype(np.int64)
        casts.latency[signs] = np.nan
        casts.attempts[signs] = NONE
        casts.phone[signs] = NONE
        return casts

    def _who_votes(self) -> Ints:
        """Households tend to vote or to stay away together."""
        household = self.lines.household
        leaning = self.random.normal(0, 1, int(household[-1]) + 1)[household]
        keen = leaning + self.random.normal(0, 1.2, len(household))
        return np.sort(np.argpartition(-keen, self.world.voters - 1)[: self.world.voters])

    def _machines(self, line: Ints) -> None:
        """One device a person, sometimes one a household; browsers by popularity."""
        casts, random, count = self.casts, self.random, len(line)
        household = self.lines.household[line]
        of_home = random.integers(1, 1 << 62, int(household[-1]) + 1)[household]
        shared = (random.random(int(household[-1]) + 1) < 0.35)[household]
        lost = random.random(count) < self.world.cookies_lost
        casts.device = np.where(shared & ~lost, of_home, fresh_hashes(count, random))
        popular = random.dirichlet(np.full(_AGENTS, 1.5))
        casts.agent = random.choice(_AGENTS, count, p=popular)
        casts.tls = stack_of(casts.agent, random)
        odd = random.random(count) < self.world.odd_stacks
        casts.tls[odd] = random.integers(0, 60, int(odd.sum()))
        casts.automation = (random.random(count) < self.world.robots).astype(np.int64)

    def _paces(self) -> None:
        world, random, count = self.world, self.random, len(self.casts)
        slow = random.normal(0, 0.3, _AGENTS)[self.casts.agent]
        self.casts.latency = 2 + random.lognormal(
            np.log(world.latency_s), world.latency_spread, count
        ) * np.exp(slow / 3)
        self.casts.dwell = 3 + random.lognormal(
            np.log(world.dwell_s), world.dwell_spread, count
        ) * np.exp(slow)
        self.casts.attempts = random.geometric(1 - world.attempts_wrong, count).clip(1, 5)

    def _homes_and_phones(self, line: Ints) -> None:
        casts, region = self.casts, self.lines.region[line]
        mobile = self.random.random(len(line)) < self.world.mobile
        by_phone = self.internet.mobile(region)
        at_home = self.internet.homes(self.lines.household[line], region)
        casts.ip, casts.network, casts.ip_region = (
            np.where(mobile, a, b) for a, b in zip(by_phone, at_home, strict=True)
        )

    def _together(self, line: Ints) -> None:
        """Seat people in offices, on campuses, at help points and kiosks; nobody sits twice."""
        world, region = self.world, self.lines.region[line]
        free = self.random.permutation(len(line))
        for share, seat in (
            (world.office, self._office),
            (world.campus, self._campus),
            (world.help_point, self._help_point),
            (world.kiosk, self._kiosk),
        ):
            count = int(share * len(line))
            crowd, free = free[:count], free[count:]
            # People sit with people of their region: cut the crowd, sorted, into groups.
            crowd = crowd[np.argsort(region[crowd], kind="stable")]
            while len(crowd) > 2:
                size = seat(crowd)
                crowd = crowd[size:]

    def _seat(self, rows: Ints, address: int, network: int) -> None:
        casts = self.casts
        casts.ip[rows] = address
        casts.network[rows] = network
        casts.ip_region[rows] = np.bincount(self.lines.region[casts.line[rows] - 1]).argmax()
        casts.latency[rows] *= self.random.lognormal(0, self.world.group_pace)
        casts.dwell[rows] *= self.random.lognormal(0, self.world.group_pace)

    def _office(self, crowd: Ints) -> int:
        """One address (or a few side by side), often alike machines, often one morning."""
        world, random, casts = self.world, self.random, self.casts
        size = int(
            np.clip(random.lognormal(np.log(world.office_size), world.office_spread), 3, 400)
        )
        rows = crowd[:size]
        address, network = self.internet.offices(1)
        if random.random() < world.office_by_register:  # colleagues stand side by side in it
            begin = int(random.integers(0, max(1, len(casts) - size)))
            rows = np.arange(begin, min(len(casts), begin + size))
        self._seat(rows, int(address[0]), int(network[0]))
        if random.random() < 0.2:
            casts.ip[rows] += random.integers(0, 4, len(rows))
        if random.random() < world.drive:
            begin = self.rhythm.office_day(1)[0]
            casts.time[rows] = begin + random.uniform(0, 3600 * random.uniform(0.3, 3), len(rows))
        else:
            casts.time[rows] = self.rhythm.working_hours(len(rows))
        if random.random() < world.same_machines:
            agent = np.full(1, random.integers(0, _AGENTS))
            casts.agent[rows], casts.tls[rows] = agent[0], stack_of(agent, random)[0]
            if random.random() < world.one_hash:
                casts.device[rows] = fresh_hashes(1, random)[0]
        if random.random() < world.branches:  # of one company, whose computers are all alike
            casts.agent[rows], casts.tls[rows], casts.device[rows] = self.company
        if random.random() < world.company_phones:
            block = 70_000_000_000 + int(random.integers(701_000_0, 778_999_9)) * 1000
            casts.phone[rows] = block + random.permutation(1000)[: len(rows)]
        return size

    def _campus(self, crowd: Ints) -> int:
        size = int(self.random.uniform(50, 600))
        rows = crowd[:size]
        address, network = self.internet.offices(1)
        self._seat(rows, int(address[0]), int(network[0]))
        self.casts.ip[rows] += self.random.integers(0, int(self.random.integers(1, 9)), len(rows))
        self.casts.dwell[rows] *= self.random.uniform(0.6, 1)
        return size

    def _help_point(self, crowd: Ints) -> int:
        """A clerk's tablet in a hall: one device, one person's pace, the precinct's people."""
        size = int(self.random.uniform(8, 80))
        rows = crowd[:size]
        address, network = self.internet.offices(1)
        self._seat(rows, int(address[0]), int(network[0]))
        self._share_device(rows, int(self.random.integers(1, 3)))
        self.casts.time[rows] = self.rhythm.working_hours(len(rows))
        self.casts.dwell[rows] *= self.random.uniform(0.5, 1.2)
        return size

    def _kiosk(self, crowd: Ints) -> int:
        """Polling kiosks: some machines behind one address, queues over a day or two."""
        size = int(self.random.uniform(40, 500))
        rows = crowd[:size]
        address, network = self.internet.offices(1)
        self._seat(rows, int(address[0]), int(network[0]))
        self._share_device(rows, int(self.random.integers(1, 6)))
        begin = self.rhythm.office_day(1)[0]
        self.casts.time[rows] = begin + self.random.uniform(0, 8 * 3600, len(rows))
        self.casts.dwell[rows] *= self.random.uniform(0.4, 1)
        return size

    def _from_door_to_door(self) -> None:
        """A clerk with a tablet and a SIM card visits those who cannot come."""
        size = int(self.random.uniform(6, 60))
        begin = int(self.random.integers(0, max(1, len(self.casts) - size * 6)))
        rows = begin + np.sort(self.random.choice(size * 6, size, replace=False))
        rows = rows[rows < len(self.casts)]
        ip, network, seat = self.internet.mobile(self.lines.region[self.casts.line[rows] - 1])
        self.casts.ip[rows], self.casts.network[rows], self.casts.ip_region[rows] = (
            ip,
            network,
            seat,
        )
        self._share_device(rows, 1)
        self.casts.time[rows] = self.rhythm.working_hours(len(rows))

    def _share_device(self, rows: Ints, machines: int) -> None:
        which = self.random.integers(0, machines, len(rows))
        self.casts.device[rows] = fresh_hashes(machines, self.random)[which]
        self.casts.agent[rows] = self.casts.agent[rows[0]]
        self.casts.tls[rows] = self.casts.tls[rows[0]]

    def _far_away(self) -> None:
        """VPN users, people abroad, and a few whose monitor runs the browser for them."""
        casts, random = self.casts, self.random
        for share, kinds, few in (
            (self.world.vpn, self.internet.vpns, 30),
            (self.world.abroad, self.internet.foreign, 60_000),
        ):
            rows = np.flatnonzero(random.random(len(casts)) < share)
            casts.ip[rows], casts.network[rows] = self.internet.exits(kinds, len(rows), few)
            casts.ip_region[rows] = NONE
        robots = casts.automation == 1
        casts.agent[robots & (random.random(len(casts)) < 0.3)] = ROBOT_AGENT
