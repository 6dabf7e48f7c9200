"""Options of simulations: what the ballot asks, and whether votes are weighted."""

from typing import Annotated

import typer

from dauys.scenario.asking import Ask

AskOption = Annotated[
    Ask,
    typer.Option(
        "--ask",
        help="What the ballot asks: one candidate; some (up to three, or blank); lists; or "
        "several questions.",
    ),
]
WeightsOption = Annotated[
    bool, typer.Option("--weights", help="Organisations have several votes, by the register.")
]
