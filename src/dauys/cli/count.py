"""`dauys close`, `tally`, `accept`, `announce`, `publish`: the count, on the server."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from dauys.wiring import Services

Slug = Annotated[str, typer.Argument(help="Short name of the election.")]
Data = Annotated[Path | None, typer.Option(help="Data folder (else $DAUYS_DATA, var/).")]


@contextmanager
def _services(slug: str, data: Path | None) -> "Iterator[Services]":
    from dauys.core.errors import DauysError
    from dauys.store.startup import make_tables, start

    start(data)
    make_tables()
    from dauys.wiring import office

    try:
        yield office().by_slug(slug)
    except LookupError as error:
        typer.echo(f"There is no election “{slug}” here.", err=True)
        raise typer.Exit(2) from error
    except DauysError as error:
        typer.echo(f"Nothing was changed: {error}.", err=True)
        raise typer.Exit(1) from error


def close(slug: Slug, data: Data = None) -> None:
    """Close voting, once its time is over (the server does so by itself)."""
    with _services(slug, data) as services:
        services.counting.close()
    typer.echo("Voting is closed.")


def tally(slug: Slug, data: Data = None) -> None:
    """Publish the encrypted sums of every contest."""
    from dauys.cli.progress import shown

    with _services(slug, data) as services, shown("Adding ballots") as progress:
        services.counting.tally(progress)
    typer.echo("The encrypted sums are on the board. Trustees: dauys trustee decrypt.")


def accept(
    slug: Slug,
    parts: Annotated[Path, typer.Argument(help="A trustee's file.")],
    data: Data = None,
) -> None:
    """Check a trustee's part of the decryption and publish it."""
    from dauys.conduct.parts import read_parts

    with _services(slug, data) as services:
        services.counting.accept(read_parts(parts.read_bytes()).parts)
        missing = services.counting.missing_decryptions()
    waiting = sorted({number for _, _, number in missing})
    typer.echo(f"Accepted. Still waited for: trustees {waiting}" if waiting else "All are in.")


def announce(slug: Slug, data: Data = None) -> None:
    """Publish the results and end the log."""
    with _services(slug, data) as services:
        services.counting.announce()
    typer.echo("The results are on the board.")


def publish(
    slug: Slug,
    out: Annotated[Path, typer.Argument(help="Folder for the static files.")],
    data: Data = None,
) -> None:
    """Write the board's static files; any web server can serve them."""
    with _services(slug, data) as services:
        services.counting.publish(out)
    typer.echo(f"Published in {out}.")
