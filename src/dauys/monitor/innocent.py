"""Innocent explanations, tried on every cluster: each fits all evidence, or it is said why not."""

from dataclasses import dataclass
from types import MappingProxyType
from typing import TYPE_CHECKING

import numpy as np

from dauys.core.canonical import Record
from dauys.core.forms import Text
from dauys.monitor.ballots import Ballots
from dauys.monitor.words import decimal

if TYPE_CHECKING:  # reports are read where nothing is searched, and SciPy is slow to load
    from dauys.monitor.search import Suspect

_WAVE_SHARE = 0.5
_NAMED = 3
"""Unexplained signs that are named; the page lists all of them above."""


class Innocent(Record, frozen=True, kw_only=True):
    """An explanation without fraud, whether it fits all the evidence, and why."""

    explanation: Text
    fits: bool
    why: Text


@dataclass(frozen=True, slots=True)
class _Tried:
    """An explanation: `explains` are the families that follow from it."""

    words: Text
    explains: frozenset[str]


_ROOM_FACTS = frozenset({"colocation", "phone_blocks", "hosting", "no_checks", "disguise"})
_TRIED = (
    _Tried(
        Text(
            kk="Ұялы байланыс операторы көп абонентті бір мекенжайдың артына жинайды.",
            ru="Мобильный оператор выпускает множество абонентов через один адрес.",
            en="A mobile carrier puts many customers behind one address.",
        ),
        frozenset({"colocation", "distance"}),
    ),
    _Tried(
        Text(
            kk="Бір кеңсенің адамдары бірдей компьютерлерден бірге дауыс берді.",
            ru="Люди из одного офиса вместе голосовали с одинаковых компьютеров.",
            en="People of one office voted together from alike computers.",
        ),
        _ROOM_FACTS,
    ),
    _Tried(
        Text(
            kk="Адамдар көмек пунктінде немесе учаскедегі ортақ құрылғыдан, тізім бойынша шақырылып дауыс берді.",
            ru="Люди голосовали с общего устройства в пункте помощи или на участке, куда их приглашали по списку.",
            en="People voted on a shared device at a help point or a polling place, called by the list.",
        ),
        _ROOM_FACTS | {"order", "roaming", "phones"},
    ),
    _Tried(
        Text(
            kk="Ұйым телефон нөмірлерін қатарынан сатып алып, қызметкерлеріне берген.",
            ru="Организация купила номера подряд и раздала сотрудникам.",
            en="An organisation bought phone numbers in a row for its people.",
        ),
        frozenset({"phone_blocks", "colocation"}),
    ),
)
_POINTS = MappingProxyType(
    {
        "complaints": Text(
            kk="сайлаушылардың шағымдары мен кейін өздері дауыс бермек болғаны",
            ru="жалобы избирателей и то, что они потом сами приходили голосовать",
            en="voters who complained, or came later to vote themselves",
        ),
        "refusals": Text(
            kk="дауыс беріп қойғандардың атынан жасалған әрекеттер",
            ru="попытки голосовать за уже проголосовавших",
            en="attempts to vote for people who had voted",
        ),
        "quick": Text(
            kk="адам үлгермейтін жылдамдық",
            ru="скорость, с которой люди не голосуют",
            en="a pace at which people do not vote",
        ),
        "order": Text(
            kk="тізім ретімен дауыс беру",
            ru="голосование по порядку списка",
            en="voting in the order of the register",
        ),
        "phones": Text(
            kk="көп үйге ортақ телефондар",
            ru="телефоны, общие для многих семей",
            en="phones that many homes share",
        ),
        "phone_blocks": Text(
            kk="нөмірлері қатар телефондар",
            ru="телефоны с номерами подряд",
            en="phones with numbers in a row",
        ),
        "disguise": Text(
            kk="өзін басқа браузер деп атайтын бағдарлама",
            ru="программа, которая выдаёт себя за другой браузер",
            en="a program that passes for other browsers",
        ),
        "distance": Text(
            kk="сайлаушыдан алыс мекенжайлар",
            ru="адреса вдали от избирателя",
            en="addresses far from the voter",
        ),
        "roaming": Text(
            kk="әр жерден дауыс беретін құрылғылар",
            ru="устройства, которые голосуют из разных мест",
            en="devices that vote from different places",
        ),
        "automation": Text(
            kk="бағдарлама басқарған браузер",
            ru="браузер, которым управляет программа",
            en="a browser driven by a program",
        ),
        "hosting": Text(
            kk="деректер орталығының мекенжайлары",
            ru="адреса центров обработки данных",
            en="addresses of data centres",
        ),
        "night": Text(
            kk="түнгі дауыстар", ru="голоса глубокой ночью", en="votes in the dead of night"
        ),
        "no_mistakes": Text(
            kk="бірде-бір рет қате енгізілмеген код",
            ru="коды без единой ошибки",
            en="codes without mistakes",
        ),
        "no_checks": Text(
            kk="ешкім тексермеген дауыстар",
            ru="голоса, которых никто потом не проверил",
            en="votes that nobody checked",
        ),
        "colocation": Text(
            kk="бір жерден келген дауыстың көптігі",
            ru="число голосов из одного места",
            en="so many votes from one place",
        ),
    }
)
_SAME = MappingProxyType({"code_pace": "quick", "page_pace": "quick", "devices": "roaming"})


