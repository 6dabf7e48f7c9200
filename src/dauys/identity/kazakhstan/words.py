"""How pages speak of IIN and BIN, and of phones."""

from types import MappingProxyType
from typing import Final

from dauys.core.forms import Text
from dauys.identity.numbering import Fault, NumberWords, Typing
from dauys.identity.phones import PhoneWords

_SLIP: Final = Fault(
    Text(
        kk="ЖСН немесе БСН қате жазылған.",
        ru="В ИИН или БИН опечатка.",
        en="There is a slip in the IIN or BIN.",
    ),
    Text(
        kk="Мұндай нөмір болмайды: цифрлары бір-біріне сәйкес емес.",
        ru="Такого номера не бывает: цифры не сходятся между собой.",
        en="No such number is issued: its digits do not fit together.",
    ),
    Text(
        kk="Құжатпен цифрлап салыстырыңыз.",
        ru="Сверьте его с документом цифра за цифрой.",
        en="Compare it with your document, digit by digit.",
    ),
)
_ROWS: Final = MappingProxyType(
    {
        "not_twelve_digits": Text(
            kk="ЖСН/БСН 12 цифрдан тұруы керек",
            ru="в ИИН/БИН должно быть 12 цифр",
            en="an IIN or BIN has 12 digits",
        ),
        "bad_check_digit": Text(
            kk="бақылау цифры сәйкес емес: нөмірде қате бар",
            ru="контрольная цифра не сходится: в номере ошибка",
            en="the check digit is wrong: the number is mistyped",
        ),
        "bad_date": Text(
            kk="нөмірдегі күн жоқ күн",
            ru="в номере несуществующая дата",
            en="the number begins with a date that does not exist",
        ),
        "category_needs_person": Text(
            kk="бұл санатқа жеке тұлғаның ЖСН керек",
            ru="для этой категории нужен ИИН физического лица",
            en="this category needs a person's IIN",
        ),
        "category_needs_organisation": Text(
            kk="бұл санатқа ұйымның БСН керек",
            ru="для этой категории нужен БИН организации",
            en="this category needs an organisation's BIN",
        ),
    }
)
WORDS: Final = NumberWords(
    name=Text(
        kk="ЖСН немесе БСН",
        ru="ИИН или БИН",
        en="IIN or BIN",
    ),
    label=Text(
        kk="ЖСН немесе БСН",
        ru="Ваш ИИН или БИН",
        en="Your IIN or BIN",
    ),
    hint=Text(
        kk="12 цифр. Адамның немесе жеке кәсіпкердің ЖСН-ы не өзіңіз басқаратын ұйымның БСН-ы.",
        ru="12 цифр. ИИН человека или ИП либо БИН организации, которой вы руководите.",
        en="12 digits. The IIN of a person or sole entrepreneur, or the BIN of the organisation you head.",
    ),
    first_step=Text(
        kk="ЖСН-ыңызды немесе өзіңіз басқаратын ұйымның БСН-ын жазыңыз.",
        ru="Напишите свой ИИН или БИН организации, которой руководите.",
        en="Write your IIN, or the BIN of the organisation you head.",
    ),
    voted=MappingProxyType(
        {
            "person": Text(
                kk="Осы ЖСН бойынша дауыс берілген",
                ru="Этот ИИН уже проголосовал",
                en="This IIN has already voted",
            ),
            "organisation": Text(
                kk="Осы БСН бойынша дауыс берілген",
                ru="Этот БИН уже проголосовал",
                en="This BIN has already voted",
            ),
        }
    ),
    if_registered=Text(
        kk="Осы ЖСН немесе БСН сайлаушылар тізімінде болса, 6 цифрлық код мына нөмірге келеді:",
        ru="Если этот ИИН или БИН есть в списке избирателей, сообщение с 6 цифрами придёт на",
        en="If this IIN or BIN is on the register, a message with 6 digits goes to",
    ),
    done=Text(
        kk="Бұл – осында сіздің ЖСН немесе БСН бойынша жасалғанның бәрі. Бірдеңені сіз жасамасаңыз, бюллетеньді қайтарып алыңыз және анықтама желісіне қоңырау шалыңыз.",
        ru="Это всё, что здесь делали по вашему ИИН или БИН. Если что-то делали не вы, верните бюллетень и позвоните в справочную.",
        en="This is all that was done here under your IIN or BIN. If something was not you, take the ballot back, and call the help line.",
    ),
    nothing_done=Text(
        kk="ЖСН немесе БСН бойынша ештеңе жасалған жоқ.",
        ru="По вашему ИИН или БИН ничего не делали.",
        en="Nothing was done under your IIN or BIN.",
    ),
    not_one=Text(
        kk="Бұл ЖСН да, БСН да емес: онда 12 цифр болады. Нөмірді қайта сұраңыз.",
        ru="Это не ИИН и не БИН: в нём 12 цифр. Спросите номер ещё раз.",
        en="This is not an IIN or BIN: it has 12 digits. Ask for the number again.",
    ),
    faults=MappingProxyType(
        {
            "not_twelve_digits": Fault(
                Text(
                    kk="ЖСН немесе БСН 12 цифрдан тұрады.",
                    ru="В ИИН или БИН 12 цифр.",
                    en="The IIN or BIN has 12 digits.",
                ),
                Text(
                    kk="Жазылғаны қысқа, ұзын немесе ішінде басқа таңбалар бар.",
                    ru="Написано меньше, больше или есть другие знаки.",
                    en="What is written is shorter, longer, or has other characters in it.",
                ),
                Text(
                    kk="Жеке куәліктегі немесе тіркеу құжатындағы 12 цифрды жазыңыз.",
                    ru="Напишите 12 цифр с удостоверения личности или справки о регистрации.",
                    en="Write the 12 digits from your identity card or registration document.",
                ),
            ),
            **dict.fromkeys(
                ("bad_check_digit", "bad_date", "not_a_person", "not_an_organisation"), _SLIP
            ),
            "no_number": Fault(
                Text(
                    kk="Сертификатта ЖСН немесе БСН жоқ.",
                    ru="В сертификате нет ИИН или БИН.",
                    en="There is no IIN or BIN in the certificate.",
                ),
                Text(
                    kk="Онсыз сізді сайлаушылар тізімінен табу мүмкін емес.",
                    ru="Без него вас не найти в списке избирателей.",
                    en="Without it nobody can tell who you are on the register.",
                ),
                Text(
                    kk="Басқа кілтті таңдаңыз немесе мүмкін болса, SMS-кодпен дауыс беріңіз.",
                    ru="Выберите другой ключ или голосуйте кодом из SMS, если он предлагается.",
                    en="Choose another key, or vote by SMS code if that is offered.",
                ),
            ),
            "not_registered": Fault(
                Text(
                    kk="Сіз осы сайлаудың сайлаушылар тізімінде жоқсыз.",
                    ru="Вас нет в списке избирателей этих выборов.",
                    en="You are not on the register of this election.",
                ),
                Text(
                    kk="Қолтаңба дұрыс, бірақ ондағы ЖСН немесе БСН сайлаушылар тізімінде жоқ.",
                    ru="Подпись верна, но её ИИН или БИН нет в списке избирателей.",
                    en="The signature holds, but its IIN or BIN is not on the register of voters.",
                ),
                Text(
                    kk="Ұйым атынан дауыс берсеңіз, ұйымның кілтімен қол қойыңыз. Тізімге енбей қалдым десеңіз, анықтама телефонына хабарласыңыз.",
                    ru="Если вы голосуете за организацию, подпишите её ключом. Если вас пропустили, позвоните в справочную.",
                    en="If you vote for an organisation, sign with its key. If you think you were left out, call the help line.",
                ),
            ),
        }
    ),
    typing=Typing(
        count=Text(
            kk="Цифрлар: {n} / 12",
            ru="Цифр: {n} из 12",
            en="Digits: {n} of 12",
        ),
        good=Text(
            kk="Нөмір дұрыс жазылған",
            ru="Номер записан верно",
            en="The number is well formed",
        ),
        slip=_SLIP.title,
    ),
    rows=_ROWS,
)

