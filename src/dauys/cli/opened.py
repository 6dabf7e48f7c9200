"""`dauys verify-opened`: what is in a ballot that a voter opened instead of casting it.

Exit status: 0 when the ballot holds what its file states, 1 when it does not, 2 when there is
nothing to check.
"""

from pathlib import Path
from typing import Annotated

import typer

from dauys.cli.checks import plain
from dauys.cli.published import PublishedFolder, folder_of, stop
from dauys.cli.verify import FAILED

GROUP = 4
"""Characters of the code that stand together, as on the voter's page."""


def verify_opened(
    file: Annotated[Path, typer.Argument(help="The opened ballot, as the voter's page saved it.")],
    path: PublishedFolder,
) -> None:
    """Check an opened ballot: encrypt the same again, compare, and say what the ballot holds."""
    from dauys.cli.progress import shown_steps
    from dauys.core.errors import DauysError, MalformedError, VerificationError
    from dauys.verify.opened import check_opened, published_elections, read_opened

    try:
        opened = read_opened(file.read_bytes())
        with shown_steps() as progress:
            published = published_elections(folder_of(path), progress)
    except (DauysError, OSError) as error:
        stop(str(error))
    typer.echo(f"Election fingerprint {published.fingerprint}")
    typer.echo("Compare the code with the one that the voter wrote down before opening the ballot:")
    typer.echo(
        "  " + " ".join(opened.code[i : i + GROUP] for i in range(0, len(opened.code), GROUP))
    )
    try:
        answers = check_opened(opened, published.elections)
    except (MalformedError, VerificationError) as error:
        typer.echo(f"NOT RIGHT: {plain(str(error))}", err=True)
        typer.echo("Do not vote on the device that made this ballot; tell the observers.", err=True)
        raise typer.Exit(FAILED) from error
    typer.echo(
        "The ballot holds exactly this; if it is what was chosen, it was encrypted honestly:"
    )
    for answer in answers:
        typer.echo(f"  {plain(answer.question)}")
        if answer.on_list:
            typer.echo(f"    {plain(answer.on_list)}")
        for name in answer.chosen or ("(blank vote)" if answer.blank else "(nobody)",):
            typer.echo(f"    - {plain(name)}")
