"""What is written to voters by e-mail, in three languages."""

from typing import Final

from dauys.identity.texts import Locale

CODE_LETTER: Final[dict[Locale, str]] = {
    "kk": "{code} – дауыс беру коды. Ол {minutes} минут жарамды. Оны ешкімге айтпаңыз: біз оны ешқашан сұрамаймыз.\n\n"
    "Егер кодты сіз сұрамасаңыз, ештеңе істемеңіз: кодсыз ешкім сіздің атыңыздан дауыс бере алмайды.",
    "ru": "{code} – код для голосования. Он действует {minutes} минут. Никому его не сообщайте: мы никогда его не спрашиваем.\n\n"
    "Если код запросили не вы, ничего не делайте: без него никто не проголосует от вашего имени.",
    "en": "{code} is your voting code. It works for {minutes} minutes. Tell it to nobody: we never ask for it.\n\n"
    "If you did not ask for a code, do nothing: without it nobody can vote in your name.",
}
