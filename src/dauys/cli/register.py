"""`dauys register`: look at a register's file, and take it into a draft."""

import os
from collections.abc import Sequence
from dataclasses import asdict, fields, replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Final

import typer

from dauys.cli.installation import FAILED, MISUSED, Data, Slug, read_file, services_of, stop

if TYPE_CHECKING:
    from dauys.identity.numbering import Numbering
    from dauys.identity.register import ColumnMapping, ImportReport, Problem, Table

app = typer.Typer(help="The register of voters: check a file, import it.", no_args_is_help=True)

SHOWN: Final = 10
"""Problems told on the terminal; the file of --problems has them all."""
FILE_FAULTS: Final = {
    "empty": "there is nothing in it",
    "too_large": "it is too large",
    "bad_encoding": "its letters are in no encoding that is known here",
    "unclosed_quote": "a quote in it is not closed",
    "unreadable": "it is not a table that can be read here (CSV or a spreadsheet)",
    "no_header": "the first lines hold no names of columns",
}
NOTICES: Final = {
    "no_phone": "without a phone: no codes by SMS",
    "no_email": "without an e-mail address: no codes by e-mail",
    "shared_phone": "with the phone of another voter",
    "shared_email": "with the e-mail address of another voter",
    "zeros_restored": "with zeros that a spreadsheet had cut off the number",
    "empty_row": "empty",
}

File = Annotated[Path, typer.Argument(help="CSV, or a spreadsheet (XLSX, XLS, ODS).")]
Map = Annotated[
    list[str] | None,
    typer.Option("--map", help="COLUMN=FIELD, where the guess is wrong. May be repeated."),
]
Problems = Annotated[
    Path | None, typer.Option(help="Write every row that is not taken, and why, to this CSV.")
]


@app.command()
def check(
    file: File,
    region: Annotated[
        list[str],
        typer.Option(help="NAME=CONTEST: a region as the file writes it. May be repeated."),
    ],
    mapped: Map = None,
    problems: Problems = None,
    shared_phones: Annotated[
        bool,
        typer.Option("--shared-phones", help="Let several voters have one phone or mailbox."),
    ] = False,
    identity: Annotated[
        Path | None,
        typer.Option(help="identity.toml, where numbers are an organisation's own."),
    ] = None,
) -> None:
    """Say who would be taken, without any election. Exit status 1 if a row would not be."""
    from dauys.cli.progress import shown
    from dauys.core.ids import ContestId
    from dauys.identity.register import RegisterRules, import_register

    regions = {name: ContestId(contest) for name, contest in map(_pair, region)}
    rules = RegisterRules(regions, _numbering(identity), one_phone_one_voter=not shared_phones)
    table = _table(file)
    mapping = _mapping(table, mapped or [])
    with shown("Checking rows") as progress:
        report = import_register(table, mapping, rules, progress)
    _tell(report, problems)
    if report.problems:
        raise typer.Exit(FAILED)


@app.command("import")
def import_(
    slug: Slug,
    file: File,
    mapped: Map = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Check only.")] = False,
    problems: Problems = None,
    data: Data = None,
) -> None:
    """Take a file as the register of a draft, in the place of an earlier one.

    Rows with a problem are not taken; then nothing is, unless you say so when asked.
    """
    from dauys.cli.progress import shown

    table = _table(file)
    mapping = _mapping(table, mapped or [])
    with services_of(slug, data) as services:
        with shown("Checking rows") as progress:
            report = services.set_up.read_register(table, mapping, progress)
        _tell(report, problems)
        if dry_run or not report.voters:
            raise typer.Exit(FAILED if report.problems else 0)
        if report.problems and not typer.confirm("Leave these rows out and take the others?"):
            stop("Nothing was changed.")
        taken = services.set_up.accept_register(report.voters)
    typer.echo(f"The register of “{slug}” holds {taken} voters now.")


def _numbering(file: Path | None) -> "Numbering":
    from dauys.core.errors import MalformedError
    from dauys.identity.kazakhstan.numbering import NationalNumbers
    from dauys.identity.settings import read_settings

    if file is None:
        return NationalNumbers()
    try:
        found = read_settings(read_file(file).decode(), os.environ, file.parent)
    except (MalformedError, UnicodeDecodeError) as error:
        stop(f"{file}: {error}.", MISUSED)
    return found.numbering or NationalNumbers()


def _table(file: Path) -> "Table":
    from dauys.core.errors import MalformedError
    from dauys.identity.register import read_table

    try:
        return read_table(read_file(file), file.name)
    except MalformedError as error:
        stop(f"{file}: {FILE_FAULTS.get(error.why, error.why)}.", MISUSED)


def _mapping(table: "Table", mapped: Sequence[str]) -> "ColumnMapping":
    """The guess, with what was said otherwise."""
    from dauys.identity.register import suggest_mapping

    mapping = suggest_mapping(table.columns)
    known = [field.name for field in fields(mapping)]
    for column, field in map(_pair, mapped):
        if column not in table.columns:
            stop(f"There is no column “{column}”. There are: {_list(table.columns)}.", MISUSED)
        if field not in known:
            stop(f"“{field}” is no field. Fields are: {_list(known)}.", MISUSED)
        free = {name: None for name, taken in asdict(mapping).items() if taken == column}
        mapping = replace(mapping, **{**free, field: column})
    for needed in ("number", "name"):
        if getattr(mapping, needed) is None:
            stop(
                f"No column looks like the voter's {needed}; name it: --map COLUMN={needed}. "
                f"There are: {_list(table.columns)}.",
                MISUSED,
            )
    for field in known:
        if column := getattr(mapping, field):
            typer.echo(f"{field:10} from “{column}”", err=True)
    return mapping


def _tell(report: "ImportReport", problems: Path | None) -> None:
    for count in report.counts:
        weight = "" if count.weight == count.voters else f", {count.weight} votes"
        typer.echo(f"{count.contest}: {count.voters} of category {count.category}{weight}")
    for notice in report.notices:
        typer.echo(f"Rows {NOTICES.get(notice.code, notice.code)}: {notice.rows}")
    typer.echo(f"Voters: {len(report.voters)}. Rows not taken: {_rows(report.problems)}.")
    for problem in report.problems[:SHOWN]:
        typer.echo(f"  {_line(problem)}", err=True)
    if len(report.problems) > SHOWN:
        typer.echo(f"  and {len(report.problems) - SHOWN} problems more", err=True)
    if problems is not None:
        _write(report.problems, problems)
    elif len(report.problems) > SHOWN:
        typer.echo("Get them all with --problems FILE.csv.", err=True)


def _line(problem: "Problem") -> str:
    from dauys.identity.register import problem_text

    column = f", {problem.column}" if problem.column else ""
    return f"line {problem.row}{column}: {problem_text(problem, 'en')}"


def _write(problems: "Sequence[Problem]", file: Path) -> None:
    from dauys.identity.register import report_csv

    try:
        file.write_text(report_csv(problems, "en"), "utf-8-sig")
    except OSError as error:
        stop(f"{file} cannot be written: {error.strerror}.", MISUSED)
    typer.echo(f"Written: {file}")


def _rows(problems: "Sequence[Problem]") -> int:
    return len({problem.row for problem in problems})


def _pair(text: str) -> tuple[str, str]:
    left, equals, right = text.rpartition("=")
    if not (equals and left.strip() and right.strip()):
        stop(f"“{text}” should be two words with = between them.", MISUSED)
    return left.strip(), right.strip()


def _list(words: Sequence[str]) -> str:
    return ", ".join(f"“{word}”" for word in words)
