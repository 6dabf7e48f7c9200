"""SQLite's databases with their tables made, to be copied: making them takes two seconds."""

import os
import shutil
import subprocess
import sys
import tempfile
from functools import cache
from pathlib import Path

FILES = ("dauys.sqlite3", "signals.sqlite3")
"""What they are called where nobody says otherwise."""


def lay_out(folder: Path) -> None:
    """Put databases without rows into `folder`."""
    for name in FILES:
        shutil.copyfile(Path(_laid_out().name, name), folder / name)


@cache
def _laid_out() -> "tempfile.TemporaryDirectory[str]":
    """A folder with databases as a new installation has them."""
    folder = tempfile.TemporaryDirectory(prefix="dauys-tables-")
    code = "from dauys.store.startup import make_tables, start; start(); make_tables()"
    settings = {"DAUYS_DATA": folder.name, "DATABASE_URL": "", "DAUYS_SIGNALS_URL": ""}
    subprocess.run([sys.executable, "-c", code], env={**os.environ, **settings}, check=True)
    return folder
