"""What the monitor cannot see, to be shown beside what it found."""

from dauys.core.forms import Text

BLIND_SPOTS = (
    Text(
        kk="Әр дауысты бөлек телефоннан, адам жылдамдығымен, бірнеше аптаға созып беретін "
        "шағын топ бұл жерде із қалдырмайды. Одан тек тізімдегі телефондар мен цифрлық "
        "қолтаңбалар қорғайды.",
        ru="Небольшая группа, которая неделями голосует с разных телефонов и со скоростью "
        "человека, здесь не оставляет следа. От неё защищают только телефоны из списка и "
        "цифровые подписи.",
        en="A small group that votes from different phones, at a human pace, over weeks, "
        "leaves no trace here. Only phones bound to the register and digital signatures "
        "protect from it.",
    ),
    Text(
        kk="Әр дауысқа басқа мекенжай мен басқа құрылғы алатын бағдарлама топ болып көрінбейді.",
        ru="Программа, которая для каждого голоса берёт новый адрес и новое устройство, не "
        "выглядит группой.",
        en="A program that takes a new address and a new device for every vote does not look "
        "like a group.",
    ),
    Text(
        kk="Монитор дауыстың қалай келгенін ғана көреді: кімге берілгенін ол білмейді.",
        ru="Монитор видит только, как пришёл голос: за кого он отдан, ему неизвестно.",
        en="The monitor sees only how a vote came: for whom it was, it does not know.",
    ),
)
