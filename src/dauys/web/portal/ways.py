"""Ways to confirm who one is, as the voter's pages name them."""

from collections.abc import Sequence

from django.utils.translation import gettext, pgettext

from dauys.conduct.methods import DESK, EDS, EMAIL, SMS
from dauys.core.ids import MethodId
from dauys.identity.settings import IdentitySettings
from dauys.web.portal.national_refusals import SIGNING_HERE
from dauys.web.portal.refusals import SIGNING, Message, fitting, message
from dauys.web.portal.times import pick
from dauys.wiring import Services, office


def may_sign(services: Services) -> bool:
    """Whether voters of this election may sign."""
    return EDS in services.journal.state().manifest.methods and office().identity.signs


def told(services: Services, code: str, detail: str, *tables: dict[str, Message]) -> Message:
    """The message for a refusal, as it fits the election; a later table beats an earlier."""
    found: dict[str, Message] = {}
    for table in tables:
        found |= fitting(table, signature=may_sign(services))
    return message(found, code, detail)


def signing_refusals() -> dict[str, Message]:
    """Messages of the signing page: in the country, of its authority and its programs."""
    return SIGNING_HERE if office().identity.national_keys else SIGNING


def confirm(methods: Sequence[MethodId], identity: IdentitySettings) -> str:
    """Say how: `Confirm who you are: with a digital signature or with a code by SMS to …`."""
    found = []
    if EDS in methods and identity.signs:
        found.append(gettext("with a digital signature"))
    if any(one.method in methods for one in identity.sign_ins):
        found.append(gettext("at your organisation's own page"))
    if SMS in methods:
        found.append(gettext("with a code by SMS to the phone on the register"))
    if EMAIL in methods:
        found.append(gettext("with a code by e-mail to the address on the register"))
    if not found:
        found.append(gettext("with a one-time link of the help desk"))
    *first, last = found
    said = gettext("%(first)s or %(last)s") % {"first": ", ".join(first), "last": last}
    return gettext("Confirm who you are: %(ways)s.") % {"ways": said if first else last}


def signature_name(identity: IdentitySettings) -> str:
    """What a signature is called; in the country by the name that everybody knows too."""
    if identity.national_keys:
        return gettext("Digital signature")
    return pgettext("of any authority", "Digital signature")


def ladder(methods: Sequence[MethodId], identity: IdentitySettings, language: str) -> str:
    """Names of several methods, from the weakest; empty where there is one."""
    names = {
        DESK: gettext("one-time link of the help desk"),
        EMAIL: gettext("code by e-mail"),
        SMS: gettext("code by SMS"),
        EDS: gettext("digital signature"),
        **{one.method: pick(one.name, language) for one in identity.sign_ins},
    }
    return ", ".join(names.get(method, method) for method in methods) if len(methods) > 1 else ""
