"""Rules weaker than they could be, in plain words, for the organiser and for the manifest."""

from collections.abc import Iterator
from dataclasses import dataclass

from dauys.core.forms import Text


@dataclass(frozen=True, slots=True)
class Chosen:
    """What an organiser chose.

    `shared_phones`: phones of several voters, and these voters; `shared_emails` likewise.
    """

    methods: tuple[str, ...]
    policy: str
    one_phone: bool
    shared_phones: tuple[int, int] = (0, 0)
    shared_emails: tuple[int, int] = (0, 0)
    quorum: int = 2
    phone_freeze_hours: int = 24


def weaker_rules(chosen: Chosen) -> tuple[Text, ...]:
    """A warning for each weaker choice."""
    return tuple(_warnings(chosen))


def _warnings(chosen: Chosen) -> Iterator[Text]:
    for method, text in (("sms", _SMS), ("email", _EMAIL), ("desk", _DESK)):
        if method in chosen.methods:
            yield text
    if "eds" not in chosen.methods:
        yield _UNSIGNED
    if not chosen.one_phone:
        yield from _exceptions(chosen)
    if chosen.policy == "once":
        yield _ONCE
    if chosen.quorum == 1:
        yield _ALONE
    if "sms" in chosen.methods and chosen.phone_freeze_hours == 0:
        yield _UNFROZEN


def _exceptions(chosen: Chosen) -> Iterator[Text]:
    """How often one address is that of several voters, by the methods that send codes there."""
    if "sms" in chosen.methods or "email" not in chosen.methods:
        yield _shared(*chosen.shared_phones)
    if "email" in chosen.methods:
        yield _shared_emails(*chosen.shared_emails)


def _shared(phones: int, voters: int) -> Text:
    return Text(
        kk=f"Бір телефон нөмірін бірнеше сайлаушы пайдалана алады. Тізімде осындай нөмір саны: {phones}, олардағы сайлаушы саны: {voters}.",
        ru=f"Один номер телефона могут использовать несколько избирателей. Таких номеров в списке: {phones}, избирателей с ними: {voters}.",
        en=f"Several voters may use one phone number. Such numbers on the register: {phones}; voters who have them: {voters}.",
    )


def _shared_emails(addresses: int, voters: int) -> Text:
    return Text(
        kk=f"Бір электрондық мекенжайды бірнеше сайлаушы пайдалана алады. Тізімде осындай мекенжай саны: {addresses}, олардағы сайлаушы саны: {voters}.",
        ru=f"Один адрес электронной почты могут использовать несколько избирателей. Таких адресов в списке: {addresses}, избирателей с ними: {voters}.",
        en=f"Several voters may use one e-mail address. Such addresses on the register: {addresses}; voters who have them: {voters}.",
    )


_EMAIL = Text(
    kk="Электрондық поштаға келген кодпен дауыс беруге болады. Хатты поштаның құпия сөзін білетін кез келген адам, сондай-ақ пошта серверін басқаратындар оқи алады; цифрлық қолтаңба сенімдірек.",
    ru="Голосовать можно по коду из электронного письма. Письмо прочтёт каждый, кто знает пароль от почты, и те, кто управляет почтовым сервером; цифровая подпись надёжнее.",
    en="Votes may be cast with a code sent by e-mail. Whoever knows the mailbox's password can read it, and so can whoever runs the mail server; a digital signature is safer.",
)
_SMS = Text(
    kk="SMS-код арқылы дауыс беруге болады. SMS-ті басқа адам оқып қоюы мүмкін; цифрлық қолтаңба сенімдірек.",
    ru="Голосовать можно по коду из SMS. SMS может прочитать другой человек; цифровая подпись надёжнее.",
    en="Votes may be cast with a code sent by SMS. Somebody else may read an SMS; a digital signature is safer.",
)
_DESK = Text(
    kk="Көмек қызметінің екі қызметкері код жетпейтін сайлаушыны бір реттік сілтемемен дауыс беруге жібере алады. Бұл – ең әлсіз тәсіл: оның негізі – тек сол екеуінің сөзі.",
    ru="Двое сотрудников службы помощи могут допустить избирателя, до которого не доходит код, по одноразовой ссылке. Это самый слабый способ: он держится только на слове этих двоих.",
    en="Two people of the help desk may let a voter whom no code reaches vote by a one-time link. It is the weakest method: it rests on the word of these two alone.",
)
_UNSIGNED = Text(
    kk="Цифрлық қолтаңбамен дауыс беруге болмайды: ұрланған дауысты қайтарып алуға жол жоқ.",
    ru="Голосовать цифровой подписью нельзя: вернуть украденный голос будет нечем.",
    en="Nobody may vote with a digital signature: a stolen vote cannot be taken back.",
)
_ONCE = Text(
    kk="Дауыс бір рет беріледі: сенімдірек тәсілмен қайта дауыс беруге болмайды.",
    ru="Проголосовать можно один раз: заменить голос более надёжным способом нельзя.",
    en="A vote is cast once: it cannot be replaced by a safer method.",
)
_ALONE = Text(
    kk="Комиссияның бір мүшесі шешімді жалғыз өзі қабылдай алады.",
    ru="Один член комиссии может принимать решения в одиночку.",
    en="One member of the commission may decide alone.",
)
_UNFROZEN = Text(
    kk="Сайлаушылар тізіміндегі телефондарды дауыс беру басталғанға дейін өзгертуге болады.",
    ru="Телефоны в списке избирателей можно менять до самого начала голосования.",
    en="Phones on the register may be changed until voting opens.",
)
