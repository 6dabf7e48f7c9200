"""Addresses of the whole site."""

from allauth.account import views as account
from allauth.mfa.base import views as mfa
from allauth.mfa.recovery_codes import views as recovery
from allauth.mfa.totp import views as totp
from django.conf.urls.i18n import i18n_patterns
from django.urls import include, path

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


urlpatterns = [
    path("", include("dauys.web.api.urls")),
    path("", include("dauys.web.board.log_urls")),
    *i18n_patterns(
        path("staff/", include(STAFF_ACCOUNTS)),
        path("", include("dauys.web.console.urls")),
        path("", include("dauys.web.board.urls")),
        path("", include("dauys.web.demo.urls")),
        path("", include("dauys.web.portal.urls")),
    ),
]
