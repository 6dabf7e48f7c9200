"""`dauys verify` and `dauys export-bel`: check a published election, or hand on a contest of it.

Exit status of `verify`: 0 when every check holds, 1 when one does not, 2 when there is
nothing to check.
"""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, NoReturn

import typer

if TYPE_CHECKING:
    from rich.console import Console

    from dauys.verify.report import ContestSummary, Report, Summary

FAILED = 1
UNREADABLE = 2
_HEX = 64

PublishedFolder = Annotated[
    Path, typer.Argument(help="Folder with the published files: it holds 'checkpoint' and 'tile/'.")
]


def verify(
    path: PublishedFolder,
    as_json: Annotated[bool, typer.Option("--json", help="Print the report as JSON.")] = False,
    workers: Annotated[
        int, typer.Option(min=0, help="Processes that check ballots; 0: one on each core.")
    ] = 0,
    fingerprint: Annotated[
        str, typer.Option(help="Fingerprint that the election must have (64 hex digits).")
    ] = "",
    key: Annotated[str, typer.Option(help="Key that the log must have (64 hex digits).")] = "",
) -> None:
    """Check a published election: every signature, proof, decision and count."""
    from dauys.cli.progress import shown_steps
    from dauys.verify.audit import verify as audit
    from dauys.verify.files import UnreadableError

    folder = _folder(path)
    pinned = _hex("--fingerprint", fingerprint), _hex("--key", key)
    try:
        with shown_steps() as progress:
            report = audit(
                folder,
                fingerprint=pinned[0],
                log_key=pinned[1],
                workers=workers,
                progress=progress,
            )
    except UnreadableError as error:
        _stop(str(error))
    if as_json:
        typer.echo(_json(report))
    else:
        _print(report, pinned=bool(fingerprint))
    if not report.ok:
        raise typer.Exit(FAILED)


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
            found = read_contest(_folder(path), ContestId(contest), stratum, progress)
        tally = None
        if found.tally is not None:
            count = found.tally.ballots  # each of weight 1
            tally = SizedTally(count, count, found.tally.encrypted_tally)
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
        _stop(str(error))
    typer.echo(f"{out}: {len(found.credentials)} ballots of {contest}, stratum {stratum}")


def _folder(path: Path) -> Path:
    """The folder that holds the checkpoint: `path`, or `log` below it."""
    if path.is_file():
        _stop(
            f"{path} is a file. This command checks a folder of published files; "
            "an archive (.bel) of one contest is for a Belenios verifier."
        )
    below = path / "log"
    return below if not (path / "checkpoint").exists() and (below / "checkpoint").exists() else path


def _hex(option: str, value: str) -> str | None:
    value = "".join(value.split()).lower()
    if not value:
        return None
    if len(value) != _HEX or set(value) - set("0123456789abcdef"):
        _stop(f"{option} takes {_HEX} hex digits")
    return value


def _stop(why: str) -> NoReturn:
    typer.echo(why, err=True)
    raise typer.Exit(UNREADABLE)


def _json(report: "Report") -> str:
    import msgspec

    told = {
        "ok": report.ok,
        "failed": report.failed(),
        "checks": [{**msgspec.to_builtins(check), "ok": check.ok} for check in report.checks],
        "election": report.summary,
    }
    return msgspec.json.format(msgspec.json.encode(told)).decode()


def _print(report: "Report", *, pinned: bool) -> None:
    from rich.console import Console

    console = Console(highlight=False, soft_wrap=True)
    marks = {
        "holds": "[green]✓[/]",
        "not yet": "[yellow]…[/]",
        "failed": "[red]✗[/]",
        "not run": "[red]?[/]",
    }
    for check in report.checks:
        console.print(f"{marks[check.outcome]} {check.claim} [dim]({check.name})[/]")
        if check.detail and not check.ok:
            console.print(f"    {check.outcome}: {_plain(check.detail)}", markup=False)
            console.print(f"    {check.rule}", markup=False, style="dim")
    console.print()
    summary = report.summary
    if summary is not None:
        _print_election(console, summary, pinned=pinned)
    if not report.ok:
        names = ", ".join(report.failed())
        console.print(f"[red]NOT VERIFIED.[/] These checks do not hold: {names}")
    elif summary is not None:
        for contest in summary.contests:
            _print_contest(console, contest)
        if summary.has_results:
            console.print("[green]Verified:[/] every check holds.")
        else:
            console.print(
                "[green]Verified so far:[/] every check holds. "
                "[yellow]There is no result yet[/] in at least one contest."
            )


def _print_election(console: "Console", summary: "Summary", *, pinned: bool) -> None:
    where = f"{summary.stage}, {summary.entries} entries, last time {summary.time or 'none'}"
    ballots = f"{summary.counted} count, {summary.annulled} annulled"
    lines = (
        f"{summary.name.en} ({summary.organiser.en})",
        f"Election {summary.election}, {where}",
        f"Fingerprint {summary.fingerprint}",
        f"Log key     {summary.log_key}",
        f"Ballots {summary.ballots}: {ballots}, {summary.reclaimed} taken back by their voters",
        f"Decisions {summary.decisions}",
        *(() if summary.permits is None else (f"Permits issued {summary.permits}",)),
        *(f"Warning: {warning.en}" for warning in summary.warnings),
    )
    for line in lines:
        console.print(_plain(line), markup=False)
    if not pinned:
        console.print(
            "The files vouch for themselves only. What binds them to the election is the "
            "fingerprint: compare it with the printed one, or pass that as --fingerprint.",
            style="yellow",
        )
    console.print()


def _print_contest(console: "Console", contest: "ContestSummary") -> None:
    from rich.markup import escape
    from rich.table import Table

    share = f" ({contest.counted / contest.registered:.1%})" if contest.registered else ""
    turnout = f"{contest.counted} of {contest.registered} voters{share}; {contest.seats} to elect"
    if not contest.has_result:
        console.print(f"{_plain(contest.name.en)}: {turnout}. No result yet.", markup=False)
        return
    table = Table("candidate", "votes", "", title_justify="left")
    table.title = escape(f"{_plain(contest.name.en)}: {turnout}")
    table.columns[1].justify = "right"
    for candidate in contest.candidates:
        outcome = "elected" if candidate.elected else "tied" if candidate.tied else ""
        table.add_row(escape(_plain(candidate.name)), f"{candidate.votes}", outcome)
    if contest.blank is not None:
        table.add_row("blank", f"{contest.blank}", "")
    console.print(table)
    if contest.small:
        console.print("So few ballots count that the result says much about each of them.")
    if contest.zeroed:
        console.print(f"{contest.zeroed} votes were taken away by decision.")


def _plain(text: str) -> str:
    """`text` without what would steer a terminal: the files are other people's."""
    return "".join(
        letter if letter.isprintable() else "\N{REPLACEMENT CHARACTER}" for letter in text
    )
