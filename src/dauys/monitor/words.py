"""Evidence in words that a commission member understands without knowing what a network is.

No address, phone or name stands in them: they may be read aloud and published.
"""

from types import MappingProxyType
from typing import TYPE_CHECKING

from dauys.core.forms import Text

if TYPE_CHECKING:  # pages need words where nothing is searched, and SciPy is slow to load
    from dauys.monitor.findings import Finding

_LARGEST_ODDS = 1_000_000_000


def evidence_text(finding: "Finding", scope: str) -> Text:
    """Say what was found, what would be usual, and how often an innocent group does it.

    `scope`: what the cluster's ballots have in common.
    """
    form = _FORMS[finding.family]
    if finding.family == "colocation":
        form = _CROWDS.get(scope, _CROWD)
    elif round(finding.observed) == 0:
        form = _NONE.get(finding.family, form)
    numbers = {
        "n": whole(finding.count),
        "k": decimal(finding.observed),
        "e": about(finding.expected),
        "m": decimal(finding.expected),
    }
    chance = _by_chance(finding.score)
    return Text(
        kk=f"{form.kk.format(**{name: one.kk for name, one in numbers.items()})} {chance.kk}",
        ru=f"{form.ru.format(**{name: one.ru for name, one in numbers.items()})} {chance.ru}",
        en=f"{form.en.format(**{name: one.en for name, one in numbers.items()})} {chance.en}",
    )


def wider_text(own: int, voters: int, contests: int) -> Text:
    """Say that a group reaches over several contests, and how much of it is in this one."""
    here, all_of_it = whole(own), whole(voters)
    return Text(
        kk=f"Бұл топ бірнеше сайлауға тараған: {contests}. Топта барлығы {all_of_it.kk} дауыс, соның {here.kk} дауысы осы сайлауда. Жоғарыдағы сандар бүкіл топқа қатысты.",
        ru=f"Эта группа охватывает несколько выборов: {contests}. Всего в ней голосов: {all_of_it.ru}, из них на этих выборах: {here.ru}. Числа выше относятся ко всей группе.",
        en=f"This group reaches over {contests} contests. It has {all_of_it.en} votes, {here.en} of them in this contest. The numbers above are those of the whole group.",
    )


