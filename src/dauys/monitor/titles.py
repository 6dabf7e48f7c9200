"""What is alleged of a cluster, in one line: what links its ballots.

No address, phone or name stands in it. A reader tells groups apart by it before reading evidence.
"""

from types import MappingProxyType

from dauys.core.forms import Text
from dauys.monitor.words import whole

_LINKS = MappingProxyType(
    {
        "chain": Text(
            kk="Тізім реті",
            ru="порядком списка избирателей",
            en="the order of the register",
        ),
        "ip": Text(
            kk="Бір интернет-мекенжай", ru="одним интернет-адресом", en="one internet address"
        ),
        "block": Text(
            kk="Қатар тұрған интернет-мекенжайлар",
            ru="соседними интернет-адресами",
            en="internet addresses side by side",
        ),
        "device": Text(kk="Бір құрылғы", ru="одним устройством", en="one device"),
        "phone": Text(kk="Бір телефон", ru="одним телефоном", en="one telephone"),
        "phone_100": Text(
            kk="Нөмірлері қатар телефондар",
            ru="телефонами с номерами подряд",
            en="phones with numbers in a row",
        ),
        "phone_10k": Text(
            kk="Нөмірлері жақын телефондар",
            ru="телефонами с близкими номерами",
            en="phones with numbers close together",
        ),
        "phone_blocks": Text(
            kk="Нөмірлері қатар телефондар",
            ru="телефонами с номерами подряд",
            en="phones with numbers in a row",
        ),
        "phones": Text(
            kk="Көп үйге ортақ телефондар",
            ru="телефонами, общими для многих семей",
            en="phones that many homes share",
        ),
        "roaming": Text(
            kk="Әр жерден дауыс беретін құрылғылар",
            ru="устройствами, которые голосуют из разных мест",
            en="devices that vote from different places",
        ),
        "handful": Text(
            kk="Көп адам үшін дауыс беретін бірнеше құрылғы",
            ru="несколькими устройствами, которые голосуют за многих",
            en="a few devices that vote for many people",
        ),
        "victims": Text(
            kk="Сайлаушылардың шағымдары",
            ru="жалобами избирателей",
            en="voters' complaints",
        ),
        "quick": Text(
            kk="Адам үлгермейтін жылдамдық",
            ru="скоростью, с которой люди не голосуют",
            en="a pace at which people do not vote",
        ),
        "disguise": Text(
            kk="Өзін басқа браузер деп атайтын бағдарлама",
            ru="программой, которая выдаёт себя за другой браузер",
            en="a program that passes for another browser",
        ),
        "distance": Text(
            kk="Сайлаушыдан алыс мекенжайлар",
            ru="адресами вдали от избирателей",
            en="addresses far from the voters",
        ),
        "tls": Text(kk="Бір бағдарлама", ru="одной программой", en="one program"),
        "ua_family": Text(kk="Бір браузер", ru="одним браузером", en="one browser"),
        "asn": Text(kk="Бір желі", ru="одной сетью", en="one network"),
        "hour": Text(kk="Бір сағат", ru="одним часом", en="one hour"),
    }
)
"""Most telling first: of two things that ballots share, the earlier is named."""
_SIGNS = Text(kk="Бірдей белгілер", ru="одинаковыми признаками", en="the same traits")


def title(scope: str, ballots: int) -> Text:
    """Name a cluster by what its ballots have in common: `scope` is one thing, or two by a plus."""
    shared = scope.split("+")
    link = next((words for name, words in _LINKS.items() if name in shared), _SIGNS)
    count = whole(ballots)
    return Text(
        kk=f"{link.kk} арқылы байланысқан {count.kk} бюллетень",
        ru=f"Бюллетени, связанные {link.ru}: {count.ru}",
        en=f"{count.en} ballots linked by {link.en}",
    )
