"""Casts arranged for comparison: who complained of each, and the groups they came in."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from ipaddress import IPv6Address, ip_address, ip_network

from dauys.core.ids import ContestId
from dauys.monitor.signals import Kind, Signal

UNKNOWN_NETWORK = "unknown"

_FEWEST_SIBLINGS = 3


class Scope(StrEnum):
    """What the ballots of a group have in common."""

    ADDRESS = "address"
    BLOCK = "block"
    DEVICE = "device"


@dataclass(frozen=True, slots=True)
class Ballot:
    """A cast, its address and the block around it (/24, or /56 in IPv6); "" when unknown.

    `complaints`: the source (address, device) of each later visit in the voter's name, from
    elsewhere, that met "already voted" or took the vote back. `reported`: the voter said so.
    """

    signal: Signal
    address: str
    block: str
    network: str
    complaints: tuple[tuple[str, str], ...]
    reported: bool

    @property
    def source(self) -> tuple[str, str]:
        """Address and device."""
        return (self.address, self.signal.device or "")


@dataclass(frozen=True, slots=True)
class Group:
    """Ballots of one contest with something in common; `siblings`: voters of its like.

    Siblings are the other addresses or blocks of the same network (of the same class of
    network where there are fewer than three), each with the number of voters it carried.
    """

    contest: ContestId
    scope: Scope
    value: str
    network: str
    ballots: tuple[Ballot, ...]
    siblings: tuple[int, ...]

    @property
    def voters(self) -> int:
        """How many different voters the ballots are of."""
        return count_voters(self.ballots)


def count_voters(ballots: Iterable[Ballot]) -> int:
    """How many different lines of the register the ballots are of."""
    return len({ballot.signal.register_number for ballot in ballots})


def make_ballots(signals: Iterable[Signal], reported: frozenset[str]) -> tuple[Ballot, ...]:
    """Arrange the casts by time; `reported` holds the signal ids of casts voters disown."""
    casts: list[Signal] = []
    complaints: dict[tuple[str, int], list[Signal]] = defaultdict(list)
    for signal in signals:
        if signal.kind == Kind.CAST:
            casts.append(signal)
        elif signal.kind in {Kind.REFUSED_VOTED, Kind.RECLAIMED}:
            complaints[signal.contest, signal.register_number].append(signal)
    casts.sort(key=lambda cast: (cast.time, cast.signal_id))
    return tuple(
        Ballot(
            signal=cast,
            address=cast.ip or "",
            block=_block(cast.ip) if cast.ip else "",
            network=cast.asn or _wide_block(cast.ip),
            complaints=tuple(
                (later.ip or "", later.device or "")
                for later in complaints.get((cast.contest, cast.register_number), ())
                if later.time > cast.time and _from_elsewhere(later, cast)
            ),
            reported=cast.signal_id in reported,
        )
        for cast in casts
    )


def make_groups(ballots: Sequence[Ballot], fewest: int) -> Iterator[Group]:
    """Yield the groups of at least `fewest` voters: addresses, blocks of several, devices."""
    for contest in sorted({ballot.signal.contest for ballot in ballots}):
        own = [ballot for ballot in ballots if ballot.signal.contest == contest]
        yield from _network_groups(contest, own, fewest)
        devices: dict[str, list[Ballot]] = defaultdict(list)
        for ballot in own:
            if ballot.signal.device:
                devices[ballot.signal.device].append(ballot)
        for device, members in devices.items():
            if count_voters(members) >= fewest and len({b.block for b in members}) > 1:
                network = members[0].network
                yield Group(contest, Scope.DEVICE, device, network, tuple(members), ())


def _network_groups(contest: ContestId, ballots: Sequence[Ballot], fewest: int) -> Iterator[Group]:
    classes = {ballot.network: ballot.signal.ip_class for ballot in ballots}
    for scope in (Scope.ADDRESS, Scope.BLOCK):
        members: dict[tuple[str, str], list[Ballot]] = defaultdict(list)
        for ballot in ballots:
            value = ballot.address if scope == Scope.ADDRESS else ballot.block
            if value:
                members[ballot.network, value].append(ballot)
        sizes: dict[str, dict[str, int]] = defaultdict(dict)
        for (network, value), found in members.items():
            sizes[network][value] = count_voters(found)
        for (network, value), found in members.items():
            lone = scope == Scope.BLOCK and len({b.address for b in found}) == 1
            if sizes[network][value] >= fewest and not lone:
                siblings = _siblings(network, value, sizes, classes)
                yield Group(contest, scope, value, network, tuple(found), siblings)


def _siblings(
    network: str,
    value: str,
    sizes: Mapping[str, Mapping[str, int]],
    classes: Mapping[str, str | None],
) -> tuple[int, ...]:
    own = tuple(size for other, size in sizes[network].items() if other != value)
    if len(own) >= _FEWEST_SIBLINGS:
        return own
    return tuple(
        size
        for other_network, values in sizes.items()
        if classes[other_network] == classes[network]
        for other, size in values.items()
        if (other_network, other) != (network, value)
    )


def _from_elsewhere(later: Signal, cast: Signal) -> bool:
    same_device = later.device is not None and later.device == cast.device
    return not same_device and later.ip != cast.ip


def _block(address: str) -> str:
    prefix = 56 if isinstance(ip_address(address), IPv6Address) else 24
    return str(ip_network(f"{address}/{prefix}", strict=False))


def _wide_block(address: str | None) -> str:
    """Stand in for a network that nobody named: /16, or /32 in IPv6."""
    if not address:
        return UNKNOWN_NETWORK
    prefix = 32 if isinstance(ip_address(address), IPv6Address) else 16
    return str(ip_network(f"{address}/{prefix}", strict=False))
