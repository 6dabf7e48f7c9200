"""Marks of single ballots: what is rare among honest ones, each with its usual rate.

A mark proves nothing about a ballot; a group in which most carry it says something. Where the
column is empty, the mark is unknown, and nobody is compared by it.
"""

from dataclasses import dataclass, replace

import numpy as np
from scipy import stats

from dauys.monitor.ballots import UNKNOWN, Ballots, Flags, Floats, Ints

_QUICK = -1.0
_ALONE_QUICK = -1.7
_BRISK = -0.3
_QUIET_SHARE = 0.04
_SHARED_HOMES = 3
_PACKED = 6
_SHARED_DEVICE = 5
_HANDFUL = 8
_ROOMY = 4
_WIDEST = 2**62
_CLERKS_SHARE = 0.01
_STRETCH = 0.25
_NOT_CLERKS = 0.001
_MOST_OF_A_BROWSER = 0.6
_FEW_DEVICES = 0.2
_MOST_OF_ALL = 0.35


@dataclass(frozen=True, slots=True)
class Mark:
    """One mark: who carries it, of whom it is known, and the usual rate for each ballot.

    `apart`: the usual rate is simply that of the ballots outside a group.
    """

    carried: Flags
    known: Flags
    usual: Floats
    apart: bool = False


def make_marks(ballots: Ballots) -> dict[str, Mark]:
    """All marks by name."""
    everybody = np.ones(len(ballots), bool)
    code = ballots.code
    coded = ~np.isnan(ballots.attempts)
    wrong = coded & (ballots.attempts > 1)
    automated = ~np.isnan(ballots.automation)
    classes = code["ip_class"] != UNKNOWN
    return {
        "complaints": _plain(ballots.complained, everybody),
        "quick": _quick(ballots, _QUICK, _ALONE_QUICK),
        "brisk": _quick(ballots, _BRISK, _BRISK),
        "disguise": _disguise(ballots),
        "distance": _far(ballots),
        "automation": _plain(ballots.automation == 1, automated),
        "night": _quiet(ballots),
        "phones": _phones(ballots),
        "phone_blocks": _phone_blocks(ballots),
        "roaming": _roaming(ballots),
        "handful": _handful(ballots),
        "wrong_code": _plain(wrong, coded),
        "checked": _plain(ballots.checked, everybody),
        "hosting": _plain(is_class(ballots, "hosting"), classes),
    }


def _plain(carried: Flags, known: Flags) -> Mark:
    rate = float(carried[known].mean()) if known.any() else 0.0
    return Mark(carried & known, known, np.full(len(known), rate), apart=True)


def is_class(ballots: Ballots, name: str) -> Flags:
    """Which ballots came from networks of this class."""
    names = ballots.names["ip_class"]
    return np.asarray(names == name)[ballots.code["ip_class"]] & (ballots.code["ip_class"] >= 0)


def pace_scores(seconds: Floats) -> Floats:
    """Logarithms of a pace, in robust standard deviations from the usual.

    Location and scale come from the 60th and 90th percentiles, which quick thieves move little.
    """
    known = seconds[~np.isnan(seconds)]
    if len(known) < 50:
        return np.full(len(seconds), np.nan)
    logs = np.log(np.maximum(seconds, 0.05))
    middle, high = np.log(np.maximum(np.percentile(known, (60, 90)), 0.05))
    scale = max((high - middle) / (1.22 - 0.14), 0.15)
    return np.asarray((logs - (middle - 0.14 * scale)) / scale)


def _quick(ballots: Ballots, both_under: float, one_under: float) -> Mark:
    """Code and page both quick, or the one that was timed very quick."""
    latency, dwell = pace_scores(ballots.latency), pace_scores(ballots.dwell)
    both = ~np.isnan(latency) & ~np.isnan(dwell)
    one = np.where(np.isnan(latency), dwell, latency)
    quick = np.where(both, np.maximum(latency, dwell) < both_under, one < one_under)
    known = both | ~np.isnan(one)
    return Mark(quick & known, known, np.full(len(ballots), 0.04))


