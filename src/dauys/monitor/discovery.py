"""How many of the monitor's clusters may be false: what many contests, and many days, ask for.

A score that one honest election in twenty reaches is reached somewhere in every twenty contests,
and on some day of many. So the report of all contests keeps only as many clusters that at most
one in twenty kept is expected to be false (Benjamini and Hochberg, "Controlling the false
discovery rate", JRSS B 57, 1995). Days come one after another: their alerts are rationed by LOND
(Javanmard and Montanari, "On online control of false discovery rate", 2015): a day may spend a part
of the twentieth, and more after each discovery. It holds also where later days look like earlier
ones (positive dependence: Zrnic, Ramdas, Jordan, "Asynchronous online testing of multiple
hypotheses", JMLR 22, 2021).
"""

from collections.abc import Sequence
from math import pi

from dauys.core.forms import Text

FALSE_SHARE = 0.05
"""Share of the clusters kept, or told of, that may be false."""

PROMISE = Text(
    kk="Бөтеннің атынан берілген дауыс болмаса да, кездейсоқтық кейде топқа ұқсайды. "
    "Сондықтан көп сайлау мен көп күн ескерілген: хабарланған топтардың орта есеппен жиырмадан "
    "бірінен артығы бос болмауы тиіс. Әлсіздері осы тізімде қалады, бірақ дабыл қақтырмайды.",
    ru="Даже без вбросов случайность иногда похожа на группу. Поэтому учтено, что выборов и дней "
    "много: из групп, о которых сообщено, пустыми в среднем должны оказаться не больше одной "
    "из двадцати. Слабые остаются в списке, но тревоги не вызывают.",
    en="Even where nobody stuffs ballots, chance sometimes looks like a group. So it is taken into "
    "account that there are many contests and many days: of the groups that are told of, on "
    "average no more than one in twenty should be empty. Weak ones stay in the list and raise no "
    "alert.",
)
_HONEST_REACH = 0.05
_TENFOLD = 4.0
_LATER = 0.2


def chance(score: float, least_score: float) -> float:
    """Chance that an honest contest has a cluster of this score or more; 1 below the threshold.

    One honest contest in twenty has one at the threshold, by how it was chosen. Ten times fewer
    have one that is four higher: so fast the best scores of simulated honest elections thin out,
    of three generators and three sizes, or faster.
    """
    if score < least_score:
        return 1.0
    return float(_HONEST_REACH * 10 ** (-(score - least_score) / _TENFOLD))


def level_kept(chances: Sequence[float], false_share: float = FALSE_SHARE) -> float:
    """The largest chance that a cluster may have to be kept; 0 if none is (Benjamini-Hochberg).

    `chances`: the least of every contest that was asked, 1 where nothing was found.
    """
    level = 0.0
    for rank, one in enumerate(sorted(chances), start=1):
        if one <= false_share * rank / len(chances):
            level = false_share * rank / len(chances)
    return level


def alert_level(day: int, days: int, told: int, false_share: float = FALSE_SHARE) -> float:
    """The largest chance at which a cluster is told of on this day (LOND).

    `day`: from 1; `days`: how many are planned; `told`: clusters told of before this day. Planned
    days share four fifths of what may be false alike, and days after them the last fifth.
    """
    planned = (1 - _LATER) / days
    later = _LATER * 6 / (pi * max(1, day - days)) ** 2  # one over squares: they add up to 1
    return false_share * (planned if day <= days else later) * (told + 1)
