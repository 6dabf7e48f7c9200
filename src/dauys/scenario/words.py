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
SAME_COMPUTERS = Text(
    kk="Бюллетеньдер бірдей компьютерлерден, бір мекенжайдан, екі сағат ішінде берілген.",
    ru="Бюллетени поданы с одинаковых компьютеров, с одного адреса, за два часа.",
    en="The ballots came from like computers at one address within two hours.",
)


def one_office(ballots: int) -> Text:
    """Title of the case about an office."""
    return Text(
        kk=f"Бір мекенжайдағы бірдей компьютерлерден {ballots} бюллетень",
        ru=f"Бюллетени с одинаковых компьютеров по одному адресу: {ballots}",
        en=f"{ballots} ballots from like computers at one address",
    )


def annulled(case: Case) -> Text:
    """Why the ballots of a case are annulled."""
    number, ballots = case.number, len(case.ballots)
    return Text(
        kk=f"№ {number} іс: {ballots} бюллетень бір көзден берілген; мұны істегі дәлелдер растайды. Осы бюллетеньдер ғана жойылды.",
        ru=f"Дело № {number}: {ballots} бюллетеней поданы из одного источника; это подтверждают материалы дела. Аннулированы только эти бюллетени.",
        en=f"Case {number}: {ballots} ballots came from one source, as the evidence of the case confirms. Only these ballots are annulled.",
    )


def restored(case: Case, ballots: int, came: int) -> Text:
    """Why ballots of a case count again; `came` of their voters showed their receipts."""
    number = case.number
    return Text(
        kk=f"№ {number} іс: {came} сайлаушы комиссияға өздері келіп, жеке куәлігі мен дауыс беру түбіртегін көрсетті. {ballots} бюллетень қайта есептеледі.",
        ru=f"Дело № {number}: избиратели ({came}) пришли в комиссию сами и показали удостоверения личности и квитанции о голосовании. Снова учитываются бюллетени: {ballots}.",
        en=f"Case {number}: voters ({came}) came to the commission in person, with identity cards and the receipts of their ballots. Ballots that count again: {ballots}.",
    )
