"""Notices to the public, in three languages."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from dauys.core.forms import Text


def begun(network: str, ends: datetime, zone: str) -> Text:
    """The notice that a step-up begins; the time is told as clocks of `zone` show it."""
    local = ends.astimezone(ZoneInfo(zone))
    minutes = int((local.utcoffset() or timedelta(0)) / timedelta(minutes=1))
    hours, rest = divmod(abs(minutes), 60)
    offset = f"{'−' if minutes < 0 else '+'}{hours}" + (f":{rest:02}" if rest else "")
    until = f"{local:%d.%m.%Y %H:%M} (UTC{offset})"
    return Text(
        kk=f"«{network}» желісі арқылы келген сайлаушылардан {until} дейін SMS-кодтың орнына цифрлық қолтаңба сұралады. "
        "Берілген дауыстарға бұл әсер етпейді; басқа желілерде бәрі бұрынғыдай.",
        ru=f"Избирателей, приходящих через сеть «{network}», до {until} просят подписать вместо кода из SMS. "
        "Уже поданных голосов это не касается; в других сетях всё по-прежнему.",
        en=f"Voters who come through the network “{network}” are asked for a digital signature instead of a code by SMS "
        f"until {until}. Votes already cast are not affected; on other networks nothing changes.",
    )


def lifted(network: str) -> Text:
    """The notice that a step-up ended before its time."""
    return Text(
        kk=f"«{network}» желісі арқылы келген сайлаушылар қайтадан SMS-кодпен дауыс бере алады.",
        ru=f"Избиратели, приходящие через сеть «{network}», снова могут голосовать по коду из SMS.",
        en=f"Voters who come through the network “{network}” can vote with a code by SMS again.",
    )
