"""Who may call a view. Every view says so; a test walks all addresses to see that."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from allauth.mfa.utils import is_mfa_enabled
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect

View = Callable[..., HttpResponse]

ANYONE = frozenset({"anyone"})
VOTER = frozenset({"voter"})
SIGNED_IN = frozenset({"signed-in"})

ACCESS = "dauys_access"
"""Attribute of a view that names who may call it."""

OTHERS: dict[str, frozenset[str]] = {
    "account_login": ANYONE,
    "account_logout": SIGNED_IN,
    "account_reauthenticate": SIGNED_IN,
    "account_change_password": SIGNED_IN,
    "mfa_authenticate": ANYONE,
    "mfa_reauthenticate": SIGNED_IN,
    "mfa_activate_totp": SIGNED_IN,
    "mfa_index": SIGNED_IN,
    "mfa_generate_recovery_codes": SIGNED_IN,
    "mfa_view_recovery_codes": SIGNED_IN,
    "mfa_download_recovery_codes": SIGNED_IN,
}
"""Views of libraries, by the name of their address. Those of allauth check by themselves."""


def anyone(view: View) -> View:
    """Declare a view that the whole world may call."""
    setattr(view, ACCESS, ANYONE)
    return view


def voter(view: View) -> View:
    """Declare a view that looks for an identified voter itself (see portal/sessions.py)."""
    setattr(view, ACCESS, VOTER)
    return view


def staff(*roles: str) -> Callable[[View], View]:
    """Declare a view for people who hold one of `roles` and signed in with a second factor."""

    def declare(view: View) -> View:
        @wraps(view)
        def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:  # noqa: ANN401 -- address parts
            user = request.user
            if not user.is_authenticated:
                return redirect_to_login(request.get_full_path())
            if not is_mfa_enabled(user):
                return redirect("mfa_activate_totp")
            if not user.has_role(*roles):
                raise PermissionDenied
            return view(request, *args, **kwargs)

        setattr(guarded, ACCESS, frozenset(roles))
        return guarded

    return declare
