"""What happened in a simulated week, on one screen, from its `report.json`."""

from collections.abc import Mapping, Sequence
from typing import Any

from rich.console import Console
from rich.table import Table

from dauys.scenario.harm import HEARD, Fate

Json = Mapping[str, Any]

FATES = {
    Fate.UNTOUCHED: "voted, and nothing was done to the vote",
    Fate.ROBBED_HEARD: "robbed by the thief; took the vote back and voted",
    Fate.HIT_HEARD: "own ballot annulled by mistake; voted again",
    Fate.HIT_RESTORED: "own ballot annulled by mistake; restored",
    Fate.ROBBED_UNHEARD: "robbed, and gave up",
    Fate.HIT_UNHEARD: "own ballot annulled by mistake, and did not come back",
    Fate.TURNED_AWAY: "came by SMS when only signatures were left, and had none",
}
WIDTH = 40
"""Characters of the longest bar."""
REMEDIES = {
    "extend": "extend voting",
    "restrict": "signatures only",
    "annul": "annul",
    "restore": "restore",
    "dismiss": "dismiss",
}


def tell(report: Json, console: Console) -> None:
    """Print the story: the thief, the commission, who was harmed, and the result."""
    stuffed = report["truth"]["stuffed_ballots"]
    still = sum(ballot["counted"] for ballot in stuffed)
    console.print(
        f"\n{report['registered']:,} voters on the register, {report['cast']:,} ballots on the "
        f"board. A thief cast {len(stuffed):,} of them in others' names: "
        f"{len(stuffed) - still:,} do not count, {still:,} still do."
    )
    console.print(_days(report["days"]))
    console.print(_decisions(report))
    console.print(_fates(report["truth"]["fates"]))
    for contest, result in report["results"].items():
        console.print(_votes(contest, result, report["truth"]["contests"][contest]))


def _days(days: Sequence[Json]) -> Table:
    """A bar for each day, to scale."""
    table = _table("Ballots by day (█ voters, ▒ the thief)", "day", "", "voters", "thief")
    most = max((day["own"] + day["stuffed"] for day in days), default=1)
    for day in days:
        own, stuffed = (round(WIDTH * day[name] / most) for name in ("own", "stuffed"))
        bar = "█" * own + "▒" * (stuffed or bool(day["stuffed"]))
        stolen = f"{day['stuffed']:,}" if day["stuffed"] else ""
        table.add_row(day["day"], bar, f"{day['own']:,}", stolen)
    return table


def _decisions(report: Json) -> Table:
    origins = {case["number"]: case["origin"] for case in report["cases"]}
    table = _table("What the commission decided", "no.", "decision", "ballots", "brought by")
    dismissed = 0
    for decision in report["decisions"]:
        remedy = decision["remedy"]
        if remedy["type"] == "dismiss":
            dismissed += 1
            continue
        brought = origins.get(decision["case"], "")
        ballots = f"{remedy['ballots']:,}" if "ballots" in remedy else ""
        table.add_row(str(decision["number"]), REMEDIES[remedy["type"]], ballots, brought)
    if dismissed:
        table.add_row("", f"cases of votes taken back, closed: {dismissed:,}", "", "voters")
    return table


def _fates(fates: Mapping[str, int]) -> Table:
    table = _table("Who was harmed", "of those who came", "voters", "heard")
    for fate, words in FATES.items():
        table.add_row(words, f"{fates[fate]:,}", "yes" if fate in HEARD else "no")
    return table


def _votes(contest: str, result: Json, truth: Json) -> Table:
    """Votes as counted, as the voters of these ballots meant them, and had nobody acted."""
    title = f"Votes: {contest} (* elected)"
    table = _table(title, "candidate", "meant", "counted", "had nobody acted")
    seats = len(result["elected"])
    unrepaired = truth["unrepaired"]
    seated = sorted(unrepaired, key=lambda one: (-unrepaired[one], one))[:seats]
    if result["questions"]["council"]["lists"]:
        seated = []  # lists share seats among them by other numbers
    for candidate, votes in sorted(result["total"].items(), key=lambda one: (-one[1], one[0])):
        table.add_row(
            candidate,
            f"{truth['intended'][candidate]:,}",
            f"{votes:,}{' *' if candidate in result['elected'] else '  '}",
            f"{unrepaired[candidate]:,}{' *' if candidate in seated else '  '}",
        )
    return table


def _table(title: str, *columns: str) -> Table:
    table = Table(title=title, title_justify="left", title_style="bold", box=None, pad_edge=False)
    for number, column in enumerate(columns):
        numbers = number > 0 and column not in {"", "decision", "brought by"}
        table.add_column(column, justify="right" if numbers else "left")
    return table
