"""The published files that commands are given, and what to say when there are none."""

from pathlib import Path
from typing import Annotated, NoReturn

import typer

UNREADABLE = 2
"""Exit status: there is nothing to check, or it could not be checked."""

PublishedFolder = Annotated[
    Path, typer.Argument(help="Folder with the published files: it holds 'checkpoint' and 'tile/'.")
]


def folder_of(path: Path) -> Path:
    """The folder that holds the checkpoint: `path`, or `log` below it."""
    if path.is_file():
        stop(f"{path} is a file. This command wants a folder of published files.")
    below = path / "log"
    return below if not (path / "checkpoint").exists() and (below / "checkpoint").exists() else path


def stop(why: str) -> NoReturn:
    """Say `why` there is nothing to be done, and end."""
    typer.echo(why, err=True)
    raise typer.Exit(UNREADABLE)
