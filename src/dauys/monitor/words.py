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
    count, observed = whole(finding.count), decimal(finding.observed)
    expected = decimal(finding.expected)
    chance = _by_chance(finding.score)
    return Text(
        kk=f"{form.kk.format(n=count.kk, k=observed.kk, e=expected.kk)} {chance.kk}",
        ru=f"{form.ru.format(n=count.ru, k=observed.ru, e=expected.ru)} {chance.ru}",
        en=f"{form.en.format(n=count.en, k=observed.en, e=expected.en)} {chance.en}",
    )


_CROWD = Text(
    kk="Белгілері бірдей {n} дауыс келді; әдетте мұндай дауыс шамамен {e} болады.",
    ru="Пришло голосов с одинаковыми признаками: {n}; обычно таких около {e}.",
    en="{n} votes came with the same traits; usually there are about {e}.",
)
_CROWDS = MappingProxyType(
    {
        "ip": Text(
            kk="Осы мекенжайдан {n} дауыс келді; сол желідегі көрші мекенжайлардан орта есеппен {e} дауыстан келді.",
            ru="С этого адреса пришло голосов: {n}; с соседних адресов той же сети пришло в среднем по {e}.",
            en="From this address {n} votes came; its neighbours in the same network sent {e} on average.",
        ),
        "block": Text(
            kk="Қатар тұрған мекенжайлар тобынан {n} дауыс келді; сол желідегі осындай топтардан орта есеппен {e} дауыстан келді.",
            ru="С группы соседних адресов пришло голосов: {n}; с таких же групп той же сети пришло в среднем по {e}.",
            en="From addresses side by side {n} votes came; other such groups in the same network sent {e} on average.",
        ),
        "device": Text(
            kk="Бір құрылғыдан {n} дауыс берілді; басқа құрылғылардан орта есеппен {e}.",
            ru="С одного устройства пришло голосов: {n}; с других устройств — в среднем {e}.",
            en="One device sent {n} votes; other devices send {e} on average.",
        ),
        "phone": Text(
            kk="Бір телефонға {n} дауыстың коды жіберілді; басқа телефондарға орта есеппен {e}.",
            ru="На один телефон пришли коды для голосов: {n}; на другие телефоны — в среднем {e}.",
            en="One phone received the codes of {n} votes; other phones receive {e} on average.",
        ),
        "phone_100": Text(
            kk="Нөмірлері қатар тұрған телефондарға {n} дауыстың коды жіберілді; әдетте мұндай жүз нөмірге {e} келеді.",
            ru="Коды для {n} голосов ушли на телефоны с номерами подряд; обычно на такую сотню номеров приходится {e}.",
            en="Codes of {n} votes went to phones with numbers in a row; usually such a hundred of numbers has {e}.",
        ),
        "phone_10k": Text(
            kk="Нөмірлері жақын телефондарға {n} дауыстың коды жіберілді; әдетте мұндай он мың нөмірге {e} келеді.",
            ru="Коды для {n} голосов ушли на телефоны с близкими номерами; обычно на такие десять тысяч номеров приходится {e}.",
            en="Codes of {n} votes went to phones with numbers close together; usually such ten thousand numbers have {e}.",
        ),
    }
)
_FORMS = MappingProxyType(
    {
        "colocation": _CROWD,
        "complaints": Text(
            kk="Осы {n} дауыстың {k} иесі кейін басқа жерден өзі дауыс бермек болды, дауысын қайтарып алды немесе шағымданды; әдетте мұндай шамамен {e} болады.",
            ru="Из владельцев этих голосов (их {n}) позже сами пришли голосовать из другого места, вернули голос или пожаловались: {k}; обычно таких около {e}.",
            en="Of the owners of these {n} votes, {k} later came to vote themselves from elsewhere, took their vote back or complained; usually about {e} would.",
        ),
        "refusals": Text(
            kk="Осы көз {k} рет дауысы бұрын басқа жерден берілген сайлаушының атынан дауыс бермек болды; әдетте мұндай шамамен {e} рет болады.",
            ru="Отсюда пытались проголосовать за тех, чей голос уже пришёл из другого места: {k} раз; обычно — около {e}.",
            en="From here {k} attempts were made to vote for people whose vote had already come from elsewhere; usually about {e} are.",
        ),
        "code_pace": Text(
            kk="Осы {n} дауыстың жартысында SMS коды жіберілгеннен кейін {k} секунд ішінде енгізілді; басқаларда {e} секунд ішінде.",
            ru="В половине случаев (всего их {n}) код из SMS вводили не позже чем через {k} с после отправки; у остальных избирателей — через {e} с.",
            en="In half of {n} cases the SMS code was entered within {k} seconds of being sent; for other voters it is {e} seconds.",
        ),
        "page_pace": Text(
            kk="Осы {n} дауыстың жартысында бюллетень бетінде {k} секундтан аспай болған; басқаларда {e} секунд.",
            ru="В половине случаев (всего их {n}) на странице бюллетеня проводили не больше {k} с; остальные избиратели — {e} с.",
            en="In half of {n} cases at most {k} seconds were spent on the ballot page; other voters spend {e} seconds.",
        ),
        "quick": Text(
            kk="Осы {n} дауыстың {k} кодты да, бюллетеньді де адам сирек жететін жылдамдықпен өтті; әдетте мұндай шамамен {e} болады.",
            ru="Из этих голосов (их {n}) и код, и бюллетень прошли с редкой для людей скоростью: {k}; обычно таких около {e}.",
            en="Of these {n} votes {k} passed both code and ballot at a pace rare among people; usually about {e} do.",
        ),
        "order": Text(
            kk="Тізімде көрші тұрған {n} жұптың {k} бір бағытта, бірінен кейін бірі дауыс берді; адамдар өздері шешкенде мұндай жұп {e} шамасында болады.",
            ru="Из пар соседей по списку (их {n}) друг за другом в одну сторону проголосовали {k}; когда люди решают сами, таких пар около {e}.",
            en="Of {n} pairs of neighbours in the register {k} voted one after the other in the same direction; when people decide for themselves about {e} do.",
        ),
        "phones": Text(
            kk="Осы {n} дауыстың {k} үш немесе одан көп үйге ортақ телефондарға келген кодпен берілді; әдетте мұндай шамамен {e} болады.",
            ru="Из этих голосов (их {n}) с кодом на телефон, общий для трёх и более домов, пришло {k}; обычно таких около {e}.",
            en="Of these {n} votes {k} used codes sent to phones that three homes or more share; usually about {e} do.",
        ),
        "phone_blocks": Text(
            kk="Осы {n} дауыстың {k} нөмірлері қатар сатып алынғандай телефондарға келген кодпен берілді; әдетте мұндай шамамен {e} болады.",
            ru="Из этих голосов (их {n}) с кодом на телефоны с номерами, словно купленными подряд, пришло {k}; обычно таких около {e}.",
            en="Of these {n} votes {k} used phones whose numbers look bought in a row; usually about {e} do.",
        ),
        "disguise": Text(
            kk="Осы {n} дауыстың {k} өзін бір браузер деп атайтын, бірақ байланысы басқаша орнатылатын бағдарламадан келді; әдетте мұндай шамамен {e} болады.",
            ru="Из этих голосов (их {n}) от программы, которая называет себя одним браузером, а соединяется как другая, пришло {k}; обычно таких около {e}.",
            en="Of these {n} votes {k} came from a program that calls itself one browser and connects like another; usually about {e} do.",
        ),
        "distance": Text(
            kk="Осы {n} дауыстың {k} сайлаушы тұратын аймақтан тыс мекенжайлардан келді; әдетте мұндай шамамен {e} болады.",
            ru="Из этих голосов (их {n}) с адресов не того региона, где живёт избиратель, пришло {k}; обычно таких около {e}.",
            en="Of these {n} votes {k} came from addresses outside the voter's region; usually about {e} do.",
        ),
        "automation": Text(
            kk="Осы {n} дауыстың {k} браузерді бағдарлама басқарғанын көрсетті; әдетте мұндай шамамен {e} болады.",
            ru="Из этих голосов (их {n}) признаки управления браузером из программы есть у {k}; обычно таких около {e}.",
            en="Of these {n} votes {k} showed a browser driven by a program; usually about {e} do.",
        ),
        "hosting": Text(
            kk="Осы {n} дауыстың {k} адамдар емес, серверлер тұратын деректер орталығынан келді; әдетте мұндай шамамен {e} болады.",
            ru="Из этих голосов (их {n}) из центров данных, где стоят серверы, а не люди, пришло {k}; обычно таких около {e}.",
            en="Of these {n} votes {k} came from data centres, where servers are and people are not; usually about {e} do.",
        ),
        "night": Text(
            kk="Осы {n} дауыстың {k} басқалар дерлік дауыс бермейтін сағаттарда келді; әдетте мұндай шамамен {e} болады.",
            ru="Из этих голосов (их {n}) в часы, когда почти никто не голосует, пришло {k}; обычно таких около {e}.",
            en="Of these {n} votes {k} came in hours when hardly anybody votes; usually about {e} do.",
        ),
        "no_mistakes": Text(
            kk="Осы {n} жағдайда код тек {k} рет қате енгізілді; адамдар әдетте шамамен {e} рет қателеседі.",
            ru="В {n} случаях код ввели с ошибкой только {k} раз; люди обычно ошибаются около {e} раз.",
            en="In {n} cases the code was mistyped only {k} times; people usually do so about {e} times.",
        ),
        "no_checks": Text(
            kk="Осы {n} дауыстың тек {k} иесі кейін өз дауысын тексерді; әдетте мұндай шамамен {e} болады.",
            ru="Из владельцев этих голосов (их {n}) проверили потом свой голос только {k}; обычно — около {e}.",
            en="Of the owners of these {n} votes only {k} checked their vote afterwards; usually about {e} do.",
        ),
        "roaming": Text(
            kk="Осы {n} дауыстың {k} бірнеше үй үшін әр жерден дауыс беретін құрылғылардан келді; әдетте мұндай шамамен {e} болады.",
            ru="Из этих голосов (их {n}) с устройств, которые голосуют за несколько домов из разных мест, пришло {k}; обычно таких около {e}.",
            en="Of these {n} votes {k} came from devices that vote for several homes from different places; usually about {e} do.",
        ),
        "devices": Text(
            kk="Осы {n} дауыс әр жерде көп адам үшін дауыс беретін {k} құрылғыдан келді; әдетте мұндай құрылғы шамамен {e} болады.",
            ru="Эти голоса (их {n}) пришли с устройств, которые в разных местах голосуют за многих: таких {k}; обычно их около {e}.",
            en="These {n} votes came from {k} devices that vote for many people in different places; usually there are about {e} such devices.",
        ),
    }
)


def _by_chance(score: float) -> Text:
    if 10**-score * _LARGEST_ODDS < 1:
        return Text(
            kk="Кінәсіз топта мұндай жағдай миллиард рет ішінде бір рет те болмайды.",
            ru="У невиновной группы такое не бывает и одного раза на миллиард.",
            en="An innocent group does this less than once in a billion cases.",
        )
    size = 10**score
    digits = max(0, len(str(int(size))) - 2)
    odds = whole(round(size / 10**digits) * 10**digits)
    return Text(
        kk=f"Кінәсіз топта мұндай жағдай шамамен {odds.kk} рет ішінде бір рет болады.",
        ru=f"У невиновной группы такое бывает примерно один раз на {odds.ru}.",
        en=f"An innocent group does this about once in {odds.en} cases.",
    )


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
