"""What the console says of a key ceremony: stages, refusals, whose message is wrong and why."""

from typing import Final

from django.utils.translation import gettext
from django.utils.translation import gettext_noop as _

from dauys.conduct.ceremony import Plan, Stage
from dauys.crypto.ceremony_messages import Fault, MemberError

STAGES: Final = {
    Stage.CERTIFICATE: _("Certificate"),
    Stage.POLYNOMIAL: _("Part of the key"),
    Stage.VOUTPUT: _("Confirmation"),
}

REFUSED: Final[dict[str, tuple[str, str, str]]] = {
    "bad_group": (
        _("These people do not make a group."),
        _(
            "A group has 3 to 20 members with different names; at least 2 are needed to count, "
            "and fewer than all."
        ),
        _("Change the members or the number."),
    ),
    "no_such_place": (
        _("The group has no member with this number."),
        _("The file may be of another ceremony."),
        _("Check that you chose the right file, and try again."),
    ),
    "out_of_turn": (
        _("It is not the turn of this message."),
        _("The messages before it are not all there."),
        _("Wait for the others; the table shows who they are."),
    ),
    "already_sent": (
        _("Another message of this member is there already, and was kept."),
        _("Two different ones would mean two different keys."),
        _("If yours is the right one, ask the organiser to begin the ceremony anew."),
    ),
}

_WHY: Final = {
    Fault.DAMAGED: _("it is damaged, or not a message of a key ceremony"),
    Fault.PLACE: _("it is for another member or another group"),
    Fault.TWICE: _("another member has the same key"),
    Fault.STRANGER: _("it is not signed by this member, or is of another ceremony"),
    Fault.OTHER_CERTIFICATES: _("it was made for other certificates, or another ceremony"),
    Fault.SIZE: _("it is for a group of another size"),
    Fault.SHARE: _("a share in it does not fit"),
    Fault.KEY: _("it does not fit the parts of the key, or is of another ceremony"),
    Fault.NAME: _("it bears another name than the list of members"),
}


def member_fault(error: MemberError, stage: Stage, plan: Plan) -> str:
    """Whose message was not taken, why, and what to do."""
    name = plan.members[error.member - 1]
    return "\n".join(
        (
            gettext("Not taken: %(stage)s of member %(number)s, %(name)s: %(why)s.")
            % {
                "stage": gettext(STAGES[stage]).lower(),
                "number": error.member,
                "name": name,
                "why": gettext(_WHY[error.fault]),
            },
            gettext("Nothing was kept. Ask this member for the right file."),
        )
    )
