"""Django's settings. What an operator changes comes from `environment.py`."""

import os
from pathlib import Path

from django.core.exceptions import ImproperlyConfigured

from dauys.web import environment

DATA = environment.data_folder()
DEMO = environment.flag("DAUYS_DEMO")
"""Shows text messages on a page and offers a demonstration signer. Never in production."""

SECRET_KEY = environment.secret_key(DATA)
DEBUG = False
ALLOWED_HOSTS = environment.words("DAUYS_HOSTS", "127.0.0.1,localhost")
TRUSTED_PROXIES = environment.words("DAUYS_TRUSTED_PROXIES")
"""Networks whose X-Forwarded-For is believed; empty: nobody's."""
TLS_HEADER = environment.header("DAUYS_TLS_HEADER")
"""Header in which a trusted proxy says how the TLS handshake looked (JA4); empty: none does."""
REVOCATION = os.environ.get("DAUYS_REVOCATION", "not_asked")
REVOCATION_HOSTS = environment.words("DAUYS_REVOCATION_HOSTS")
"""Whether, and whom, to ask if a voter's certificate was revoked (docs/operating.md)."""
SIGNALS_WHOLE_DAYS = environment.days("DAUYS_SIGNALS_WHOLE_DAYS", 30)
SIGNALS_PSEUDONYMOUS_DAYS = environment.days("DAUYS_SIGNALS_PSEUDONYMOUS_DAYS", 365)
SIGNALS_HELD = environment.words("DAUYS_SIGNALS_HELD")
"""How long signals are kept (docs/privacy.md); short names of elections whose signals stay."""
MAIL_SERVER = environment.mail_server("DAUYS_MAIL")
MAIL_SENDER = os.environ.get("DAUYS_MAIL_SENDER", "")
ALERT_EMAILS = environment.words("DAUYS_ALERT_EMAILS")
ALERT_WEBHOOK = os.environ.get("DAUYS_ALERT_WEBHOOK", "")
ALERT_SECRET = environment.secret("DAUYS_ALERT_SECRET") if ALERT_WEBHOOK else b""
"""Where staff are alerted beside the console (docs/operating.md)."""
ORGANISATION_ROLES = environment.words("DAUYS_ORGANISATION_ROLES", "first_head")
CERTIFICATE_NUMBERS = os.environ.get("DAUYS_CERTIFICATE_NUMBERS", "strict")
"""Who may vote for an organisation, and which numbers in certificates are taken."""
IDENTITY = Path(os.environ.get("DAUYS_IDENTITY", DATA / "identity.toml")).resolve()
"""Identity providers of the organisation (docs/operating.md)."""
MESSAGES = Path(os.environ.get("DAUYS_MESSAGES", DATA / "messages.toml")).resolve()
"""The operator's file of gateways and limits (docs/operating.md, "SMS")."""
HTTPS = environment.flag("DAUYS_HTTPS")
PUBLIC_URL = ("https" if HTTPS else "http") + "://" + ALLOWED_HOSTS[0]

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "dauys.store",
    "dauys.store.signals",
    "dauys.web",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "django.middleware.gzip.GZipMiddleware",
    "dauys.web.security.SecurityHeaders",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "allauth.account.middleware.AccountMiddleware",
]

ROOT_URLCONF = "dauys.web.urls"
ASGI_APPLICATION = "dauys.web.asgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        # Before those of allauth, whose pages are dressed here.
        "DIRS": [Path(__file__).parent / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "dauys.web.context.page",
            ]
        },
    }
]

# One database for the election, another for the signals: the latter is deleted on schedule.
DATABASES = {
    "default": environment.database("DATABASE_URL", DATA / "dauys.sqlite3"),
    "signals": environment.database("DAUYS_SIGNALS_URL", DATA / "signals.sqlite3", patience_s=1),
}
if DATABASES["default"]["NAME"] == DATABASES["signals"]["NAME"] and (
    DATABASES["default"].get("HOST") == DATABASES["signals"].get("HOST")
):
    raise ImproperlyConfigured("DAUYS_SIGNALS_URL must name another database than DATABASE_URL")
DATABASE_ROUTERS = ["dauys.store.router.SignalsApart"]
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

AUTH_USER_MODEL = "store.Staff"
AUTHENTICATION_BACKENDS = ["django.contrib.auth.backends.ModelBackend"]
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.ScryptPasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
AUTH_PASSWORD_VALIDATORS = [
    {
        "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
        "OPTIONS": {"min_length": 12},
    },
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
]
ACCOUNT_ADAPTER = "dauys.web.console.accounts.StaffAccounts"
ACCOUNT_LOGIN_METHODS = {"username"}
ACCOUNT_SIGNUP_FIELDS = ["username*", "password1*"]
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_SESSION_REMEMBER = False
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "console:home"
ACCOUNT_LOGOUT_REDIRECT_URL = "account_login"
MFA_SUPPORTED_TYPES = ["totp", "recovery_codes"]
MFA_TOTP_ISSUER = "Dauys"
MFA_TOTP_TOLERANCE = 1

SESSION_COOKIE_NAME = "dauys_session"
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_SECURE = HTTPS
SESSION_COOKIE_AGE = 8 * 60 * 60
SESSION_EXPIRE_AT_BROWSER_CLOSE = True
CSRF_COOKIE_NAME = "dauys_csrf"
CSRF_COOKIE_HTTPONLY = False
CSRF_COOKIE_SAMESITE = "Strict"
CSRF_COOKIE_SECURE = HTTPS
SECURE_SSL_REDIRECT = False
SECURE_HSTS_SECONDS = 31_536_000 if HTTPS else 0
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
DATA_UPLOAD_MAX_MEMORY_SIZE = 256 * 1024
FILE_UPLOAD_MAX_MEMORY_SIZE = 8 * 1024 * 1024

LANGUAGE_CODE = "ru"
LANGUAGES = [("kk", "Қазақша"), ("ru", "Русский"), ("en", "English")]
LOCALE_PATHS = [
    Path(__file__).parent / part / "locale" for part in (".", "portal", "board", "console")
]
LANGUAGE_COOKIE_NAME = "dauys_language"
USE_I18N = True
FORMAT_MODULE_PATH = "dauys.web.formats"
USE_TZ = True
TIME_ZONE = "UTC"

STATIC_URL = "/static/"
STATIC_ROOT = DATA / "static"
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedStaticFilesStorage"},
}
# `dauys serve` collects and compresses; other servers take the files where they are.
WHITENOISE_USE_FINDERS = not (STATIC_ROOT / "look").is_dir()
WHITENOISE_AUTOREFRESH = False
WHITENOISE_KEEP_ONLY_HASHED_FILES = False

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "%(asctime)s %(levelname)s %(name)s %(message)s"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["console"], "level": "WARNING"},
    "loggers": {"dauys": {"level": "INFO"}},
}
