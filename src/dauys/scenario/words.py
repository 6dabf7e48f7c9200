"""What the commission of the story says to the public."""

from dauys.core.forms import Text
from dauys.response.cases import Case

EXTENDED = Text(
    kk="Бюллетеньдері күшін жойған сайлаушылар қайта дауыс бере алуы үшін дауыс беру бір тәулікке ұзартылды.",
    ru="Голосование продлено на сутки, чтобы избиратели, чьи бюллетени аннулированы, могли проголосовать заново.",
    en="Voting goes on for one more day, so that voters whose ballots were annulled can vote again.",
)
SIGNATURES_ONLY = Text(
    kk="SMS арқылы дауыс беруге сырттан қол сұғылғаны анықталды. Енді тек цифрлық қолтаңбамен дауыс беріледі.",
    ru="Выявлены вбросы через SMS. Дальше голосовать можно только с цифровой подписью.",
    en="Stuffing through SMS was found. From now on only digital signatures are accepted.",
)
TAKEN_BACK = Text(
    kk="Сайлаушы дауысын цифрлық қолтаңбамен қайтарып алды; шешетін басқа мәселе жоқ.",
    ru="Избиратель вернул голос цифровой подписью; решать больше нечего.",
    en="The voter has taken the vote back with a digital signature; nothing is left to decide.",
)


def annulled(case: Case) -> Text:
    """Why the ballots of a case are annulled."""
    number, ballots = case.number, len(case.ballots)
    return Text(
        kk=f"№ {number} іс: {ballots} бюллетень бір көзден берілген; сайлаушылардың өтініштері мен басқа дәлелдер мұны растайды. Осы бюллетеньдер ғана жойылды.",
        ru=f"Дело № {number}: {ballots} бюллетеней поданы из одного источника; это подтверждают обращения избирателей и другие признаки. Аннулированы только эти бюллетени.",
        en=f"Case {number}: {ballots} ballots came from one source, as voters' reports and other evidence confirm. Only these ballots are annulled.",
    )
