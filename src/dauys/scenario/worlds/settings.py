"""What a world is like. Every number is drawn anew for each world, from wide ranges."""

from dataclasses import dataclass
from datetime import UTC, datetime

import numpy as np

START = datetime(2026, 8, 5, 4, tzinfo=UTC).timestamp()
DAY = 86_400.0


@dataclass(frozen=True, slots=True, kw_only=True)
class World:
    """Settings of one world; shares are of honest ballots unless said otherwise.

    `voters` honest voters of a register of `registered` lines vote during `days` from START.
    Dispersions and sigmas are of log-normal variables; seconds, unless the name says minutes.
    """

    voters: int
    registered: int
    days: int
    regions: int
    precinct_size: int
    alphabetical: bool
    shared_phones: float

    night: float
    weekend: float
    reminders: int
    reminder_share: float
    reminder_delay_minutes: float
    reminder_rate: float
    outages: int
    outage_minutes: float
    recovery_minutes: float
    rush_ballots: int
    batch_s: float

    carriers: int
    gateways: int
    gateway_spread: float
    gateway_regional: float
    providers: int
    homes_per_block: float
    provider_nat: float
    ipv6: float

    mobile: float
    office: float
    campus: float
    vpn: float
    help_point: float
    kiosk: float
    abroad: float
    office_size: float
    office_spread: float
    drive: float
    same_machines: float
    one_hash: float
    office_by_register: float
    branches: float
    tablets: int
    company_phones: float

    signature: float
    latency_s: float
    latency_spread: float
    dwell_s: float
    dwell_spread: float
    group_pace: float
    attempts_wrong: float
    checks: float
    forgetful: float
    robots: float
    odd_stacks: float
    cookies_lost: float

    def __post_init__(self) -> None:
        """Raise ValueError for more voters than lines."""
        if not 0 < self.voters <= self.registered:
            raise ValueError("voters must be on the register")


def draw_world(random: np.random.Generator, voters: int = 11_000) -> World:
    """Draw a world of about the given number of honest voters."""
    u, chance = random.uniform, random.random

    def log(low: float, high: float) -> float:
        return float(np.exp(u(np.log(low), np.log(high))))

    rush = chance() < 0.25
    return World(
        voters=voters,
        registered=int(voters * u(1.4, 3.5)),
        days=int(random.integers(3, 22)) if chance() < 0.5 else 15,
        regions=int(random.integers(1, 18)),
        precinct_size=int(log(150, 2500)),
        alphabetical=chance() < 0.3,
        shared_phones=u(0, 0.12),
        night=log(0.005, 0.1),
        weekend=u(0.2, 1.1),
        reminders=int(random.integers(0, 4)),
        reminder_share=u(0.05, 0.4),
        reminder_delay_minutes=log(15, 240),
        reminder_rate=log(200, 20_000),
        outages=int(random.integers(0, 4)),
        outage_minutes=log(5, 300),
        recovery_minutes=log(0.5, 40),
        rush_ballots=int(voters * u(0.03, 0.3)) if rush else 0,
        batch_s=float(random.choice([0, 0, 0, 1, 60])),
        carriers=int(random.integers(2, 6)),
        gateways=int(log(3, 120)),
        gateway_spread=u(0.4, 1.4),
        gateway_regional=u(0, 1),
        providers=int(random.integers(2, 12)),
        homes_per_block=log(2, 60),
        provider_nat=u(0, 0.25),
        ipv6=u(0, 0.4),
        mobile=u(0.25, 0.75),
        office=u(0.03, 0.3),
        campus=u(0, 0.06),
        vpn=u(0, 0.04),
        help_point=u(0, 0.02),
        kiosk=u(0, 0.04),
        abroad=u(0, 0.01),
        office_size=log(5, 40),
        office_spread=u(0.6, 1.2),
        drive=u(0.05, 0.6),
        same_machines=u(0.1, 0.7),
        one_hash=u(0, 0.6),
        office_by_register=u(0, 0.3),
        branches=u(0, 0.4) if chance() < 0.5 else 0.0,
        tablets=int(random.integers(0, 4)),
        company_phones=u(0, 0.3),
        signature=u(0, 0.3),
        latency_s=log(10, 35),
        latency_spread=u(0.4, 0.9),
        dwell_s=log(25, 110),
        dwell_spread=u(0.5, 0.9),
        group_pace=u(0.02, 0.2),
        attempts_wrong=u(0.02, 0.12),
        checks=u(0.01, 0.25),
        forgetful=log(0.001, 0.01),
        robots=log(0.0001, 0.003),
        odd_stacks=log(0.001, 0.02),
        cookies_lost=u(0, 0.3),
    )
