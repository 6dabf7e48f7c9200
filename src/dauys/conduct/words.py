"""Sentences that the services themselves put into cases, in three languages."""

from collections.abc import Sequence
from datetime import timedelta

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


UNASKED = Text(
    kk="Дауыс берушінің сертификаты қайтарып алынған-алынбағаны сұралмайды: ұрланған, бірақ қайтарып алынған кілтпен де дауыс беруге болады.",
    ru="Отозван ли сертификат избирателя, не спрашивают: проголосовать можно и украденным ключом, который уже отозван.",
    en="Nobody asks whether a voter's certificate was revoked: a stolen key that was revoked still votes.",
)
ASKED_LATER = Text(
    kk="Куәландырушы орталық жауап бермесе, қолтаңба қабылданып, сертификат санау алдында қайта тексеріледі.",
    ru="Если удостоверяющий центр не отвечает, подпись принимают, а сертификат проверяют ещё раз до подсчёта.",
    en="While the certification authority does not answer, signatures are taken, and certificates are checked again before the tally.",
)
REVOKED_TITLE = Text(
    kk="Сертификаттар қол қойылғанға дейін қайтарып алынған",
    ru="Сертификаты были отозваны до подписания",
    en="Certificates were revoked before they signed",
)


def revoked(ballots: int) -> Text:
    """Line of evidence about `ballots` that rest on certificates found revoked afterwards."""
    return Text(
        kk=f"Дауыс беру кезінде куәландырушы орталық жауап бермеді. Кейін белгілі болды: {ballots} бюллетеньнің негізіндегі сертификат қол қойылғанға дейін қайтарып алынған.",
        ru=f"Во время голосования удостоверяющий центр не отвечал. Потом выяснилось: сертификаты, на которых держатся бюллетени ({ballots}), были отозваны до подписания.",
        en=f"The certification authority did not answer while votes were cast. Later it was found: certificates behind {ballots} ballots had been revoked before they signed.",
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


def cluster_new(voters: int) -> Text:
    """Alert: the monitor found ballots that may have come from one source."""
    return Text(
        kk=f"Монитор бір көзден келген болуы мүмкін бюллетеньдерді тапты: {voters}. Олар санақтан алынған жоқ. Кезекті қараңыз.",
        ru=f"Монитор нашёл бюллетени, которые могли прийти из одного источника: {voters}. Из подсчёта они не исключены. Посмотрите очередь.",
        en=f"The monitor found {voters} ballots that may have come from one source. They are still counted. Please look at the queue.",
    )


def cluster_grown(voters: int) -> Text:
    """Alert: a cluster has grown by half since staff were last told of it."""
    return Text(
        kk=f"Монитор бұрын тапқан топ өсті: қазір онда {voters} бюллетень бар. Кезекті қараңыз.",
        ru=f"Группа, найденная монитором раньше, выросла: теперь в ней бюллетеней: {voters}. Посмотрите очередь.",
        en=f"A group that the monitor found before has grown: it now holds {voters} ballots. Please look at the queue.",
    )


def scan_failed(failure: str) -> Text:
    """Alert: the monitor could not look."""
    return Text(
        kk=f"Монитор дауыстардың қалай келгенін тексере алмады ({failure}). Әзірге жаңа толтыруды ешкім көрмейді. Серверді қарайтын адамға айтыңыз.",
        ru=f"Монитор не смог проверить, как приходили голоса ({failure}). Пока новых вбросов никто не увидит. Сообщите тому, кто следит за сервером.",
        en=f"The monitor could not check how votes came ({failure}). Meanwhile nobody would see new stuffing. Tell whoever looks after the server.",
    )


def scan_late(silence: timedelta) -> Text:
    """Alert: no look of the monitor has ended well for `silence`."""
    minutes = int(silence / timedelta(minutes=1))
    return Text(
        kk=f"Монитор {minutes} минуттан бері сәтті тексермеді. Әзірге жаңа толтыруды ешкім көрмейді. Серверді қарайтын адамға айтыңыз.",
        ru=f"Монитор не проверял голоса уже {minutes} мин. Пока новых вбросов никто не увидит. Сообщите тому, кто следит за сервером.",
        en=f"The monitor has not checked votes for {minutes} minutes. Meanwhile nobody would see new stuffing. Tell whoever looks after the server.",
    )