def innocent_explanations(ballots: Ballots, suspect: "Suspect") -> tuple[Innocent, ...]:
    """Try all of them, and say of each whether it fits all of the evidence, and why."""
    found = [finding.family for finding in suspect.findings]
    tried = [_try(one, found) for one in _TRIED]
    return (*tried, _many_at_once(ballots, suspect))


def _try(tried: _Tried, found: list[str]) -> Innocent:
    left = [family for family in found if family not in tried.explains]
    if not left:
        why = Text(
            kk="Барлық белгіге сәйкес келеді: бірнеше сайлаушыдан және сол жердің иесінен сұраңыз.",
            ru="Подходит ко всем признакам: спросите нескольких избирателей и хозяина этого места.",
            en="Fits all of the evidence: ask some of the voters, and whoever keeps that place.",
        )
        return Innocent(explanation=tried.words, fits=True, why=why)
    points = [_POINTS[name] for name in dict.fromkeys(_SAME.get(f, f) for f in left)]
    return Innocent(explanation=tried.words, fits=False, why=_unexplained(points))


def _unexplained(points: list[Text]) -> Text:
    """Name the strongest signs that stay unexplained, and say how many more there are."""
    named, more = points[:_NAMED], len(points) - _NAMED
    kk = "; ".join(point.kk for point in named)
    ru = "; ".join(point.ru for point in named)
    en = "; ".join(point.en for point in named)
    if more <= 0:
        return Text(kk=f"Түсіндірмейді: {kk}.", ru=f"Не объясняет: {ru}.", en=f"Leaves open: {en}.")
    return Text(
        kk=f"Түсіндірмейді: {kk}; тағы {more} белгі.",
        ru=f"Не объясняет: {ru}; и ещё признаков: {more}.",
        en=f"Leaves open: {en}; and {more} more.",
    )


def _many_at_once(ballots: Ballots, suspect: "Suspect") -> Innocent:
    """Ask what share of everybody else voted in the hours that hold most of the cluster."""
    explanation = Text(
        kk="Еске салудан немесе үзілістен кейін көп адам бір мезгілде дауыс берді.",
        ru="После напоминания или перерыва в работе многие проголосовали одновременно.",
        en="After a reminder or an outage many people voted at the same time.",
    )
    first, last = np.percentile(ballots.time[suspect.rows], (10, 90))
    elsewhere = np.ones(len(ballots), bool)
    elsewhere[suspect.rows] = False
    then = (ballots.time >= first) & (ballots.time <= last) & elsewhere
    share = float(then.sum() / max(1, elsewhere.sum()))
    percent = decimal(share * 100)
    if share >= _WAVE_SHARE:
        why = Text(
            kk=f"Уақыты сәйкес келеді (сол кезде басқа дауыстардың {percent.kk} % келді), бірақ бұл басқа белгілерді түсіндірмейді.",
            ru=f"Время подходит (тогда же пришло {percent.ru} % остальных голосов), но других признаков это не объясняет.",
            en=f"The time fits ({percent.en}% of all other votes came then too), but this leaves the other evidence open.",
        )
    else:
        why = Text(
            kk=f"Осы дауыстардың көбі келген уақытта басқа дауыстардың {percent.kk} % келді: жартысынан аз.",
            ru=f"Пока шла большая часть этих голосов, пришло {percent.ru} % остальных – меньше половины.",
            en=f"While most of these votes came, {percent.en}% of all other votes did: less than half.",
        )
    return Innocent(explanation=explanation, fits=False, why=why)
