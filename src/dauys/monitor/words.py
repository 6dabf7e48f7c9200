"""Evidence in words that a commission member understands without knowing what a network is.

No address, phone or name stands in them: they may be read aloud and published.
"""

from dauys.core.forms import Text
from dauys.monitor.ballots import Group, Scope
from dauys.monitor.families import Family, Finding

_LARGEST_ODDS = 1_000_000_000


def evidence_text(finding: Finding, group: Group) -> Text:
    """Say what was found, what would be usual, and how often chance alone does it."""
    by_chance = _by_chance(finding.p)
    told = _facts(finding, group)
    return Text(
        kk=f"{told.kk} {by_chance.kk}",
        ru=f"{told.ru} {by_chance.ru}",
        en=f"{told.en} {by_chance.en}",
    )


def _facts(finding: Finding, group: Group) -> Text:
    match finding.family:
        case Family.COLOCATION:
            return _colocation(finding, group)
        case Family.COMPLAINTS:
            return _complaints(finding)
        case Family.CODE_PACE:
            return _code_pace(finding)
        case Family.PAGE_PACE:
            return _page_pace(finding)
        case Family.ORDER:
            return _order(finding)
        case Family.ROAMING:
            return _roaming(finding)


def _colocation(finding: Finding, group: Group) -> Text:
    n, usual = whole(finding.observed), decimal(finding.expected)
    if group.scope == Scope.ADDRESS:
        return Text(
            kk=f"Осы мекенжайдан {n.kk} дауыс келді; сол желідегі көрші мекенжайлардан "
            f"орта есеппен {usual.kk} дауыстан келді.",
            ru=f"С этого адреса пришло голосов: {n.ru}; с соседних адресов той же сети "
            f"пришло в среднем по {usual.ru}.",
            en=f"From this address {n.en} votes came; its neighbours in the same network "
            f"sent {usual.en} on average.",
        )
    several = whole(len({ballot.address for ballot in group.ballots}))
    return Text(
        kk=f"Қатар тұрған {several.kk} мекенжайдан {n.kk} дауыс келді; сол желідегі осындай "
        f"топтардан орта есеппен {usual.kk} дауыстан келді.",
        ru=f"С группы соседних адресов (их {several.ru}) пришло голосов: {n.ru}; с таких же "
        f"групп той же сети пришло в среднем по {usual.ru}.",
        en=f"From {several.en} addresses side by side {n.en} votes came; other such groups in "
        f"the same network sent {usual.en} on average.",
    )


def _complaints(finding: Finding) -> Text:
    found, n = whole(finding.observed), whole(finding.count)
    one_in = whole(max(1, round(finding.count / finding.expected)))
    return Text(
        kk=f"Осы {n.kk} сайлаушының {found.kk} кейін басқа жерден өзі дауыс бермек болды, "
        f"дауысын қайтарып алды немесе шағымданды; әдетте шамамен {one_in.kk} сайлаушының бірі "
        "осылай етеді.",
        ru=f"Из этих избирателей (их {n.ru}) позже сами пришли голосовать из другого места, "
        f"вернули свой голос или пожаловались: {found.ru}; обычно так поступает примерно один "
        f"из {one_in.ru}.",
        en=f"Of these {n.en} voters {found.en} later came to vote themselves from elsewhere, "
        f"took their vote back or complained; usually about one in {one_in.en} does.",
    )


def _code_pace(finding: Finding) -> Text:
    n, own, usual = whole(finding.count), decimal(finding.observed), decimal(finding.expected)
    return Text(
        kk=f"Осы {n.kk} дауыстың жартысында SMS коды жіберілгеннен кейін {own.kk} секунд ішінде "
        f"енгізілді; басқаларда {usual.kk} секунд ішінде.",
        ru=f"В половине случаев (всего их {n.ru}) код из SMS вводили не позже чем через "
        f"{own.ru} с после отправки; у остальных избирателей — через {usual.ru} с.",
        en=f"In half of {n.en} cases the SMS code was entered within {own.en} seconds of being "
        f"sent; for other voters it is {usual.en} seconds.",
    )


def _page_pace(finding: Finding) -> Text:
    n, own, usual = whole(finding.count), decimal(finding.observed), decimal(finding.expected)
    return Text(
        kk=f"Осы {n.kk} дауыстың жартысында бюллетень бетінде {own.kk} секундтан аспай болған; "
        f"басқаларда {usual.kk} секунд.",
        ru=f"В половине случаев (всего их {n.ru}) на странице бюллетеня проводили не больше "
        f"{own.ru} с; остальные избиратели — {usual.ru} с.",
        en=f"In half of {n.en} cases at most {own.en} seconds were spent on the ballot page; "
        f"other voters spend {usual.en} seconds.",
    )


def _order(finding: Finding) -> Text:
    one_way, n, usual = whole(finding.observed), whole(finding.count), decimal(finding.expected)
    return Text(
        kk=f"Тізімде көрші тұрған {n.kk} жұптың {one_way.kk} бір бағытта, бірінен кейін бірі "
        f"дауыс берді; адамдар өздері шешкенде мұндай жұп {usual.kk} шамасында болады.",
        ru=f"Из пар соседей по списку (их {n.ru}) друг за другом в одну сторону "
        f"проголосовали {one_way.ru}; когда люди решают сами, таких пар около {usual.ru}.",
        en=f"Of {n.en} pairs of neighbours in the register {one_way.en} voted one after the "
        f"other in the same direction; when people decide for themselves about {usual.en} do.",
    )


def _roaming(finding: Finding) -> Text:
    n, usual = whole(finding.observed), decimal(finding.expected)
    return Text(
        kk=f"Бір құрылғыдан әр жердегі мекенжайлар арқылы {n.kk} сайлаушының дауысы берілді; "
        f"басқа құрылғылардан орта есеппен {usual.kk}.",
        ru=f"С одного устройства через адреса в разных местах проголосовали за избирателей: "
        f"{n.ru}; с других устройств — в среднем за {usual.ru}.",
        en=f"One device voted for {n.en} voters through addresses in different places; other "
        f"devices vote for {usual.en} on average.",
    )


def _by_chance(p: float) -> Text:
    if p * _LARGEST_ODDS < 1:
        return Text(
            kk="Кездейсоқ мұндай жағдай миллиард рет ішінде бір рет те болмайды.",
            ru="Случайно такое не бывает и одного раза на миллиард.",
            en="Chance alone does this less than once in a billion cases.",
        )
    size = 1 / p
    digits = max(0, len(str(int(size))) - 2)
    odds = whole(round(size / 10**digits) * 10**digits)
    return Text(
        kk=f"Кездейсоқ мұндай жағдай шамамен {odds.kk} рет ішінде бір рет болады.",
        ru=f"Случайно такое бывает примерно один раз на {odds.ru}.",
        en=f"Chance alone does this about once in {odds.en} cases.",
    )


def whole(value: float) -> Text:
    """Print a whole number as each language does."""
    english = f"{round(value):,}"
    spaced = english.replace(",", "\u00a0")
    return Text(kk=spaced, ru=spaced, en=english)


def decimal(value: float) -> Text:
    """Print a number to one decimal, two below one, and none when it is whole or large."""
    if value >= 100 or abs(value - round(value)) < 0.05 <= value:
        return whole(value)
    english = f"{value:.1f}" if value >= 1 else f"{value:.2f}"
    comma = english.replace(".", ",")
    return Text(kk=comma, ru=comma, en=english)