def _disguise(ballots: Ballots) -> Mark:
    """A TLS stack that mostly belongs to other browsers than the one it says it is."""
    tls, ua = ballots.code["tls"], ballots.code["ua_family"]
    known = (tls >= 0) & (ua >= 0)
    pair = count_of(pairs(tls, ua))
    of_tls, of_ua = count_of(tls), count_of(ua)
    known &= of_ua >= 30
    odd = known & (pair < 0.6 * of_tls) & (pair < 0.3 * of_ua)
    return _plain(odd, known)


def _far(ballots: Ballots) -> Mark:
    """The address is in another region than the voter; not asked of VPNs and data centres."""
    code = ballots.code
    # Regions of addresses and of voters are coded apart: match them by name.
    seat = np.asarray(ballots.names["region_of_ip"], np.int64)[code["ip_region"]]
    known = (code["ip_region"] >= 0) & (code["region"] >= 0)
    known &= ~is_class(ballots, "vpn") & ~is_class(ballots, "hosting")
    far = known & (seat != code["region"])
    by_class = rate_by(code["ip_class"], far, known)
    by_network = rate_by(code["asn"], far, known)
    return Mark(far, known, np.maximum(by_class, by_network))


def rate_by(code: Ints, carried: Flags, known: Flags) -> Floats:
    """Rate of a mark among those with the same code."""
    size = int(code.max(initial=0)) + 2
    place = code + 1
    total = np.bincount(place, known, size)
    return np.asarray((np.bincount(place, carried & known, size) / np.maximum(total, 1))[place])


