"""How pages speak of members' numbers and phones, in three languages."""

from types import MappingProxyType
from typing import Final

from dauys.core.forms import Text
from dauys.identity.numbering import Fault, NumberWords
from dauys.identity.phones import PhoneWords

_FORM: Final = Fault(
    Text(
        kk="Нөмір басқаша жазылады.",
        ru="Номер пишется иначе.",
        en="The number is written differently.",
    ),
    Text(
        kk="Ұйымның нөмірлері мұндай болмайды: әріп не цифр артық, кем немесе басқа.",
        ru="Таких номеров в организации нет: знаков больше, меньше или они другие.",
        en="The organisation has no such numbers: there are more, fewer or other characters.",
    ),
    Text(
        kk="Мүшелік билетіңізбен әріптеп салыстырыңыз.",
        ru="Сверьте его с членским билетом знак за знаком.",
        en="Compare it with your membership card, character by character.",
    ),
)
NUMBERS: Final = NumberWords(
    name=Text(kk="Мүше нөмірі", ru="Номер участника", en="Membership number"),
    label=Text(kk="Мүшелік нөміріңіз", ru="Ваш номер участника", en="Your membership number"),
    hint=Text(
        kk="Мүшелік билетіңізде жазылғандай.",
        ru="Как он написан в вашем членском билете.",
        en="As it is written on your membership card.",
    ),
    first_step=Text(
        kk="Мүшелік нөміріңізді жазыңыз.",
        ru="Напишите свой номер участника.",
        en="Write your membership number.",
    ),
    voted=MappingProxyType(
        {
            "person": Text(
                kk="Осы нөмір бойынша дауыс берілген",
                ru="По этому номеру уже проголосовали",
                en="This number has already voted",
            ),
        }
    ),
    if_registered=Text(
        kk="Осы нөмір сайлаушылар тізімінде болса, 6 цифрлық код мына мекенжайға келеді:",
        ru="Если этот номер есть в списке избирателей, сообщение с 6 цифрами придёт на",
        en="If this number is on the register, a message with 6 digits goes to",
    ),
    done=Text(
        kk="Бұл – осында сіздің нөміріңіз бойынша жасалғанның бәрі. Бірдеңені сіз жасамасаңыз, бюллетеньді қайтарып алыңыз және анықтама желісіне қоңырау шалыңыз.",
        ru="Это всё, что здесь делали по вашему номеру. Если что-то делали не вы, верните бюллетень и позвоните в справочную.",
        en="This is all that was done here under your number. If something was not you, take the ballot back, and call the help line.",
    ),
    nothing_done=Text(
        kk="Нөміріңіз бойынша ештеңе жасалған жоқ.",
        ru="По вашему номеру ничего не делали.",
        en="Nothing was done under your number.",
    ),
    not_one=Text(
        kk="Ұйымның нөмірлері мұндай болмайды. Нөмірді қайта сұраңыз.",
        ru="Таких номеров в организации нет. Спросите номер ещё раз.",
        en="The organisation has no such numbers. Ask for the number again.",
    ),
    faults=MappingProxyType({"not_the_form": _FORM}),
    rows=MappingProxyType(
        {
            "not_the_form": Text(
                kk="нөмірдің түрі ұйымдастырушы көрсеткендей емес",
                ru="номер не того вида, который указал организатор",
                en="the number is not of the form that the organiser described",
            ),
        }
    ),
)

_NO_PHONE: Final = Text(
    kk="Мұндай телефон нөмірі жоқ.",
    ru="Такого телефонного номера не бывает.",
    en="There can be no such telephone number.",
)
_FIXED: Final = Text(
    kk="Бұл – тұрақты телефон: оған SMS келмейді.",
    ru="Это стационарный телефон: на него не придёт SMS.",
    en="This is a fixed line: it receives no SMS.",
)
PHONES: Final = PhoneWords(
    hint=Text(
        kk="Ұялы нөмір, алдында + пен елдің коды, мысалы +44 7400 123456",
        ru="Мобильный номер с + и кодом страны, например +44 7400 123456",
        en="Mobile number with + and the code of the country, for example +44 7400 123456",
    ),
    write=Text(
        kk="Ұялы нөмірді + белгісінен және ел кодынан бастап жазыңыз.",
        ru="Напишите мобильный номер, начиная с + и кода страны.",
        en="Write a mobile number that begins with + and the code of the country.",
    ),
    faults=MappingProxyType({"no_such_phone": _NO_PHONE, "fixed_line": _FIXED}),
    rows=MappingProxyType({"no_such_phone": _NO_PHONE, "fixed_line": _FIXED}),
)
