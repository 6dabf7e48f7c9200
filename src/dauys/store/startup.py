"""Starts Django for the command line: where the data lies, and the tables in it."""

import os
from pathlib import Path

import django


def start(data: Path | None = None, *, demo: bool = False) -> None:
    """Set Django up, once, with its data in `data` (else $DAUYS_DATA, else `var/`)."""
    if data is not None:
        os.environ["DAUYS_DATA"] = str(data.resolve())
    if demo:
        os.environ["DAUYS_DEMO"] = "1"
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "dauys.web.settings")
    django.setup()


def has_tables() -> bool:
    """Whether the election's database holds anything yet."""
    from django.db import connections  # noqa: PLC0415 -- after `start`

    return bool(connections["default"].introspection.table_names())


def make_tables() -> None:
    """Bring both databases to the newest form. May be repeated."""
    from django.conf import settings  # noqa: PLC0415 -- after `start`
    from django.core.management import call_command  # noqa: PLC0415 -- after `start`

    settings.STATIC_ROOT.mkdir(parents=True, exist_ok=True)  # WhiteNoise wants it there
    for alias in ("default", "signals"):
        call_command("migrate", database=alias, verbosity=0, interactive=False)


def collect_static_files() -> None:
    """Lay the pages' files out in the data folder, each with a compressed copy beside it."""
    from django.core.management import call_command  # noqa: PLC0415 -- after `start`

    call_command("collectstatic", verbosity=0, interactive=False, clear=True)
