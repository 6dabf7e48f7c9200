"""Texts offered as the reason of a decision; whoever proposes changes them as they need."""

from dauys.core.forms import Text
from dauys.response.cases import Case

EMPTY = Text(kk="", ru="", en="")


def offered_reason(kind: str, case: Case | None) -> Text:
    """A beginning in three languages, for the remedy `kind`."""
    number = case.number if case else 0
    ballots = len(case.ballots) if case else 0
    about = _ABOUT if case else EMPTY
    offered = _REASONS.get(kind, EMPTY)
    return Text(
        kk=f"{about.kk} {offered.kk}".strip().format(case=number, ballots=ballots),
        ru=f"{about.ru} {offered.ru}".strip().format(case=number, ballots=ballots),
        en=f"{about.en} {offered.en}".strip().format(case=number, ballots=ballots),
    )


_ABOUT = Text(kk="№ {case} іс.", ru="Дело № {case}.", en="Case {case}.")
_REASONS = {
    "annul": Text(
        kk="Бюллетеньдер ({ballots}) бір көзден берілген, оны істегі дәлелдер растайды. Осы бюллетеньдер ғана есептелмейді; сайлаушылары қайта дауыс бере алады.",
        ru="Бюллетени ({ballots}) поданы из одного источника, это подтверждают признаки, собранные в деле. Не учитываются только эти бюллетени; их избиратели могут проголосовать снова.",
        en="The ballots ({ballots}) came from one source, as the evidence in the case confirms. Only these ballots do not count; their voters can vote again.",
    ),
    "extend": Text(
        kk="Бюллетеньдері есептелмейтін сайлаушылар қайта дауыс бере алуы үшін дауыс беру ұзартылады.",
        ru="Голосование продлевается, чтобы избиратели, чьи бюллетени не учитываются, могли проголосовать снова.",
        en="Voting goes on longer, so that voters whose ballots do not count can vote again.",
    ),
    "restrict": Text(
        kk="SMS арқылы дауыс беруге бөгде адамдар араласқан. Енді тек цифрлық қолтаңбамен дауыс беріледі.",
        ru="В голосование по SMS вмешались посторонние. Дальше голосовать можно только с цифровой подписью.",
        en="Outsiders interfered with voting by SMS. From now on only digital signatures are accepted.",
    ),
    "zero": Text(
        kk="Осы тәсілмен бұл кандидатқа берілген дауыстарға сенуге болмайды, ал оларды жеке бөліп алу мүмкін емес.",
        ru="Голосам, поданным за этого кандидата этим способом, нельзя доверять, а отделить их по одному невозможно.",
        en="The votes cast for this candidate by this method cannot be trusted, and they cannot be told apart one by one.",
    ),
    "restore": Text(
        kk="Қосымша тексеру бюллетеньдерді сайлаушылардың өздері бергенін көрсетті.",
        ru="Дополнительная проверка показала, что бюллетени подали сами избиратели.",
        en="A further check showed that the voters themselves cast these ballots.",
    ),
    "retune": Text(
        kk="Монитордың шектері осы сайлаудың өз деректеріне қарай қайта бапталды.",
        ru="Пороги монитора заново подобраны по данным этих выборов.",
        en="The monitor's thresholds were calibrated anew on this election's own data.",
    ),
    "dismiss": Text(
        kk="Тексеру бұзушылықты анықтаған жоқ.",
        ru="Проверка нарушений не выявила.",
        en="The check found no violation.",
    ),
}
