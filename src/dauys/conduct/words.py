"""Sentences that the services themselves put into cases, in three languages."""

from collections.abc import Sequence

from dauys.core.forms import Text
from dauys.core.state import BallotRecord


def reported_title(ballot: BallotRecord) -> Text:
    """Title of a case that a voter's report opens."""
    return Text(
        kk=f"Сайлаушы {ballot.index}-жазбадағы бюллетеньді өзі бермегенін айтады",
        ru=f"Избиратель сообщает: бюллетень в записи {ballot.index} подан не им",
        en=f"A voter says that the ballot in entry {ballot.index} is not theirs",
    )


def reported(ballot: BallotRecord, method: str) -> Text:
    """Line of evidence that a voter's report adds; `method` is how the voter was identified."""
    kk, ru, en = _BY.get(method, (method, method, method))
    return Text(
        kk=f"{kk} расталған сайлаушы: «{ballot.index}-жазбадағы бюллетеньді мен берген жоқпын».",
        ru=f"Избиратель, подтвердивший личность {ru}: «Бюллетень в записи {ballot.index} подан не мной».",
        en=f"A voter identified by {en}: “The ballot in entry {ballot.index} is not mine.”",
    )


_BY = {
    "sms": ("SMS-кодпен", "кодом из SMS", "a code sent by SMS"),
    "eds": ("цифрлық қолтаңбамен", "цифровой подписью", "a digital signature"),
}


def weaker_rules(methods: Sequence[str], policy: str, *, one_phone: bool) -> tuple[Text, ...]:
    """Warnings, for the manifest and the organiser, about rules weaker than could be."""
    found = []
    if "sms" in methods:
        found.append(
            Text(
                kk="SMS-код арқылы дауыс беруге болады. SMS-ті басқа адам оқып қоюы мүмкін; цифрлық қолтаңба сенімдірек.",
                ru="Голосовать можно по коду из SMS. SMS может прочитать другой человек; цифровая подпись надёжнее.",
                en="Votes may be cast with a code sent by SMS. Somebody else may read an SMS; a digital signature is safer.",
            )
        )
    if not one_phone:
        found.append(
            Text(
                kk="Бір телефон нөмірін бірнеше сайлаушы пайдалана алады.",
                ru="Один номер телефона могут использовать несколько избирателей.",
                en="Several voters may use one phone number.",
            )
        )
    if policy == "once":
        found.append(
            Text(
                kk="Дауыс бір рет беріледі: сенімдірек тәсілмен қайта дауыс беруге болмайды.",
                ru="Проголосовать можно один раз: заменить голос более надёжным способом нельзя.",
                en="A vote is cast once: it cannot be replaced by a safer method.",
            )
        )
    return tuple(found)
