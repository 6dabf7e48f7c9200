"""What went wrong with keys of the country's authority and the programs that sign with them."""

from typing import Final

from django.utils.translation import gettext_lazy as _

from dauys.web.portal.refusals import OTHER_KEY, SIGN_AGAIN, SIGNING, Message

_NEW_KEY = _(
    "Get a new key, free of charge: on egov.kz, in the eGov Mobile app, or at a public service"
    " centre with your identity card. Or use another key."
)
_OUT_OF_DATE = Message(
    _("The certificate is out of date."),
    _("A signature made with it does not count."),
    _NEW_KEY,
)
_NOT_TRUSTED = Message(
    _("This certificate is not accepted."),
    _("It was not issued by the National Certification Authority, or has been revoked."),
    OTHER_KEY,
)
_WRONG_KIND = Message(
    _("This key is not for signing."),
    _("Keys named AUTH are for logging in; signing keys are named RSA or GOST."),
    _("Choose the signing key."),
)

SIGNING_HERE: Final = {
    **SIGNING,
    "not_for_signing": _WRONG_KIND,
    "wrong_key": _WRONG_KIND,
    "expired": _OUT_OF_DATE,
    "expired_key": _OUT_OF_DATE,
    "not_yet_valid": _OUT_OF_DATE,
    "untrusted": _NOT_TRUSTED,
    "revoked": _NOT_TRUSTED,
    "old_gost": Message(
        _("This key is of an old kind."),
        _("Keys by GOST 34.310-2004 are no longer accepted."),
        _NEW_KEY,
    ),
    "weak_hash": Message(
        _("This key is of an old kind."),
        _("It signs with an old hash (SHA-1), which is no longer safe."),
        _NEW_KEY,
    ),
    "unknown_algorithm": Message(
        _("This certificate is not accepted."),
        _("The National Certification Authority does not issue keys of this kind."),
        OTHER_KEY,
    ),
    "revocation_unknown": Message(
        _("The certificate could not be checked just now."),
        _("The National Certification Authority does not answer."),
        _("Try again in a few minutes."),
    ),
    "wrong_role": Message(
        _("This key may not vote for the organisation."),
        _("For an organisation its first head votes, or whom the rules of this election add."),
        _("Sign with the key of the first head."),
    ),
    "not_running": Message(
        _("NCALayer does not answer."),
        _("It is not running on this computer, or not installed."),
        _(
            "Start NCALayer (its icon appears near the clock) and press the button again. If it is"
            " not installed, get it at ncl.pki.gov.kz, or sign with eGov Mobile."
        ),
    ),
    "not_allowed": Message(
        _("The browser does not let this page reach NCALayer."),
        _("Access to programs on this computer was refused when the browser asked."),
        _(
            "Press the icon to the left of the page's address, allow access to the local network,"
            " and press the button again. Or sign with eGov Mobile."
        ),
    ),
    "wrong_token": Message(
        _("This code works no longer."),
        _("What you sign is good once, for ten minutes."),
        SIGN_AGAIN,
    ),
}

TAKEN: Final = _("Your signature was taken. Go back to the page that waits.")
"""What a signing app shows in the end."""
