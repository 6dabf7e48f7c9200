"""How named checks are told at a terminal: those that hold, and those that do not and why."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from rich.console import Console

    from dauys.verify.archive.report import ArchiveReport
    from dauys.verify.checks import Check
    from dauys.verify.report import Report

_MARKS: Final = {
    "holds": "[green]✓[/]",
    "not yet": "[yellow]…[/]",
    "failed": "[red]✗[/]",
    "not run": "[red]?[/]",
}


def print_checks(console: "Console", checks: "Sequence[Check]") -> None:
    """Print each check, and an empty line."""
    for check in checks:
        console.print(f"{_MARKS[check.outcome]} {check.claim} [dim]({check.name})[/]")
        if check.detail and not check.ok:
            console.print(f"    {check.outcome}: {plain(check.detail)}", markup=False)
            console.print(f"    {check.rule}", markup=False, style="dim")
    console.print()


def print_unverified(console: "Console", failed: Sequence[str]) -> None:
    """Say which checks do not hold."""
    console.print(f"[red]NOT VERIFIED.[/] These checks do not hold: {', '.join(failed)}")


def report_json(report: "Report | ArchiveReport") -> str:
    """The whole report for machines: `{ok, failed, checks, election}`."""
    import msgspec

    told = {
        "ok": report.ok,
        "failed": report.failed(),
        "checks": [{**msgspec.to_builtins(check), "ok": check.ok} for check in report.checks],
        "election": report.summary,
    }
    return msgspec.json.format(msgspec.json.encode(told)).decode()


def plain(text: str) -> str:
    """`text` without what would steer a terminal: the files are other people's."""
    return "".join(
        letter if letter.isprintable() else "\N{REPLACEMENT CHARACTER}" for letter in text
    )
