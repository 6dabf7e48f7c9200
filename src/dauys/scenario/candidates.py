"""The contests of the simulated election, their invented candidates and uneven support."""

from dauys.core.contests import Candidate
from dauys.core.forms import Text
from dauys.core.ids import CandidateId
from dauys.scenario.people import KARAGANDA, ULYTAU, ContestPlan

_BAKERY = Text(kk="Наубайхана иесі", ru="Владелица пекарни", en="Owner of a bakery")
_TRANSPORT = Text(
    kk="Жүк тасымалы компаниясының басшысы",
    ru="Руководитель транспортной компании",
    en="Head of a haulage company",
)
_WORKSHOP = Text(kk="Шеберхана иесі", ru="Владелец мастерской", en="Owner of a workshop")
_FARM = Text(kk="Шаруа қожалығының басшысы", ru="Глава фермерского хозяйства", en="Farmer")
_PHARMACY = Text(
    kk="Дәріханалар желісінің директоры",
    ru="Директор сети аптек",
    en="Director of a chain of pharmacies",
)
_SOFTWARE = Text(
    kk="Бағдарламалық жасақтама әзірлеуші", ru="Разработчик программ", en="Software developer"
)

_TAXES = Text(
    kk="Тексерулерді азайту, салық есебін жеңілдету.",
    ru="Меньше проверок, проще налоговая отчётность.",
    en="Fewer inspections, simpler tax reports.",
)
_LOANS = Text(
    kk="Шағын бизнеске қолжетімді несие.",
    ru="Доступные кредиты малому бизнесу.",
    en="Affordable loans for small business.",
)
_ROADS = Text(
    kk="Ауыл жолдары мен базарларды жөндеу.",
    ru="Ремонт сельских дорог и рынков.",
    en="Repair of village roads and markets.",
)
_TRAINING = Text(
    kk="Жас кәсіпкерлерді оқыту.",
    ru="Обучение молодых предпринимателей.",
    en="Training for young entrepreneurs.",
)


def _candidate(word: str, name: str, occupation: Text, programme: Text) -> Candidate:
    return Candidate(id=CandidateId(word), name=name, occupation=occupation, programme=programme)


# Surnames are words of nature with a surname's ending: none is meant to be anybody's.
CONTESTS = (
    ContestPlan(
        id=KARAGANDA,
        name=Text(
            kk="Қарағанды облысының өңірлік кеңесі",
            ru="Региональный совет Карагандинской области",
            en="Regional council of Karaganda region",
        ),
        seats=3,
        candidates=(
            _candidate("samal", "Самалова Айдана", _BAKERY, _TRAINING),
            _candidate("tulpar", "Тұлпаров Ернар", _TRANSPORT, _ROADS),
            _candidate("arsha", "Аршаева Дина", _PHARMACY, _LOANS),
            _candidate("bulaq", "Бұлақов Санжар", _WORKSHOP, _TAXES),
            _candidate("qaragash", "Қарағашев Олжас", _FARM, _ROADS),
            _candidate("zhuldyz", "Жұлдызова Мәдина", _SOFTWARE, _TRAINING),
            _candidate("shaghala", "Шағалаев Тимур", _TRANSPORT, _TAXES),
        ),
        support=(0.26, 0.21, 0.17, 0.13, 0.10, 0.08, 0.05),
    ),
    ContestPlan(
        id=ULYTAU,
        name=Text(
            kk="Ұлытау облысының өңірлік кеңесі",
            ru="Региональный совет области Улытау",
            en="Regional council of Ulytau region",
        ),
        seats=1,
        candidates=(
            _candidate("toghai", "Тоғаев Нұрлан", _FARM, _LOANS),
            _candidate("qayin", "Қайыңова Әсел", _BAKERY, _TAXES),
            _candidate("tastau", "Тастауов Ильяс", _WORKSHOP, _ROADS),
            _candidate("zhusan", "Жусанова Камила", _PHARMACY, _TRAINING),
        ),
        support=(0.38, 0.31, 0.19, 0.12),
    ),
)
