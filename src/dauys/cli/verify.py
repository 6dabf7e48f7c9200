"""`dauys verify`: check a published election, or an archive of Belenios.

Exit status: 0 when every check holds, 1 when one does not, 2 when there is nothing to
check, or it could not be checked.
"""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from dauys.cli.checks import plain, print_checks, print_unverified, report_json
from dauys.cli.published import folder_of, stop

if TYPE_CHECKING:
    from rich.console import Console

    from dauys.core.executors import Workers
    from dauys.verify.report import ContestSummary, QuestionSummary, Report, Summary

FAILED = 1
_HEX = 64


def verify(
    path: Annotated[
        Path,
        typer.Argument(
            help="Folder with the published files, or an archive of Belenios 3.0 (.bel)."
        ),
    ],
    as_json: Annotated[bool, typer.Option("--json", help="Print the report as JSON.")] = False,
    workers: Annotated[
        int, typer.Option(min=0, help="Processes that check ballots; 0: one on each core.")
    ] = 0,
    dask: Annotated[
        str,
        typer.Option(metavar="ADDRESS", help="Dask scheduler whose workers check the ballots."),
    ] = "",
    fingerprint: Annotated[
        str, typer.Option(help="Fingerprint that the election must have (64 hex digits).")
    ] = "",
    key: Annotated[str, typer.Option(help="Key that the log must have (64 hex digits).")] = "",
) -> None:
    """Check a published election: every signature, proof, decision and count."""
    from dauys.cli.workers import chosen
    from dauys.core.executors import WorkersLostError

    if path.is_file() and (fingerprint or key):
        stop("--fingerprint and --key are for folders of published files, not for archives")
    pinned = _hex("--fingerprint", fingerprint), _hex("--key", key)
    try:
        with chosen(workers, dask) as crew:
            if path.is_file():
                from dauys.cli.verify_archive import verify_archive

                ok = verify_archive(path, crew, as_json=as_json)
            else:
                ok = _verify_folder(folder_of(path), crew, pinned, as_json=as_json)
    except WorkersLostError as error:
        stop(f"{path}: not checked to the end, nothing is verified. {error}")
    if not ok:
        raise typer.Exit(FAILED)


def _verify_folder(
    folder: Path, workers: "Workers", pinned: tuple[str | None, str | None], *, as_json: bool
) -> bool:
    from dauys.cli.progress import shown_steps
    from dauys.verify.audit import verify as audit
    from dauys.verify.errors import UnreadableError

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
        stop(str(error))
    if as_json:
        typer.echo(report_json(report))
    else:
        _print(report, pinned=bool(pinned[0]))
    return report.ok


def _hex(option: str, value: str) -> str | None:
    value = "".join(value.split()).lower()
    if not value:
        return None
    if len(value) != _HEX or set(value) - set("0123456789abcdef"):
        stop(f"{option} takes {_HEX} hex digits")
    return value


def _print(report: "Report", *, pinned: bool) -> None:
    from rich.console import Console

    console = Console(highlight=False, soft_wrap=True)
    print_checks(console, report.checks)
    console.print()
    summary = report.summary
    if summary is not None:
        _print_election(console, summary, pinned=pinned)
    if not report.ok:
        print_unverified(console, report.failed())
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
        console.print(plain(line), markup=False)
    if not pinned:
        console.print(
            "The files vouch for themselves only. What binds them to the election is the "
            "fingerprint: compare it with the printed one, or pass that as --fingerprint.",
            style="yellow",
        )
    console.print()


def _print_contest(console: "Console", contest: "ContestSummary") -> None:
    share = f" ({contest.counted / contest.registered:.1%})" if contest.registered else ""
    turnout = f"{contest.counted} of {contest.registered} voters{share}"
    if contest.weighted:
        turnout += f" with {contest.counted_weight} of {contest.registered_weight} votes"
    if not contest.has_result:
        console.print(f"{plain(contest.name.en)}: {turnout}. No result yet.", markup=False)
        return
    console.print(f"{plain(contest.name.en)}: {turnout}", markup=False)
    for question in contest.questions:
        _print_question(console, question)
    if contest.small:
        console.print("So few ballots count that the result says much about each of them.")


def _print_question(console: "Console", question: "QuestionSummary") -> None:
    from rich.markup import escape
    from rich.table import Table

    table = Table("candidate", "votes", "", title_justify="left")
    table.title = escape(f"{plain(question.text.en)}: {question.seats} to elect")
    table.columns[1].justify = "right"
    lists = {group.id: group for group in question.lists}
    for candidate in question.candidates:
        group = None if candidate.list is None else lists.pop(candidate.list, None)
        if group is not None:  # its first candidate
            table.add_row(f"[bold]{escape(plain(group.name))}[/]", f"[bold]{group.votes}[/]", "")
        outcome = "elected" if candidate.elected else "tied" if candidate.tied else ""
        indent = "  " if candidate.list is not None else ""
        table.add_row(indent + escape(plain(candidate.name)), f"{candidate.votes}", outcome)
    if question.blank is not None:
        table.add_row("blank", f"{question.blank}", "")
    console.print(table)
    if question.zeroed:
        console.print(f"{question.zeroed} votes were taken away by decision.")