_CROWD = Text(
    kk="Белгілері бірдей {n} дауыс келді; әдетте мұндай дауыс {e} болады.",
    ru="Пришло голосов с одинаковыми признаками: {n}; обычно таких {e}.",
    en="{n} votes came with the same traits; usually there would be {e}.",
)
_CROWDS = MappingProxyType(
    {
        "ip": Text(
            kk="Осы мекенжайдан {n} дауыс келді; сол желідегі көрші мекенжайлардан орта есеппен {m} дауыстан келді.",
            ru="С этого адреса пришло голосов: {n}; с соседних адресов той же сети пришло в среднем по {m}.",
            en="From this address {n} votes came; its neighbours in the same network sent {m} on average.",
        ),
        "block": Text(
            kk="Қатар тұрған мекенжайлар тобынан {n} дауыс келді; сол желідегі осындай топтардан орта есеппен {m} дауыстан келді.",
            ru="С группы соседних адресов пришло голосов: {n}; с таких же групп той же сети пришло в среднем по {m}.",
            en="From addresses side by side {n} votes came; other such groups in the same network sent {m} on average.",
        ),
        "device": Text(
            kk="Бір құрылғыдан {n} дауыс берілді; басқа құрылғылардан орта есеппен {m} дауыстан.",
            ru="С одного устройства пришло голосов: {n}; с других устройств – в среднем по {m}.",
            en="One device sent {n} votes; other devices send {m} on average.",
        ),
        "phone": Text(
            kk="Бір телефонға {n} дауыстың коды жіберілді; басқа телефондарға орта есеппен {m} код келеді.",
            ru="На один телефон пришли коды для голосов: {n}; на другие телефоны – в среднем для {m}.",
            en="One phone received the codes of {n} votes; other phones receive {m} on average.",
        ),
        "phone_100": Text(
            kk="Нөмірлері қатар тұрған телефондарға {n} дауыстың коды жіберілді; әдетте мұндай жүз нөмірге {m} келеді.",
            ru="Коды для {n} голосов ушли на телефоны с номерами подряд; обычно на такую сотню номеров приходится {m}.",
            en="Codes of {n} votes went to phones with numbers in a row; usually such a hundred of numbers has {m}.",
        ),
        "phone_10k": Text(
            kk="Нөмірлері жақын телефондарға {n} дауыстың коды жіберілді; әдетте мұндай он мың нөмірге {m} келеді.",
            ru="Коды для {n} голосов ушли на телефоны с близкими номерами; обычно на такие десять тысяч номеров приходится {m}.",
            en="Codes of {n} votes went to phones with numbers close together; usually such ten thousand numbers have {m}.",
        ),
    }
)
_FORMS = MappingProxyType(
    {
        "colocation": _CROWD,
        "complaints": Text(
            kk="Осы {n} сайлаушы ішінде кейін басқа жерден өзі дауыс бермек болғаны, дауысын қайтарып алғаны немесе шағымданғаны – {k} адам; әдетте {e}.",
            ru="Избиратели, которые потом сами пришли голосовать из другого места, забрали голос обратно или пожаловались: {k} из {n}; обычно таких {e}.",
            en="Of the owners of these {n} votes, {k} later came to vote themselves from elsewhere, took their vote back or complained; usually {e} would.",
        ),
        "refusals": Text(
            kk="Дауысы бұрын басқа жерден келген адамның атынан осы жерден {k} рет дауыс бермек болды; әдетте мұндай әрекет {e} болады.",
            ru="Попытки проголосовать отсюда за тех, чей голос уже пришёл из другого места: {k}; обычно их {e}.",
            en="From here {k} attempts were made to vote for people whose vote had already come from elsewhere; usually there would be {e}.",
        ),
        "code_pace": Text(
            kk="Осы {n} дауыстың жартысында SMS коды жіберілгеннен кейін {k} секунд ішінде енгізілді; басқаларда {m} секунд ішінде.",
            ru="В половине случаев (всего их {n}) код из SMS вводили не позже чем через {k} с после отправки; у остальных избирателей – через {m} с.",
            en="In half of {n} cases the SMS code was entered within {k} seconds of being sent; for other voters it is {m} seconds.",
        ),
        "page_pace": Text(
            kk="Осы {n} дауыстың жартысында сайлаушы бюллетень бетінде {k} секундтан артық болмаған; басқалар {m} секунд болады.",
            ru="В половине случаев (всего их {n}) на странице бюллетеня проводили не больше {k} с; остальные избиратели – {m} с.",
            en="In half of {n} cases at most {k} seconds were spent on the ballot page; other voters spend {m} seconds.",
        ),
        "quick": Text(
            kk="Осы {n} дауыс ішінде кодты да, бюллетеньді де адам әдетте үлгермейтін жылдамдықпен өткені – {k}; әдетте мұндай дауыс {e} болады.",
            ru="Голоса, в которых и код, и бюллетень пройдены быстрее, чем обычно успевает человек: {k} из {n}; обычно таких {e}.",
            en="Of these {n} votes {k} passed both code and ballot faster than people usually can; usually {e} would.",
        ),
        "order": Text(
            kk="Тізімде көрші тұрған {n} жұп ішінде бірінен кейін бірі, бір бағытта дауыс бергені – {k}; адамдар өздері шешкенде мұндай жұп {e} болады.",
            ru="Пары соседей по списку, которые проголосовали друг за другом в одном направлении: {k} из {n}; когда люди решают сами, таких пар {e}.",
            en="Of {n} pairs of neighbours in the register {k} voted one after the other in the same direction; when people decide for themselves {e} would.",
        ),
        "phones": Text(
            kk="Осы {n} дауыс ішінде үш немесе одан көп үйге ортақ телефонға келген кодпен берілгені – {k}; әдетте мұндай дауыс {e} болады.",
            ru="Голоса с кодом, который пришёл на телефон, общий для трёх и более семей: {k} из {n}; обычно таких {e}.",
            en="Of these {n} votes {k} used codes sent to phones that three homes or more share; usually {e} would.",
        ),
        "phone_blocks": Text(
            kk="Осы {n} дауыс ішінде нөмірлері қатар тұрған телефондарға келген кодпен берілгені – {k}; әдетте мұндай дауыс {e} болады.",
            ru="Голоса с кодом, который пришёл на телефоны с номерами подряд: {k} из {n}; обычно таких {e}.",
            en="Of these {n} votes {k} used phones whose numbers look bought in a row; usually {e} would.",
        ),
        "disguise": Text(
            kk="Осы {n} дауыс ішінде өзін бір браузер деп атап, басқаша байланысатын бағдарламадан келгені – {k}; әдетте мұндай дауыс {e} болады.",
            ru="Голоса из программы, которая называет себя одним браузером, а соединяется как другой: {k} из {n}; обычно таких {e}.",
            en="Of these {n} votes {k} came from a program that calls itself one browser and connects like another; usually {e} would.",
        ),
        "distance": Text(
            kk="Осы {n} дауыс ішінде сайлаушы тұратын өңірден тыс мекенжайдан келгені – {k}; әдетте мұндай дауыс {e} болады.",
            ru="Голоса с адресов не того региона, где живёт избиратель: {k} из {n}; обычно таких {e}.",
            en="Of these {n} votes {k} came from addresses outside the voter's region; usually {e} would.",
        ),
        "automation": Text(
            kk="Осы {n} дауыс ішінде браузерін адам емес, бағдарлама басқарғаны – {k}; әдетте мұндай дауыс {e} болады.",
            ru="Голоса, при которых браузером управлял не человек, а программа: {k} из {n}; обычно таких {e}.",
            en="Of these {n} votes {k} showed a browser driven by a program; usually {e} would.",
        ),
        "hosting": Text(
            kk="Осы {n} дауыс ішінде адам емес, серверлер тұратын деректер орталығынан келгені – {k}; әдетте мұндай дауыс {e} болады.",
            ru="Голоса из центров обработки данных, где стоят серверы, а не сидят люди: {k} из {n}; обычно таких {e}.",
            en="Of these {n} votes {k} came from data centres, where servers are and people are not; usually {e} would.",
        ),
        "night": Text(
            kk="Осы {n} дауыс ішінде ешкім дерлік дауыс бермейтін сағаттарда келгені – {k}; әдетте мұндай дауыс {e} болады.",
            ru="Голоса в часы, когда почти никто не голосует: {k} из {n}; обычно таких {e}.",
            en="Of these {n} votes {k} came in hours when hardly anybody votes; usually {e} would.",
        ),
        "no_mistakes": Text(
            kk="Код {n} жағдайда тек {k} рет қате енгізілді; әдетте мұндай қате {e} болады.",
            ru="Ошибки при вводе кода (случаев: {n}): только {k}; обычно их {e}.",
            en="In {n} cases the code was mistyped only {k} times; usually there would be {e} mistakes.",
        ),
        "no_checks": Text(
            kk="Осы {n} сайлаушы ішінде кейін өз дауысын тексергені – тек {k}; әдетте {e} адам тексереді.",
            ru="Избиратели, которые потом проверили свой голос: только {k} из {n}; обычно таких {e}.",
            en="Of the owners of these {n} votes only {k} checked their vote afterwards; usually {e} would.",
        ),
        "roaming": Text(
            kk="Осы {n} дауыс ішінде бірнеше үй үшін әр жерден дауыс беретін құрылғылардан келгені – {k}; әдетте мұндай дауыс {e} болады.",
            ru="Голоса с устройств, которые голосуют за несколько семей из разных мест: {k} из {n}; обычно таких {e}.",
            en="Of these {n} votes {k} came from devices that vote for several homes from different places; usually {e} would.",
        ),
        "devices": Text(
            kk="Осы {n} дауыс әр жерде көп адам үшін дауыс беретін {k} құрылғыдан келді; әдетте мұндай құрылғы {e} болады.",
            ru="Эти голоса (их {n}) пришли с устройств, которые в разных местах голосуют за многих: таких устройств {k}; обычно их {e}.",
            en="These {n} votes came from {k} devices that vote for many people in different places; usually there would be {e} such devices.",
        ),
    }
)
_NONE = MappingProxyType(
    {
        "no_mistakes": Text(
            kk="Код {n} жағдайда бір рет те қате енгізілмеді; әдетте мұндай қате {e} болады.",
            ru="Ошибки при вводе кода (случаев: {n}): ни одной; обычно их {e}.",
            en="In {n} cases the code was never mistyped; usually there would be {e} mistakes.",
        ),
        "no_checks": Text(
            kk="Осы {n} сайлаушының ешқайсысы кейін өз дауысын тексермеді; әдетте {e} адам тексереді.",
            ru="Избиратели, которые потом проверили свой голос: ни одного из {n}; обычно таких {e}.",
            en="Nobody of the owners of these {n} votes checked their vote afterwards; usually {e} would.",
        ),
    }
)
"""Where nothing at all was seen of what people usually do."""


