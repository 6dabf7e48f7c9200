"""What the operator sets from outside, read once from environment variables.

docs/operating.md lists them. Everything has a safe default: without any, Dauys keeps its
data in `var/` under the working directory and answers on this machine only.
"""

import os
import re
import secrets
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit

from django.core.exceptions import ImproperlyConfigured

from dauys.response.channels import MailServer

OF_ONE_REQUEST = 0
"""How long a connection is kept, in seconds. Under ASGI each request has a thread of its own: what
it left open, nobody would use again, and a hundred requests would use PostgreSQL up.
"""
_TAKEN = frozenset({"cookie", "host", "user-agent", "x-forwarded-for", "x-dauys-dwell"})


def data_folder() -> Path:
    """Folder for databases, keys and published files: $DAUYS_DATA, else `var/`."""
    return Path(os.environ.get("DAUYS_DATA", "var")).resolve()


def flag(name: str) -> bool:
    """Whether the variable `name` is `1`."""
    return os.environ.get(name, "0") == "1"


def words(name: str, default: str = "") -> list[str]:
    """The variable `name` as a list, split at commas."""
    return [word.strip() for word in os.environ.get(name, default).split(",") if word.strip()]


def header(name: str) -> str:
    """The variable `name` as the name of a header, in small letters; empty if it is not set.

    Raises ImproperlyConfigured for what is none, or one that says something else already.
    """
    text = os.environ.get(name, "").lower()
    if text and (not re.fullmatch(r"[a-z0-9-]{1,60}", text) or text in _TAKEN):
        raise ImproperlyConfigured(f"{name} must be the name of a header, like X-JA4")
    return text


def days(name: str, default: int) -> int:
    """The variable `name` as a number of days from 0. Raises ImproperlyConfigured."""
    text = os.environ.get(name, str(default))
    if not (text.isascii() and text.isdigit() and len(text) < 6):
        raise ImproperlyConfigured(f"{name} must be a number of days, like {default}")
    return int(text)


def secret(name: str) -> bytes:
    """A secret: the variable `name`, or the content of the file that `name`_FILE names.

    Raises ImproperlyConfigured when there is neither, or it is shorter than 16 characters.
    """
    text = os.environ.get(name, "")
    file = os.environ.get(f"{name}_FILE", "")
    if not text and file:
        text = Path(file).read_text(encoding="utf-8").strip()
    if len(text) < 16:
        raise ImproperlyConfigured(f"{name} or {name}_FILE must give 16 characters or more")
    return text.encode()


def mail_server(name: str) -> MailServer | None:
    """The server at $`name`, like `smtps://user@mail.example:465`; None when it is not set.

    `smtps` is TLS from the start, `smtp` is STARTTLS, `smtp+plain` neither (for a relay on this
    machine). The password is `name`_PASSWORD or in the file `name`_PASSWORD_FILE. Raises
    ImproperlyConfigured for other addresses.
    """
    address = os.environ.get(name)
    if not address:
        return None
    parts = urlsplit(address)
    security = {"smtps": "tls", "smtp": "starttls", "smtp+plain": "none"}.get(parts.scheme)
    if security is None or not parts.hostname or parts.password:
        raise ImproperlyConfigured(f"{name} must be smtps://user@host:port, without a password")
    user = unquote(parts.username or "")
    password = secret(f"{name}_PASSWORD").decode() if user else ""
    port = parts.port or {"tls": 465, "starttls": 587, "none": 25}[security]
    return MailServer(parts.hostname, port, security, user, password)


def secret_key(folder: Path) -> str:
    """Django's secret key: $DAUYS_SECRET_KEY, else kept in `folder`, readable by its owner only."""
    given = os.environ.get("DAUYS_SECRET_KEY")
    if given:
        return given
    file = folder / "secret-key"
    folder.mkdir(parents=True, exist_ok=True)
    try:
        descriptor = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        return file.read_text().strip()
    with os.fdopen(descriptor, "w") as stream:
        key = secrets.token_urlsafe(50)
        stream.write(key)
    return key


def database(variable: str, default: Path, patience_s: int = 20) -> dict[str, Any]:
    """Django's settings of the database at $`variable`, a `postgresql://` or `sqlite:///` address.

    `patience_s` is how long a writer waits for another's lock before it fails. Raises
    ImproperlyConfigured for other addresses.
    """
    address = os.environ.get(variable)
    if not address:
        return sqlite(default, patience_s)
    parts = urlsplit(address)
    if parts.scheme == "sqlite":
        return sqlite(Path(unquote(parts.path)), patience_s)
    if parts.scheme not in {"postgres", "postgresql"}:
        raise ImproperlyConfigured(f"{variable} must begin with postgresql:// or sqlite:///")
    options = dict(parse_qsl(parts.query))
    options.setdefault("options", f"-c lock_timeout={patience_s}s")
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": unquote(parts.path.lstrip("/")),
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": options.pop("host", parts.hostname or ""),
        "PORT": str(parts.port or ""),
        "CONN_MAX_AGE": OF_ONE_REQUEST,
        "OPTIONS": options,
    }


def sqlite_sync() -> str:
    """`FULL`; `OFF` where $DAUYS_SQLITE_SYNC says so, which is for simulations only.

    Raises ImproperlyConfigured for any other value.
    """
    found = {"full": "FULL", "off": "OFF"}.get(os.environ.get("DAUYS_SQLITE_SYNC", "full"))
    if found is None:
        raise ImproperlyConfigured("DAUYS_SQLITE_SYNC must be full, or off in a simulation")
    return found


def sqlite(file: Path, patience_s: int) -> dict[str, Any]:
    """SQLite that survives a power cut: write-ahead log, synchronous FULL, one writer at a time."""
    file.parent.mkdir(parents=True, exist_ok=True)
    return {
        "ENGINE": "django.db.backends.sqlite3",
        "NAME": str(file),
        "CONN_MAX_AGE": OF_ONE_REQUEST,
        "OPTIONS": {
            "timeout": patience_s,
            "transaction_mode": "IMMEDIATE",
            "init_command": f"PRAGMA journal_mode=WAL; PRAGMA synchronous={sqlite_sync()};",
        },
    }
