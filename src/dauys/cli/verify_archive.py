"""`dauys verify FILE.bel`: what is told of an archive of Belenios."""

from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING

import typer

from dauys.cli.checks import plain, print_checks, print_unverified, report_json
from dauys.cli.published import stop

if TYPE_CHECKING:
    from rich.console import Console
    from rich.table import Table

    from dauys.core.executors import Workers
    from dauys.verify.archive.report import ArchiveReport, ArchiveSummary, QuestionSummary


def verify_archive(path: Path, workers: "Workers", *, as_json: bool) -> bool:
    """Check the archive at `path` and tell what came of it; whether every check holds."""
    from dauys.cli.progress import shown_steps
    from dauys.verify.archive.audit import verify_archive as audit
    from dauys.verify.archive.setup import UnsupportedError
    from dauys.verify.errors import UnreadableError

    try:
        with shown_steps() as progress:

            def tell(step: str, done: int, total: int) -> None:
                if not as_json:
                    import_module("rich.console")  # while other processes work, not after them
                progress(step, done, total)

            report = audit(path, workers=workers, progress=tell)
    except (UnreadableError, UnsupportedError) as error:
        stop(plain(str(error)))  # it may quote the archive
    if as_json:
        typer.echo(report_json(report))
    else:
        _print(report)
    return report.ok


def _print(report: "ArchiveReport") -> None:
    from rich.console import Console

    console = Console(highlight=False, soft_wrap=True)
    print_checks(console, report.checks)
    summary = report.summary
    if summary is not None:
        _print_election(console, summary)
    if not report.ok:
        print_unverified(console, report.failed())
    elif summary is not None:
        for question in summary.questions if summary.result is not None else ():
            console.print(_table(question))
        if summary.result is not None:
            console.print("[green]Verified:[/] every check holds.")
        else:
            console.print(
                "[green]Verified so far:[/] every check holds. "
                f"[yellow]There is no result yet[/]: the archive ends while the election is "
                f"{summary.stage}."
            )


def _print_election(console: "Console", summary: "ArchiveSummary") -> None:
    weight = f", of weight {summary.weight}" if summary.weighted else ""
    counted = f"{summary.counted} count{weight}, {summary.replaced} replaced"
    single = sum(len(trustees.names) == 1 for trustees in summary.trustees)
    groups = [f", {t.needed} of {len(t.names)}" for t in summary.trustees if len(t.names) > 1]
    lines = (
        f"{summary.name} (Belenios election {summary.uuid}, {summary.stage})",
        f"Fingerprint {summary.fingerprint}, group {summary.group}",
        f"Ballots {summary.ballots}: {counted}; {summary.credentials} credentials",
        f"Trustees {single} single" + "".join(groups),
    )
    for line in lines:
        console.print(plain(line), markup=False)
    console.print(
        "The archive vouches for itself only: compare the fingerprint, and the trackers that "
        "voters keep, with what was announced.",
        style="yellow",
    )
    console.print()


def _table(question: "QuestionSummary") -> "Table":
    from rich.markup import escape
    from rich.table import Table

    table = Table("answer", "votes", title_justify="left", title=escape(plain(question.question)))
    table.columns[1].justify = "right"
    for answer in question.answers:
        table.add_row(escape(plain(answer.answer)), f"{answer.votes}")
    for listed in question.lists:
        table.add_row(escape(plain(listed.list)), f"{listed.votes}")
        for candidate in listed.candidates:
            table.add_row(f"  {escape(plain(candidate.answer))}", f"{candidate.votes}")
    if question.blank is not None:
        table.add_row("blank", f"{question.blank}")
    return table