def _by_chance(score: float) -> Text:
    if 10**-score * _LARGEST_ODDS < 1:
        return Text(
            kk="Кінәсіз топта мұндай жағдай миллиардта бір рет те кездеспейді.",
            ru="У невиновной группы такое бывает реже, чем в одном случае из миллиарда.",
            en="An innocent group does this less than once in a billion cases.",
        )
    size = 10**score
    digits = max(0, len(str(int(size))) - 2)
    odds = whole(round(size / 10**digits) * 10**digits)
    return Text(
        kk=f"Кінәсіз топта мұндай жағдай шамамен {odds.kk} жағдайдың бірінде кездеседі.",
        ru=f"У невиновной группы такое бывает примерно в одном случае из {odds.ru}.",
        en=f"An innocent group does this about once in {odds.en} cases.",
    )


def about(value: float) -> Text:
    """Say how many of something countable are usual: nobody counts four hundredths of a voter."""
    if value < 1:
        return Text(kk="бірден аз", ru="меньше одного", en="fewer than one")
    number = whole(value)
    return Text(kk=f"шамамен {number.kk}", ru=f"около {number.ru}", en=f"about {number.en}")


def whole(value: float) -> Text:
    """Print a whole number as each language does."""
    english = f"{round(value):,}"
    spaced = english.replace(",", "\u00a0")
    return Text(kk=spaced, ru=spaced, en=english)


def decimal(value: float) -> Text:
    """Print a number to one decimal, two below one, and none when it is whole or large."""
    if value >= 100 or abs(value - round(value)) < 0.05 <= value or value == 0:
        return whole(value)
    english = f"{value:.1f}" if value >= 1 else f"{value:.2f}"
    comma = english.replace(".", ",")
    return Text(kk=comma, ru=comma, en=english)
