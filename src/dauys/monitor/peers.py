"""All casts of a contest, arranged once so that any group is quickly compared with the rest."""

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from enum import StrEnum
from types import MappingProxyType

import numpy as np
from numpy.typing import NDArray

from dauys.monitor.ballots import Ballot, count_voters

Source = tuple[str, str]


class Pace(StrEnum):
    """What is timed, in seconds."""

    CODE = "code_pace"
    PAGE = "page_pace"


_READ: Mapping[Pace, Callable[[Ballot], float | None]] = MappingProxyType(
    {
        Pace.CODE: lambda ballot: ballot.signal.code_latency_s,
        Pace.PAGE: lambda ballot: ballot.signal.dwell_s,
    }
)


def paces(pace: Pace, ballots: Sequence[Ballot]) -> NDArray[np.float64]:
    """Seconds of the ballots that were timed, sorted."""
    read = _READ[pace]
    timed = [value for ballot in ballots if (value := read(ballot)) is not None]
    return np.sort(np.asarray(timed, dtype=np.float64))


def voters_by_device(ballots: Sequence[Ballot]) -> dict[str, int]:
    """How many voters each known device voted for."""
    lines: dict[str, set[int]] = defaultdict(set)
    for ballot in ballots:
        if ballot.signal.device:
            lines[ballot.signal.device].add(ballot.signal.register_number)
    return {device: len(found) for device, found in lines.items()}


class Peers:
    """The casts of one contest; every group it is asked about is a part of them.

    `known`: sources of clusters found before. What these complain of does not count: they are
    thieves who came too late.
    """

    def __init__(self, ballots: Sequence[Ballot], known: frozenset[Source]) -> None:
        self._known = known
        self._paces = {pace: paces(pace, ballots) for pace in Pace}
        self._devices = voters_by_device(ballots)
        self._voters = count_voters(ballots)
        self._complaining = self.complaining(ballots)

    def complaining(self, ballots: Sequence[Ballot]) -> int:
        """How many voters came to vote themselves from elsewhere, reclaimed or reported."""
        return count_voters(
            [
                ballot
                for ballot in ballots
                if ballot.reported or any(source not in self._known for source in ballot.complaints)
            ]
        )

    def usual_complaints(self, group: Sequence[Ballot]) -> float:
        """Share of complaining voters outside the group, never quite zero."""
        elsewhere = max(0, self._voters - count_voters(group))
        complaining = max(0, self._complaining - self.complaining(group))
        return min(1.0, (complaining + 1) / (elsewhere + 1))

    def outside(self, pace: Pace, own: NDArray[np.float64]) -> NDArray[np.float64]:
        """Seconds of all timed ballots but the group's, sorted; `own` are the group's, sorted."""
        everybody = self._paces[pace]
        among_equals = np.arange(len(own)) - np.searchsorted(own, own)
        return np.delete(everybody, np.searchsorted(everybody, own) + among_equals)

    def other_devices(self, device: str) -> NDArray[np.float64]:
        """How many voters each other device voted for."""
        return np.asarray(
            [voters for other, voters in self._devices.items() if other != device],
            dtype=np.float64,
        )
