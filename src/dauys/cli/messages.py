"""`dauys messages`: what messages will cost, and how they fare."""

from decimal import Decimal
from typing import Annotated

import typer

from dauys.cli.installation import Data, Slug, services_of

app = typer.Typer(help="Messages with codes: what they will cost.", no_args_is_help=True)


@app.callback()
def messages() -> None:
    """Messages with codes: what they will cost."""


@app.command()
def cost(
    slug: Slug,
    share: Annotated[
        float, typer.Option(min=0, max=1, help="Share of voters with a phone who use codes.")
    ] = 0.7,
    per_voter: Annotated[
        float, typer.Option(min=1, max=10, help="Codes that such a voter asks for.")
    ] = 1.3,
    data: Data = None,
) -> None:
    """Estimate the cost of codes before voting: voters, segments, prices of messages.toml."""
    with services_of(slug, data) as services:
        from dauys.identity.messages.cost import Expectation, estimate
        from dauys.wiring import office

        voters, days = services.voters.with_phone(), services.set_up.drafts.days()
        settings = office().messages
        expected = Expectation(voters, Decimal(str(share)), Decimal(str(per_voter)))
        costs = estimate(expected, settings.prices, settings.limits.budget_day, days)
    typer.echo(f"Voters with a phone: {voters}; days of voting: {days}")
    for line in costs:
        typer.echo(
            f"{line.gateway}: {line.messages} messages, {line.segments} segment each:"
            f" {line.expected:.2f} {settings.currency};"
            f" at the most, by the budget: {line.most:.2f} {settings.currency}"
        )
    if not costs:
        typer.echo("No gateway is set up: see docs/operating.md, “SMS”.")
