"""The search: take the best groups, set their ballots aside, test the rest again."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from types import MappingProxyType

import numpy as np

from dauys.monitor.ballots import Ballots, Flags, Floats, Ints
from dauys.monitor.crowds import make_groups
from dauys.monitor.families import PACES, TELLING, all_scores, correct, share_beyond, share_of
from dauys.monitor.findings import Finding, find
from dauys.monitor.groups import BROAD, MARKED, ROOM, Groups
from dauys.monitor.likeness import complaints_of_victims, like_complained, surely_alike
from dauys.monitor.marks import Mark, make_marks, without_coarse_devices
from dauys.monitor.members import grow, posterior, resembling, ways

WEIGHTS = MappingProxyType(
    {
        "complaints": 1.5,
        "refusals": 1.5,
        "order": 1.0,
        "phones": 1.0,
        "devices": 1.0,
        "automation": 1.0,
        "no_mistakes": 0.7,
        "disguise": 0.6,
        "distance": 0.6,
        "hosting": 0.5,
        "night": 0.4,
        "no_checks": 0.4,
        "phone_blocks": 0.15,
        "roaming": 0.2,
        "colocation": 0.1,
    }
)
"""What a family counts for. The paces together count as one family, in full."""

_PLACES = ("roaming", "colocation", "hosting")
_KINDS = (
    *(PACES, ("complaints",), ("refusals",), ("phones", "phone_blocks"), ("disguise",)),
    *(("distance",), _PLACES, ("automation",), ("night",)),
    *(("no_mistakes",), ("no_checks",), ("order",)),
)
_SAYS = 2.0
_TOLD = 3.0
_PLAIN = (
    *("ip", "block", "device", "phone", "phone_100"),
    *("chain", "chain+quick", "chain+brisk", "chain+distance"),
)
_ALONE = MappingProxyType({"order": 20.0, "devices": 2.0})
_MOST_ROUNDS = 20
_PURE = 0.97
_CROWD = 10
_LEAST_SHARE = 0.5
_ROAMING_SHARE = 0.9
_IN_A_ROOM = 0.8
_FIXED_SHARE = ("roaming", "handful", "victims")
_BY_DEVICE = ("roaming", "handful")
_LEARNED = 6.0
_MOST_LEARNED = 2
_SEED = 8
_MOST_GROWTH = 40
_LIKELY = 0.8


@dataclass(frozen=True, slots=True)
class Suspect:
    """A group over the threshold: its rows among all ballots, and what speaks against it.

    `scope` and `value` say what its first members share, `seed` where one of them stands.
    """

    rows: Ints
    seed: int
    scope: str
    expected: float
    score: float
    findings: tuple[Finding, ...]


def total(scores: dict[str, Floats]) -> Floats:
    """Weighed sum of the families; the paces are one family."""
    pace = np.max([scores[name] for name in PACES], axis=0)
    return np.asarray(pace + sum(weight * scores[name] for name, weight in WEIGHTS.items()))


def independent(scores: dict[str, Floats], in_a_room: Flags) -> Ints:
    """How many families say something; a very strong order counts for two, as do many devices.

    No innocent explanation is known for these but for being called one by one. `in_a_room`: the
    groups that sit in one place; where such a one is quick, it has a practised clerk, and the two
    are one fact.
    """
    says = np.asarray([np.max([scores[name] for name in kind], axis=0) >= _SAYS for kind in _KINDS])
    alone = [2 * (scores[name] >= least) for name, least in _ALONE.items()]
    clerk = in_a_room & says[_KINDS.index(PACES)] & says[_KINDS.index(_PLACES)]
    return np.asarray(np.sum(says, axis=0) + np.sum(alone, axis=0) - clerk)


def luck_of(groups: Groups) -> Floats:
    """How much of a score comes from having asked so many groups, in -log10 of a chance.

    Victims are chosen without looking at what they are then asked.
    """
    return np.where(groups.scope == "victims", 0.0, np.log10(max(1, len(groups))))


def search(ballots: Ballots, threshold: float, fewest: int) -> Iterator[Suspect]:
    """Yield the suspects of one contest, in the order they were found."""
    ballots = without_coarse_devices(ballots)
    left = np.ones(len(ballots), bool)
    for _ in range(_MOST_ROUNDS):
        if left.sum() < fewest:
            return
        places = np.flatnonzero(left)
        suspects = _Round(ballots.take(left), threshold, fewest).suspects()
        if not suspects:
            return
        for suspect in suspects:
            rows = places[suspect.rows]
            left[rows] = False
            yield Suspect(
                rows,
                int(places[suspect.seed]),
                suspect.scope,
                suspect.expected,
                suspect.score,
                suspect.findings,
            )


class _Round:
    """One look at all ballots that are left."""

    def __init__(self, ballots: Ballots, threshold: float, fewest: int) -> None:
        ballots = replace(ballots, complained=complaints_of_victims(ballots))
        self.ballots, self.threshold, self.fewest = ballots, threshold, fewest
        self.marks = make_marks(ballots)
        _group_by_marks(ballots, self.marks)
        self.ways = ways(ballots, self.marks)
        ballots.code["victims"] = np.where(like_complained(ballots, self.ways), 0, -1)
        groups: Groups = make_groups(ballots, fewest)
        luck = luck_of(groups)
        scores = all_scores(ballots, groups, self.marks)
        hopeful = total(scores) - luck >= threshold
        self.groups = groups.only(hopeful)
        self.scores = {name: column[hopeful] for name, column in scores.items()}
        correct(ballots, self.groups, self.scores)
        self.broad = np.isin(self.groups.scope, list(BROAD))
        self.beyond = np.clip(share_beyond(self.groups, self.marks), 0, 1)
        self.told = np.max([self.scores[name] for name in TELLING], axis=0) >= _TOLD
        self.purity = self._purity()
        sums = total(self.scores) * self.purity - luck[hopeful]
        learned = (self.groups.scope == "victims") & (self.scores["complaints"] >= _LEARNED)
        in_a_room = self.groups.share_alike(ballots.code["block"]) >= _IN_A_ROOM
        kinds = independent(self.scores, in_a_room) + 2 * learned
        self.sums = np.where(kinds >= 2, sums, 0.0)
        self.free = np.ones(len(ballots), bool)

    def _purity(self) -> Floats:
        groups = self.groups
        narrow = np.clip(1 - groups.expected / np.maximum(groups.size, 1), 0, 1)
        beyond = np.minimum(self.beyond, 0.95)
        purity = np.where(self.broad, np.where(beyond < _LEAST_SHARE, 0, beyond), narrow)
        return np.where(np.isin(groups.scope, _FIXED_SHARE), _ROAMING_SHARE, purity)

    def suspects(self) -> list[Suspect]:
        """The best group, the best of what is left, and so on down to the threshold."""
        found = []
        plain = np.isin(self.groups.scope, _PLAIN)
        ranks = self.sums * np.where(plain, 1.0, np.where(self.broad, 0.5, 0.7))
        # Weak groups wait: what the strong ones leave behind may make them look ordinary.
        least = max(self.threshold, float(self.sums.max(initial=0)) / 2)
        over = np.flatnonzero(self.sums >= least)
        for group in over[np.argsort(-ranks[over], kind="stable")]:
            rows = self.groups.of(int(group))
            if not self.free[rows].all():
                continue  # the next round asks what is left of it
            members = self._members(int(group), rows[self.free[rows]])
            if len(members) >= self.fewest:
                self.free[members] = False
                found.append(self._suspect(int(group), members))
        return found

    def _members(self, group: int, rows: Ints) -> Ints:
        """Leave out who merely shares the group's key; add who came in the same ways."""
        if self.groups.scope[group] == "victims":
            alike = surely_alike(self.ballots, self.ways[:-1], self.free)
            return alike if len(alike) <= _MOST_LEARNED * len(rows) else rows
        share, told = self._told_apart(group, rows)
        by_device = self.groups.scope[group] in _BY_DEVICE
        one_hand = self.ballots.code["device"] if by_device else None
        crowded = told is not None and self.groups.expected[group] >= _CROWD
        if share < _PURE or crowded or self.broad[group]:
            outside = self.free.copy()
            outside[rows] = False
            found = posterior(self.ways, rows, outside, share, told, one_hand) > _LIKELY
            if told is not None:
                found |= resembling(self.ways, rows, found, outside)
            rows = rows[found]
        if self.groups.scope[group] in ROOM or len(rows) < _SEED:
            return rows
        more = grow(self.ballots, self.ways, self.marks, rows, self.free, one_hand)
        if len(more) > _MOST_GROWTH * len(rows):
            return rows
        return more if self.broad[group] else np.union1d(rows, more)

    def _told_apart(self, group: int, rows: Ints) -> tuple[float, Flags | None]:
        """How much of a group is the thief's, and which of its ballots say so, where some do."""
        share = float(self.purity[group])
        if self.broad[group]:
            return share, None
        if self.told[group]:
            return min(share, float(self.beyond[group])), self._teller(group).carried[rows]
        alike = self.ballots.code["victims"][rows] >= 0
        complained = self.ballots.complained[rows]
        part = float(alike.mean())
        if part < _PURE and 2 * (alike & complained).sum() > complained.sum():
            return part, alike
        return share, None

    def _teller(self, group: int) -> Mark:
        """Give the mark that sets most of a group apart."""
        one = self.groups.only(np.asarray([group]))
        return max(
            (self.marks[name] for name in TELLING),
            key=lambda mark: float(share_of(one, mark)[0]),
        )

    def _suspect(self, group: int, members: Ints) -> Suspect:
        own = {name: float(values[group]) for name, values in self.scores.items()}
        seed = self.groups.of(group)
        kept = seed[np.isin(seed, members)]
        return Suspect(
            members,
            int(kept[0] if len(kept) else seed[0]),
            str(self.groups.scope[group]),
            float(self.groups.expected[group]),
            float(self.sums[group]),
            find(self.ballots, self.marks, members, own, self.groups, group),
        )


def _group_by_marks(ballots: Ballots, marks: dict[str, Mark]) -> None:
    """Make single marks, and the hour, ways to group ballots."""
    ballots.code["hour"] = ((ballots.time - ballots.time.min(initial=0)) // 3600).astype(np.int64)
    for name in (*MARKED, "brisk"):
        ballots.code[name] = np.where(marks[name].carried, 0, -1)
    going = np.unique(ballots.code["device"][marks["roaming"].carried])
    ballots.refusals["roaming"] = np.where(np.isin(ballots.refusals["device"], going), 0, -1)
