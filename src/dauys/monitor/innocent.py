"""Innocent explanations, tried on every cluster: carrier gateway, office, reminder wave."""

from collections.abc import Sequence

import numpy as np

from dauys.core.canonical import Record
from dauys.core.forms import Text
from dauys.monitor.ballots import Ballot, Group, Scope
from dauys.monitor.families import PACE, Family, Finding
from dauys.monitor.words import decimal, whole

_WAVE_SHARE = 0.5


class Innocent(Record, frozen=True, kw_only=True):
    """An explanation without fraud, whether it fits all the evidence, and why."""

    explanation: Text
    fits: bool
    why: Text


def innocent_explanations(
    group: Group, members: Sequence[Ballot], others: Sequence[Ballot], findings: Sequence[Finding]
) -> tuple[Innocent, ...]:
    """Try all three, and say of each whether it fits all of the evidence, and why."""
    return (
        _carrier(group),
        _office(findings),
        _reminder(members, others),
    )


def _carrier(group: Group) -> Innocent:
    explanation = Text(
        kk="Ұялы байланыс операторы көп абонентті бір мекенжайдың артына жинайды.",
        ru="Мобильный оператор выпускает множество абонентов через один адрес.",
        en="A mobile carrier puts many customers behind one address.",
    )
    if group.scope == Scope.DEVICE:
        why = Text(
            kk="Сәйкес келмейді: дауыстарды мекенжай емес, бір құрылғы біріктіреді.",
            ru="Не подходит: голоса объединяет не адрес, а одно и то же устройство.",
            en="Does not fit: not the address but one device is common to these votes.",
        )
    elif all(ballot.signal.ip_class == "mobile" for ballot in group.ballots):
        usual = decimal(sum(group.siblings) / max(1, len(group.siblings)))
        n = whole(group.voters)
        why = Text(
            kk=f"Сәйкес келмейді: бұл оператордың басқа мекенжайларынан орта есеппен {usual.kk} "
            f"дауыс келді, ал осыдан {n.kk}.",
            ru=f"Не подходит: с других адресов этого оператора пришло в среднем по {usual.ru}, "
            f"а отсюда {n.ru}.",
            en=f"Does not fit: this carrier's other addresses sent {usual.en} votes on average, "
            f"and this one {n.en}.",
        )
    else:
        why = Text(
            kk="Сәйкес келмейді: бұл ұялы байланыс желісі емес.",
            ru="Не подходит: это не сеть мобильного оператора.",
            en="Does not fit: this is not a mobile carrier's network.",
        )
    return Innocent(explanation=explanation, fits=False, why=why)


def _office(findings: Sequence[Finding]) -> Innocent:
    explanation = Text(
        kk="Бір кеңсенің адамдары бірдей компьютерлерден бірге дауыс берді.",
        ru="Люди из одного офиса вместе голосовали с одинаковых компьютеров.",
        en="People of one office voted together from alike computers.",
    )
    families = {finding.family for finding in findings}
    if families == {Family.COLOCATION, Family.ORDER}:
        why = Text(
            kk="Адамдар кеңсеге тізім бойынша бір-бірлеп шақырылған болса, сәйкес келеді: "
            "бірнеше сайлаушыдан сұраңыз.",
            ru="Подходит, если людей вызывали в офис по одному, по списку: спросите нескольких "
            "избирателей.",
            en="Fits if people were called to the office one by one, by the register: ask some "
            "of the voters.",
        )
        return Innocent(explanation=explanation, fits=True, why=why)
    why = _beyond_an_office(families)
    return Innocent(explanation=explanation, fits=False, why=why)


def _beyond_an_office(families: set[Family]) -> Text:
    kk, ru, en = [], [], []
    if Family.COMPLAINTS in families:
        kk.append("кейін өзі дауыс бермек болған сайлаушыларды")
        ru.append("избирателей, которые потом сами пришли голосовать")
        en.append("voters who later came to vote themselves")
    if families & PACE:
        kk.append("адамға тән емес жылдамдықты")
        ru.append("скорость, с которой люди не голосуют")
        en.append("a pace at which people do not vote")
    if Family.ORDER in families:
        kk.append("тізім ретімен дауыс беруді")
        ru.append("голосование по порядку списка")
        en.append("voting in the order of the register")
    if Family.ROAMING in families:
        kk.append("бір құрылғының әр жерден дауыс беруін")
        ru.append("голосование с одного устройства из разных мест")
        en.append("one device voting from different places")
    return Text(
        kk=f"Сәйкес келмейді: кеңсе мыналарды түсіндірмейді: {', '.join(kk)}.",
        ru=f"Не подходит: офис не объясняет {', '.join(ru)}.",
        en=f"Does not fit: an office does not explain {', '.join(en)}.",
    )


def _reminder(members: Sequence[Ballot], others: Sequence[Ballot]) -> Innocent:
    """Ask what share of everybody else voted in the hours that hold most of the cluster."""
    explanation = Text(
        kk="Еске салудан кейін көп адам бір мезгілде дауыс берді.",
        ru="После напоминания многие проголосовали одновременно.",
        en="After a reminder many people voted at the same time.",
    )
    times = np.asarray([ballot.signal.time.timestamp() for ballot in members])
    first, last = np.percentile(times, (10, 90))
    elsewhere = np.asarray([ballot.signal.time.timestamp() for ballot in others])
    share = float(np.mean((elsewhere >= first) & (elsewhere <= last))) if len(elsewhere) else 0.0
    percent = decimal(share * 100)
    if share >= _WAVE_SHARE:
        why = Text(
            kk=f"Уақыты сәйкес келеді (сол кезде басқа дауыстардың {percent.kk} % келді), бірақ "
            "еске салу басқа белгілерді түсіндірмейді.",
            ru=f"Время подходит (тогда же пришло {percent.ru} % остальных голосов), но остальных "
            "признаков напоминание не объясняет.",
            en=f"The time fits ({percent.en} % of all other votes came then too), but a reminder "
            "does not explain the other evidence.",
        )
    else:
        why = Text(
            kk=f"Сәйкес келмейді: осы дауыстардың көбі түскен уақытта басқа дауыстардың "
            f"{percent.kk} % ғана келді.",
            ru=f"Не подходит: за часы, когда пришла большая часть этих голосов, пришло лишь "
            f"{percent.ru} % остальных.",
            en=f"Does not fit: in the hours when most of these votes came, only {percent.en} % "
            "of all other votes did.",
        )
    return Innocent(explanation=explanation, fits=False, why=why)
