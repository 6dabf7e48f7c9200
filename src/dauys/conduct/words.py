"""Sentences that the services themselves put into cases, in three languages."""

from datetime import timedelta
from types import MappingProxyType

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
    "desk": (
        "көмек қызметі берген бір реттік сілтемемен",
        "одноразовой ссылкой службы помощи",
        "a one-time link of the help desk",
    ),
    "email": ("электрондық поштаға келген кодпен", "кодом из письма", "a code sent by e-mail"),
    "sms": ("SMS-кодпен", "кодом из SMS", "a code sent by SMS"),
    "eds": ("цифрлық қолтаңбамен", "цифровой подписью", "a digital signature"),
}


def cluster_new(title: Text) -> Text:
    """Alert: the monitor found ballots that may have come from one source."""
    return Text(
        kk=f"Монитор жаңа топ тапты. {title.kk}. Олар санақтан алынған жоқ.",
        ru=f"Монитор нашёл новую группу. {title.ru}. Из подсчёта они не исключены.",
        en=f"The monitor found a new group: {title.en}. They still count.",
    )


def cluster_grown(title: Text) -> Text:
    """Alert: a cluster has grown by half since staff were last told of it."""
    return Text(
        kk=f"Монитор бұрын тапқан топ жартысына не одан да көпке өсті. Енді: {title.kk}.",
        ru=f"Группа, которую монитор нашёл раньше, выросла в полтора раза или больше. Теперь: {title.ru}.",
        en=f"A group that the monitor found before has grown by half or more. Now: {title.en}.",
    )


_FAILURES = MappingProxyType(
    {
        "its process ended": Text(
            kk="тексеру процесі кенет аяқталды",
            ru="процесс проверки внезапно завершился",
            en="the process that scans ended suddenly",
        ),
        "no answer in time": Text(
            kk="тексеру уақытында аяқталмады",
            ru="проверка не закончилась вовремя",
            en="the scan did not end in time",
        ),
    }
)


def scan_failed(failure: str) -> Text:
    """Alert: the monitor could not look. `failure`: what was lost, or the name of an error."""
    why = _FAILURES.get(failure, Text(kk=failure, ru=failure, en=failure))
    return Text(
        kk=f"Монитор дауыстардың қалай келгенін тексере алмады ({why.kk}). Әзірге жаңа толтыруды ешкім көрмейді. Серверді қарайтын адамға айтыңыз.",
        ru=f"Монитор не смог проверить, как приходили голоса ({why.ru}). Пока новых вбросов никто не увидит. Сообщите тому, кто следит за сервером.",
        en=f"The monitor could not check how votes came ({why.en}). Meanwhile nobody would see new stuffing. Tell whoever looks after the server.",
    )


def scan_late(silence: timedelta) -> Text:
    """Alert: no look of the monitor has ended well for `silence`."""
    minutes = int(silence / timedelta(minutes=1))
    return Text(
        kk=f"Монитор {minutes} минуттан бері сәтті тексермеді. Әзірге жаңа толтыруды ешкім көрмейді. Серверді қарайтын адамға айтыңыз.",
        ru=f"Монитор не проверял голоса уже {minutes} мин. Пока новых вбросов никто не увидит. Сообщите тому, кто следит за сервером.",
        en=f"The monitor has not checked votes for {minutes} minutes. Meanwhile nobody would see new stuffing. Tell whoever looks after the server.",
    )


def block_astray(prefix: str, asked: int, entered: int) -> Text:
    """Alert: codes to phones of one range are not entered; `prefix` is how it begins: `+7701…`."""
    return Text(
        kk=f"{prefix} деп басталатын бір топ телефонға {asked} код жіберілді, {entered} ғана енгізілді. Нөмірлер бөгде біреудікі немесе хабар жетпей жатыр.",
        ru=f"На группу телефонов, начинающихся с {prefix}, отправлено кодов: {asked}, введено только {entered}. Или это чужие номера, или сообщения не доходят.",
        en=f"{asked} codes went to a range of phones beginning with {prefix}, and only {entered} were entered. Either the phones are somebody else's, or messages do not arrive.",
    )


def domain_astray(domain: str, asked: int, entered: int) -> Text:
    """Alert: codes to e-mail addresses of one domain (`@example.org`) are not entered."""
    return Text(
        kk=f"{domain} мекенжайларына {asked} код жіберілді, {entered} ғана енгізілді. Хаттар жетпей не спамға түсіп жатыр немесе оларды басқа біреу сұраған.",
        ru=f"На адреса {domain} отправлено кодов: {asked}, введено только {entered}. Письма не доходят или попадают в спам, либо коды запрашивал кто-то другой.",
        en=f"{asked} codes went to addresses {domain}, and only {entered} were entered. Letters do not arrive or are taken for spam, or somebody else asked for the codes.",
    )


def network_astray(network: str, asked: int, entered: int) -> Text:
    """Alert: codes asked for from one network are not entered."""
    return Text(
        kk=f"Бір желіден ({network}) {asked} код сұралды, {entered} ғана енгізілді. Біреу кодтарды топырлатып сұрап жатқан болуы мүмкін.",
        ru=f"Из одной сети ({network}) запрошено кодов: {asked}, введено только {entered}. Возможно, кто-то заваливает нас запросами.",
        en=f"{asked} codes were asked for from one network ({network}), and only {entered} were entered. Somebody may be flooding us with requests.",
    )


def gateway_rests(name: str, reason: str) -> Text:
    """Alert: a gateway takes no messages; `reason` is its word for it."""
    return Text(
        kk=f"{name} шлюзі хабар қабылдамай тұр ({reason}). Хабарлар бар болса келесі шлюзбен кетеді. Серверді қарайтын адамға айтыңыз.",
        ru=f"Шлюз {name} не принимает сообщения ({reason}). Они уходят через следующий, если он есть. Сообщите тому, кто следит за сервером.",
        en=f"The gateway {name} takes no messages ({reason}). They go by the next one, if there is one. Tell whoever looks after the server.",
    )


def messages_wait(how_long: timedelta) -> Text:
    """Alert: a message has waited for `how_long`."""
    seconds = int(how_long.total_seconds())
    return Text(
        kk=f"Код жазылған хабарлар кетпей тұр: ең ескісі {seconds} секунд күтуде. Серверді қарайтын адамға айтыңыз.",
        ru=f"Сообщения с кодами не уходят: самое старое ждёт {seconds} с. Сообщите тому, кто следит за сервером.",
        en=f"Messages with codes do not go out: the oldest has waited for {seconds} seconds. Tell whoever looks after the server.",
    )


def budget_used(used: int, budget: int) -> Text:
    """Alert: most of the budget of codes is used."""
    return Text(
        kk=f"Код жіберу шегінің көп бөлігі жұмсалды: {budget} кодтан {used}. Қалғаны кодтары енгізілетін сайлаушыларға сақталады.",
        ru=f"Большая часть запаса кодов израсходована: {used} из {budget}. Остаток – для тех, чьи коды вводят.",
        en=f"Most of the budget of codes is used: {used} of {budget}. The rest is kept for those whose codes are entered.",
    )
