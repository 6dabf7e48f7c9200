"""A thief with bare IINs and sight of the SMS codes, who stuffs for two candidates.

The thief walks the register in its order, mostly through people unlikely to vote, with two
machines: one votes in bursts from a single address, the other more slowly from a handful of
addresses of one block, on other days.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from random import Random

from dauys.core.ids import CandidateId
from dauys.scenario.habits import make_terminal
from dauys.scenario.network import NETWORKS, AddressPlan
from dauys.scenario.people import KARAGANDA, SMS, Actor, Electorate, Terminal, Visit, Voter
from dauys.scenario.rhythm import make_rhythm

CANDIDATES = (CandidateId("qaragash"), CandidateId("shaghala"))

_SHARE = 0.08
_FEWEST = 28  # a few come too late
_FEWEST_IN_SMALL = 6
_SMALL = 300
_ROBBED_SHARE = 0.22
_BURST_SHARE = 0.45
_BURST_GAP_S = 75.0
_ROTATION_GAP_S = 600.0
# Shares of the electorate's activity after which the machines set to work.
_BURST_SESSIONS = (0.30, 0.45)
_ROTATION_SESSIONS = (0.2, 0.33, 0.48, 0.55)
_LONGEST_SESSION = 0.02


@dataclass(frozen=True, slots=True)
class _Machine:
    terminals: tuple[Terminal, ...]
    sessions: tuple[float, ...]
    gap_s: float


def plan_theft(electorate: Electorate, seed: int) -> tuple[Visit, ...]:
    """Plan the thief's visits, by time: about 8 % as many as the honest ones, at least 28.

    About a fifth are made in the name of people who vote too, mostly later. Registers under
    300 lines lose fewer. The same arguments give the same theft.
    """
    random = Random(seed)
    fewest = _FEWEST if len(electorate.voters) >= _SMALL else _FEWEST_IN_SMALL
    victims = _victims(electorate, max(fewest, round(len(electorate.visits) * _SHARE)), random)
    order = list(range(len(victims)))
    random.shuffle(order)
    burst = sorted(order[: round(len(order) * _BURST_SHARE)])
    rotation = sorted(order[len(burst) :])
    visits = [
        visit
        for machine, places in zip(
            _machines(electorate, len(rotation), random), (burst, rotation), strict=True
        )
        for visit in _work(machine, [victims[place] for place in places], electorate, random)
    ]
    return tuple(sorted(visits, key=lambda visit: (visit.time, visit.register_number)))


def _victims(electorate: Electorate, count: int, random: Random) -> list[Voter]:
    """Choose whose votes to steal, in register order, from one stretch of the register."""
    coming = {visit.register_number for visit in electorate.visits}
    later = {visit.register_number for visit in electorate.visits[len(electorate.visits) // 3 :]}
    voters = [voter for voter in electorate.voters if voter.contest == KARAGANDA]
    count = min(count, len(voters) // 2)
    stretch = min(len(voters), count * 3)
    first = random.randrange(len(voters) - stretch + 1)
    window = voters[first : first + stretch]
    will = [voter for voter in window if voter.register_number in later]
    will_not = [voter for voter in window if voter.register_number not in coming]
    robbed = random.sample(will, min(len(will), round(count * _ROBBED_SHARE)))
    others = random.sample(will_not, min(len(will_not), count - len(robbed)))
    return sorted(robbed + others, key=lambda voter: voter.register_number)


def _machines(electorate: Electorate, rotated: int, random: Random) -> tuple[_Machine, _Machine]:
    """Rent one line of a home network, and some addresses of a block of another."""
    addresses = AddressPlan(len(electorate.voters), random)
    homes, lines = NETWORKS[0], NETWORKS[2]
    used = {visit.terminal.address for visit in electorate.visits}
    burst = next(a for a in addresses.block(homes, 50) if a not in used)
    many = max(5, min(40, rotated // 6))
    rotation = [a for a in addresses.block(lines, many + 50) if a not in used][:many]
    one, other = make_terminal(burst, random), make_terminal(rotation[0], random)
    return (
        _Machine((one,), _BURST_SESSIONS, _BURST_GAP_S),
        _Machine(
            tuple(Terminal(a, other.device, other.browser, other.tls) for a in rotation),
            _ROTATION_SESSIONS,
            _ROTATION_GAP_S,
        ),
    )


def _work(
    machine: _Machine, victims: Sequence[Voter], electorate: Electorate, random: Random
) -> list[Visit]:
    """Vote for each victim in turn, split over the machine's sessions."""
    rhythm = make_rhythm(electorate.start, electorate.end)
    each = -(-len(victims) // len(machine.sessions))
    longest = (electorate.end - electorate.start).total_seconds() * _LONGEST_SESSION
    gap = min(machine.gap_s, longest / max(1, each))
    visits = []
    for number, share in enumerate(machine.sessions):
        time = rhythm.moment(share)
        for voter in victims[number * each : (number + 1) * each]:
            time += timedelta(seconds=gap * random.uniform(0.6, 1.5))
            visits.append(_steal(voter, time, random.choice(machine.terminals), random))
    return [visit for visit in visits if visit.cast_at < electorate.end]


def _steal(voter: Voter, time: datetime, terminal: Terminal, random: Random) -> Visit:
    """Vote as a script does: the code is at hand, and the ballot needs no thought."""
    return Visit(
        time=time,
        register_number=voter.register_number,
        method=SMS,
        candidate=random.choice(CANDIDATES),
        terminal=terminal,
        wrong_codes=0,
        code_latency=timedelta(seconds=round(random.uniform(3, 8), 3)),
        dwell=timedelta(seconds=round(random.uniform(4, 9), 3)),
        checks_after=None,
        by=Actor.THIEF,
    )