PHONE_WORDS: Final = PhoneWords(
    hint=Text(
        kk="Қазақстандық ұялы нөмір, мысалы +7 701 234 56 78",
        ru="Мобильный номер Казахстана, например +7 701 234 56 78",
        en="Mobile number in Kazakhstan, for example +7 701 234 56 78",
    ),
    write=Text(
        kk="Қазақстандық ұялы нөмірді жазыңыз: +7 және он цифр.",
        ru="Напишите мобильный номер Казахстана: +7 и десять цифр.",
        en="Write a mobile number in Kazakhstan: +7 and ten digits.",
    ),
    faults=MappingProxyType(
        {
            "not_kazakhstan": Text(
                kk="Бұл – басқа елдің нөмірі.",
                ru="Это номер другой страны.",
                en="This number is of another country.",
            ),
            "not_mobile": Text(
                kk="Бұл ұялы нөмір емес.",
                ru="Это не мобильный номер.",
                en="This is not a mobile number.",
            ),
        }
    ),
    rows=MappingProxyType(
        {
            "not_kazakhstan": Text(
                kk="бұл Қазақстан нөмірі емес",
                ru="это не номер Казахстана",
                en="this is not a number of Kazakhstan",
            ),
            "not_mobile": Text(
                kk="бұл ұялы телефон емес: оған SMS келмейді",
                ru="это не мобильный номер: на него не придёт SMS",
                en="this is not a mobile number: it receives no SMS",
            ),
        }
    ),
)
