"""`dauys signals`: what is kept of how requests came, and for how long."""

import typer

from dauys.cli.installation import Data, Slug, services_of

app = typer.Typer(help="How long signals are kept (docs/privacy.md).", no_args_is_help=True)


@app.callback()
def main() -> None:
    """Keep `status` a command of its own, though it is the only one."""


@app.command()
def status(election: Slug, data: Data = None) -> None:
    """Say in what form the signals of an election are kept, and what happens to them when."""
    with services_of(election, data) as services:
        from dauys.core.forms import format_instant
        from dauys.store.signals.keeping import SignalKeeping
        from dauys.wiring import office

        kept = SignalKeeping(services.election, office().random).now_kept()
        typer.echo(f"{kept.signals} signals, {kept.form.name.lower()}")
        keeper = office().signal_keeper(election, services.election)
        state = services.journal.state()
        if state.rules is None:
            return
        pseudonymous, gone = map(format_instant, keeper.due(state))
        typer.echo(f"made pseudonymous from {pseudonymous}, deleted from {gone} on")
        if keeper.held:
            typer.echo("held: DAUYS_SIGNALS_HELD names this election; nothing is done meanwhile")
