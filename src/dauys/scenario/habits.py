"""Where honest voters sit and when they come: homes, phones, offices, VPNs and accountants.

Offices share one address, some with identical managed PCs, and vote within two hours of a
drive; accountants vote for clients who read them their codes. Both look like stuffing and are not.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from itertools import groupby
from random import Random

from dauys.scenario.network import AddressPlan, networks_of
from dauys.scenario.people import (
    EDS,
    SMS,
    Actor,
    Category,
    ContestPlan,
    OnRefusal,
    Terminal,
    Visit,
    Voter,
)
from dauys.scenario.rhythm import Rhythm, office_day

_BROWSERS = ("Chrome", "Chrome Mobile", "Safari", "Mobile Safari", "Firefox", "Edge", "Samsung")
_BROWSER_SHARES = (28, 30, 4, 16, 5, 9, 8)
_TURNOUT = {
    Category.ENTREPRENEUR: 0.52,
    Category.COMPANY: 0.58,
    Category.ASSOCIATION: 0.9,
    Category.SELF_REGULATED: 0.9,
}
_DRIVE_TURNOUT = 0.85
_PREFERS_SIGNATURE = 0.45
_COMES_AGAIN = 0.01

Draft = tuple[Voter, Terminal, datetime]


def plan_visits(
    voters: Sequence[Voter], contests: Sequence[ContestPlan], rhythm: Rhythm, random: Random
) -> Iterator[Visit]:
    """Yield the visits of all who vote, in no order; a few come again to see that they did."""
    addresses = AddressPlan(len(voters), random)
    plans = {plan.id: plan for plan in contests}
    for voter, terminal, time in _drafts(voters, rhythm, addresses, random):
        visit = make_visit(voter, plans[voter.contest], terminal, time, random)
        yield visit
        if random.random() < _COMES_AGAIN:
            yield _again(visit, voter, addresses, random)


def make_visit(
    voter: Voter, contest: ContestPlan, terminal: Terminal, time: datetime, random: Random
) -> Visit:
    """Fill in how a person votes: method, choice, and the pace of a human."""
    signs = voter.has_signature and random.random() < _PREFERS_SIGNATURE
    choice = random.choices(contest.candidates, contest.support)[0]
    latency = _seconds(random, 18, 0.6, 5, 280)
    return Visit(
        time=time,
        register_number=voter.register_number,
        method=EDS if signs else SMS,
        candidate=choice.id,
        terminal=terminal,
        wrong_codes=0 if signs else random.choices((0, 1, 2), (93, 6, 1))[0],
        code_latency=timedelta(0) if signs else latency,
        dwell=_seconds(random, 55, 0.7, 8, 1200),
        checks_after=_seconds(random, 3600, 1, 60, 86_400) if random.random() < 0.15 else None,
        by=Actor.VOTER,
    )


def make_terminal(address: str, random: Random) -> Terminal:
    """A fresh device at the address."""
    browser = random.choices(_BROWSERS, _BROWSER_SHARES)[0]
    stack = _BROWSERS.index(browser) * 4 + random.choice((0, 0, 0, 1, 2))
    return Terminal(address, f"{random.getrandbits(64):016x}", browser, f"{stack:02d}{'0' * 10}")


def on_refusal(random: Random, *, has_signature: bool) -> OnRefusal:
    """Decide what a robbed voter does; only a digital signature can take a vote back."""
    if has_signature and random.random() < 0.8:
        return OnRefusal.RECLAIM
    return OnRefusal.REPORT if random.random() < 0.6 else OnRefusal.GIVE_UP


def _drafts(
    voters: Sequence[Voter], rhythm: Rhythm, addresses: AddressPlan, random: Random
) -> Iterator[Draft]:
    """Say who comes, from where, when: offices and accountants first, then everybody else."""
    placed: set[int] = set()
    for _, group in groupby(voters, key=lambda voter: voter.contest):
        free = [voter for voter in group if voter.household is None]
        random.shuffle(free)
        for place in (_office, _accountant):
            for draft in place(free, rhythm, addresses, random):
                placed.add(draft[0].register_number)
                yield draft
    rest = (voter for voter in voters if voter.register_number not in placed)
    yield from _at_home_and_on_phones(rest, rhythm, addresses, random)


def _office(
    free: list[Voter], rhythm: Rhythm, addresses: AddressPlan, random: Random
) -> Iterator[Draft]:
    """Take voters out of `free` into offices, and have them vote in a drive of two hours."""
    most = min(40, max(6, len(free) // 25))
    for number in range(max(1, len(free) // 300)):
        people = [free.pop() for _ in range(min(len(free), random.randint(most // 2 + 1, most)))]
        if not people:
            return
        address = addresses.block(random.choice(networks_of("fixed", people[0].region)), 1)[0]
        managed = make_terminal(address, random) if number % 2 == 0 else None
        opens = office_day(rhythm, random)
        for voter in people:
            if random.random() < _DRIVE_TURNOUT:
                when = opens + timedelta(minutes=random.uniform(0, 120))
                yield voter, managed or make_terminal(address, random), when


def _accountant(
    free: list[Voter], rhythm: Rhythm, addresses: AddressPlan, random: Random
) -> Iterator[Draft]:
    """Take clients out of `free` whose accountant votes for them, one after another."""
    for _ in range(len(free) // 200):
        clients = [free.pop() for _ in range(random.randint(3, 5))]
        terminal = make_terminal(addresses.home(clients[0].region), random)
        when = rhythm.draw(random)
        for voter in clients:
            yield voter, terminal, when
            when += timedelta(minutes=random.uniform(4, 15))


def _at_home_and_on_phones(
    voters: Iterable[Voter], rhythm: Rhythm, addresses: AddressPlan, random: Random
) -> Iterator[Draft]:
    """Let a household share its address and, half the time, its device."""
    homes: dict[str, Terminal] = {}
    for voter in voters:
        if random.random() >= _TURNOUT[voter.category]:
            continue
        place = random.random()
        if voter.household is not None:
            terminal = homes.setdefault(
                voter.household, make_terminal(addresses.home(voter.region), random)
            )
            if random.random() < 0.5:
                terminal = make_terminal(terminal.address, random)
        elif place < 0.5:
            terminal = make_terminal(addresses.phone(voter.region), random)
        elif place < 0.98:
            terminal = make_terminal(addresses.home(voter.region), random)
        else:
            terminal = make_terminal(addresses.vpn(voter.region), random)
        yield voter, terminal, rhythm.draw(random)


def _again(visit: Visit, voter: Voter, addresses: AddressPlan, random: Random) -> Visit:
    """A voter who is not sure to have voted comes again, half the time from a phone."""
    terminal = visit.terminal
    if random.random() < 0.5:
        terminal = make_terminal(addresses.phone(voter.region), random)
    later = visit.cast_at + _seconds(random, 6 * 3600, 1, 300, 5 * 86_400)
    return replace(visit, time=later, terminal=terminal, checks_after=None)


def _seconds(random: Random, median: float, spread: float, least: float, most: float) -> timedelta:
    drawn = median * random.lognormvariate(0, spread)
    return timedelta(seconds=round(min(most, max(least, drawn)), 3))