def _quiet(ballots: Ballots) -> Mark:
    """Hours in which hardly anybody votes."""
    hour = (ballots.time // 3600 % 24).astype(np.int64)
    counts = np.bincount(hour, minlength=24)
    order = np.argsort(counts, kind="stable")
    quiet = order[np.cumsum(counts[order]) <= _QUIET_SHARE * len(ballots)]
    several_days = np.ptp(ballots.time) > 2 * 86_400 if len(ballots) else False
    return _plain(np.isin(hour, quiet), np.full(len(ballots), several_days))


def homes(ballots: Ballots) -> Ints:
    """A number for each household, or for the surroundings in the register where none is known."""
    known = ballots.code["household"] >= 0
    return np.where(known, ballots.code["household"], -(ballots.line // 8) - 2)


def distinct_by(code: Ints, value: Ints) -> Ints:
    """For each row, how many different values there are among rows of its code."""
    size = int(code.max(initial=0)) + 2
    place = value - value.min(initial=0)
    if size * (int(place.max(initial=0)) + 1) > _WIDEST:
        place = np.asarray(np.unique(place, return_inverse=True)[1], np.int64)
    width = int(place.max(initial=0)) + 1
    # One number for both sorts several times as fast as two columns.
    both = np.sort((code + 1) * width + place)
    new = np.append(True, both[1:] != both[:-1])[: len(both)]
    return np.bincount(both[new] // width, minlength=size)[code + 1]


def _phones(ballots: Ballots) -> Mark:
    phone = ballots.code["phone"]
    known = phone >= 0
    return _plain(known & (distinct_by(phone, homes(ballots)) >= _SHARED_HOMES), known)


def _phone_blocks(ballots: Ballots) -> Mark:
    """Many phones of one block of a hundred."""
    block = ballots.code["phone_100"]
    known = block >= 0
    many = distinct_by(block, ballots.code["phone"])
    usual = np.median(many[known]) if known.any() else 0
    return _plain(known & (many >= max(_PACKED, 4 * usual)), known)


def _roaming(ballots: Ballots) -> Mark:
    """A device that votes for several homes and sits in no room.

    In a room, three or more share both the device and a fixed address: a kiosk, an office,
    or one of the branches of a company whose computers are all alike.
    """
    device, ip = ballots.code["device"], ballots.code["ip"]
    known = (device >= 0) & (ip >= 0)
    several = (distinct_by(device, ip) >= 2) | is_class(ballots, "mobile")
    if (ballots.code["precinct"] >= 0).any():  # a clerk serves one place
        several &= distinct_by(device, ballots.code["precinct"]) >= 3
    going = known & several & _in_many_homes(ballots)
    return _plain(going & ~_clerks(ballots, going), known)


def _handful(ballots: Ballots) -> Mark:
    """A device that votes for a few homes only: a small office, or a thief who knows the limits."""
    device = ballots.code["device"]
    homes_of, many = distinct_by(device, homes(ballots)), count_of(device)
    few = (homes_of >= _SHARED_HOMES) & (many <= _HANDFUL)
    if (ballots.code["precinct"] >= 0).any():  # colleagues and neighbours live near one another
        few &= distinct_by(device, ballots.code["precinct"]) >= 2
    return _plain((device >= 0) & few, device >= 0)


def _in_many_homes(ballots: Ballots) -> Flags:
    """Ballots of a device that votes for five homes or more, but for those cast in a room."""
    device, ip = ballots.code["device"], ballots.code["ip"]
    at_desk = (count_of(pairs(device, ip)) >= _SHARED_HOMES) & ~is_class(ballots, "mobile")
    return (device >= 0) & (distinct_by(device, homes(ballots)) >= _SHARED_DEVICE) & ~at_desk


def usual_devices(ballots: Ballots, carried: Ints) -> float:
    """How many devices of this busyness go about in an honest election: clerks with tablets.

    They bring one ballot in a hundred; `carried` are the rows that such devices brought.
    """
    devices = len(np.unique(ballots.code["device"][carried]))
    each = len(carried) / max(1, devices)
    return 1 + _CLERKS_SHARE * len(ballots) / max(1.0, each)


def _clerks(ballots: Ballots, going: Flags) -> Flags:
    """Devices that serve a stretch of the register each, much shorter than all of them do.

    Unless there are more of them than clerks: then somebody gave his people a stretch each.
    """
    rows = np.flatnonzero(going)
    rows = rows[np.lexsort((ballots.line[rows], ballots.code["device"][rows]))]
    _, first, number, size = np.unique(
        ballots.code["device"][rows], return_index=True, return_inverse=True, return_counts=True
    )
    line = ballots.line[rows]
    middle = line[first + size * 3 // 4] - line[first + size // 4]
    all_of_them = float(np.subtract(*np.percentile(line, (75, 25)))) if len(line) else 0.0
    local = middle < _STRETCH * all_of_them
    stretched = rows[local[number]]
    out = np.zeros(len(ballots), bool)
    if stats.poisson.sf(local.sum() - 1, usual_devices(ballots, stretched)) > _NOT_CLERKS:
        out[stretched] = True
    return out


def without_coarse_devices(ballots: Ballots) -> Ballots:
    """Leave out the devices' names where they name no device.

    A hash of what a browser says of its machine is the same for all telephones of one model:
    then most ballots, or most of one browser, are of devices that vote for many homes from
    everywhere. A thief's are a part of the ballots, never most of them.
    """
    device = ballots.code["device"]
    many, named = _in_many_homes(ballots), device >= 0
    if not named.any():
        return ballots
    browser = ballots.code["ua_family"]
    coarse = (browser >= 0) & (rate_by(browser, many, named) > _MOST_OF_A_BROWSER)
    weight = np.where(named, 1 / count_of(device), 0.0)  # so that each device counts once
    devices = np.bincount(browser + 1, weight)[browser + 1]
    shared = np.bincount(browser + 1, weight * many)[browser + 1]
    coarse &= shared > _FEW_DEVICES * devices
    coarse |= bool(many.sum() > _MOST_OF_ALL * named.sum())
    device = np.where(coarse, UNKNOWN, device)
    return replace(ballots, code={**ballots.code, "device": device})


def pairs(one: Ints, other: Ints) -> Ints:
    """Number the pairs of two codes; unknown where either is."""
    known = (one >= 0) & (other >= 0)
    width = int(other.max(initial=0)) + 1
    wide = one[known] * width + other[known]
    number = np.full(len(one), UNKNOWN)
    number[known] = _dense(wide, (int(one.max(initial=0)) + 1) * width)
    return number


def _dense(values: Ints, size: int) -> Ints:
    """Number the different values below `size` in their order, without gaps."""
    if size > _ROOMY * (len(values) + 1):
        return np.asarray(np.unique(values, return_inverse=True)[1], np.int64)
    there = np.zeros(size, bool)  # quicker than sorting, where values are not far between
    there[values] = True
    return np.asarray((np.cumsum(there) - 1)[values], np.int64)


def count_of(code: Ints) -> Ints:
    """How many rows have the same code; of unknown ones, how many are unknown."""
    return np.bincount(code + 1)[code + 1]
