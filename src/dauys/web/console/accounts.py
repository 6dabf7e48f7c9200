"""Staff accounts: made by an administrator, never by signing up."""

import base64
import time
from collections.abc import Sequence

from allauth.account.adapter import DefaultAccountAdapter
from allauth.mfa.totp.internal.auth import TOTP, format_hotp_value, hotp_value
from django.db import transaction
from django.http import HttpRequest

from dauys.core.ports import RandomSource
from dauys.store.accounts import add_staff
from dauys.store.models import Staff
from dauys.web.visits import visit_of_request

TOTP_PERIOD_S = 30


class StaffAccounts(DefaultAccountAdapter):  # type: ignore[misc]  # allauth has no types
    """Closes the door that allauth leaves open by default."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:  # noqa: ARG002 -- its signature
        """Nobody signs up."""
        return False

    def get_client_ip(self, request: HttpRequest) -> str:
        """The address whose tries to sign in are counted: not that of a proxy all come through.

        Else ten wrong passwords of a stranger keep the whole staff out.
        """
        return visit_of_request(request).address or str(super().get_client_ip(request))


def create_staff(
    name: str, password: str, roles: Sequence[str], totp_secret: str | None = None
) -> Staff:
    """A new account holding `roles`; with `totp_secret` (base32) its second factor is set up.

    Raises RefusedError `name_taken`.
    """
    with transaction.atomic():
        add_staff(name, roles, password)
        person = Staff.objects.get(username=name)
        if totp_secret is not None:
            TOTP.activate(person, totp_secret)
    return person


def new_totp_secret(random: RandomSource) -> str:
    """160 bits in base32, as authenticator apps read them."""
    return base64.b32encode(random(20)).decode()


def totp_now(secret: str) -> str:
    """The code that an authenticator app shows now. For the demonstration and for tests."""
    return str(format_hotp_value(hotp_value(secret, int(time.time()) // TOTP_PERIOD_S)))
