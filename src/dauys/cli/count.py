"""`dauys close`, `tally`, `accept`, `announce`, `publish`: the count, on the server."""

from pathlib import Path
from typing import Annotated

import typer

from dauys.cli.installation import MISUSED, Data, Slug, read_file, services_of, stop


def close(slug: Slug, data: Data = None) -> None:
    """Close voting, once its time is over (the server does so by itself)."""
    with services_of(slug, data) as services:
        services.counting.close()
    typer.echo("Voting is closed.")


def tally(
    slug: Slug,
    unchecked: Annotated[
        bool,
        typer.Option("--unchecked", help="Though certificates could not be asked about."),
    ] = False,
    data: Data = None,
) -> None:
    """Publish the encrypted sums of every contest."""
    from dauys.cli.progress import shown
    from dauys.core.executors import opened
    from dauys.tally.tallying import FEW

    with services_of(slug, data) as services, shown("Adding ballots") as progress:
        found = services.recheck.recheck()
        if found.revoked:
            stop(
                f"{found.revoked} certificates were found revoked just now: the commission has"
                " a case to decide first. Then: dauys tally."
            )
        if found.unknown and not unchecked:
            stop(
                f"Of {found.unknown} signatures nobody could tell whether their certificates were"
                " revoked. Try again later, or go on with --unchecked."
            )
        few = len(services.journal.state().ballots) < FEW
        with opened(0, few=few, copies=False) as executor:
            services.counting.tally(progress, executor)
    typer.echo("The encrypted sums are on the board. Trustees: dauys trustee decrypt.")


def accept(
    slug: Slug,
    parts: Annotated[Path, typer.Argument(help="A trustee's file.")],
    data: Data = None,
) -> None:
    """Check a trustee's part of the decryption and publish it."""
    from dauys.conduct.parts import read_parts

    handed_in = read_file(parts)
    with services_of(slug, data) as services:
        services.counting.accept(read_parts(handed_in).parts)
        waiting = [one for one in services.counting.standing() if one.short]
    singles = [str(one.owners[0]) for one in waiting if len(one.owners) == 1]
    needed = [f"trustees {', '.join(singles)}"] if singles else []
    needed += [
        f"{one.short} more of the trustees {', '.join(map(str, one.absent))}"
        for one in waiting
        if len(one.owners) > 1
    ]
    if needed:
        typer.echo(f"Accepted. Still waited for: {'; '.join(needed)}.")
    else:
        typer.echo("Accepted. Enough are in: dauys announce.")


def announce(slug: Slug, data: Data = None) -> None:
    """Publish the results and end the log."""
    with services_of(slug, data) as services:
        services.counting.announce()
    typer.echo("The results are on the board.")


def publish(
    slug: Slug,
    out: Annotated[Path, typer.Argument(help="Folder for the static files.")],
    data: Data = None,
) -> None:
    """Write the board's static files; any web server can serve them."""
    with services_of(slug, data) as services:
        try:
            services.counting.publish(out)
        except OSError as error:
            stop(f"{out} cannot be written: {error.strerror}.", MISUSED)
    typer.echo(f"Published in {out}.")
