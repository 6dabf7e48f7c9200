"""`dauys export-bel`: hand a contest on as an archive that others verify."""

from pathlib import Path
from typing import Annotated

import typer

from dauys.cli.published import PublishedFolder, folder_of, stop


def export_bel(
    path: PublishedFolder,
    contest: Annotated[str, typer.Option(help="Contest to export, by its id.")],
    out: Annotated[Path, typer.Option(help="Archive to write, ending in .bel.")],
    stratum: Annotated[
        str, typer.Option(help="Stratum to export: 'total' or the name of another.")
    ] = "total",
) -> None:
    """Write one contest as a Belenios archive that any Belenios 3.0 verifier checks."""
    from dauys.cli.progress import shown_steps
    from dauys.core.errors import DauysError
    from dauys.core.ids import ContestId
    from dauys.crypto.belenios_archive import (
        ArchiveContents,
        OwnedPartialDecryption,
        SizedTally,
        write_archive,
    )
    from dauys.verify.contest_file import read_contest

    try:
        with shown_steps() as progress:
            found = read_contest(folder_of(path), ContestId(contest), stratum, progress)
        tally = None
        if found.tally is not None:
            published = found.tally
            tally = SizedTally(published.ballots, published.weight, published.encrypted_tally)
        contents = ArchiveContents(
            timestamp=found.timestamp,
            election=found.election,
            trustees=found.trustees,
            credentials=found.credentials,
            ballots=found.ballots,
            ended=found.ended,
            tally=tally,
            partial_decryptions=tuple(
                OwnedPartialDecryption(owner, text) for owner, text in found.decryptions
            ),
            result=found.result,
        )
        write_archive(out, contents)
    except (DauysError, OSError) as error:
        stop(str(error))
    typer.echo(f"{out}: {len(found.credentials)} ballots of {contest}, stratum {stratum}")
