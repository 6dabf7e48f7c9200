"""Addresses of the whole site."""

from importlib.util import find_spec

from allauth.account import views as account
from allauth.mfa.base import views as mfa
from allauth.mfa.recovery_codes import views as recovery
from allauth.mfa.totp import views as totp
from django.conf.urls.i18n import i18n_patterns
from django.urls import URLPattern, URLResolver, include, path

STAFF_ACCOUNTS = [
    path("login/", account.login, name="account_login"),
    path("logout/", account.logout, name="account_logout"),
    path("password/", account.password_change, name="account_change_password"),
    path("again/", account.reauthenticate, name="account_reauthenticate"),
    path("second-factor/", mfa.index, name="mfa_index"),
    path("second-factor/check/", mfa.authenticate, name="mfa_authenticate"),
    path("second-factor/again/", mfa.reauthenticate, name="mfa_reauthenticate"),
    path("second-factor/app/", totp.activate_totp, name="mfa_activate_totp"),
    path("second-factor/codes/", recovery.view_recovery_codes, name="mfa_view_recovery_codes"),
    path(
        "second-factor/codes/new/",
        recovery.generate_recovery_codes,
        name="mfa_generate_recovery_codes",
    ),
    path(
        "second-factor/codes/file/",
        recovery.download_recovery_codes,
        name="mfa_download_recovery_codes",
    ),
]


def _area(name: str) -> list[URLPattern | URLResolver]:
    """Addresses of an area of the site, while it is being built."""
    module = f"dauys.web.{name}_urls" if "." in name else f"dauys.web.{name}.urls"
    return [path("", include(module))] if find_spec(module) else []


urlpatterns = [
    *_area("api"),
    *_area("board.log"),
    *i18n_patterns(
        path("staff/", include(STAFF_ACCOUNTS)),
        *_area("console"),
        *_area("board"),
        *_area("demo"),
        *_area("portal"),
    ),
]
