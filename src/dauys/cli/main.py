"""The command `dauys`: the life of an election, one command for each step."""

import typer

from dauys.cli import demo, monitor, scenario, serve, verify

app = typer.Typer(
    help="Online elections: one eligible voter, one vote.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
)
app.add_typer(scenario.app, name="scenario")
app.add_typer(monitor.app, name="monitor")
app.command()(demo.demo)
app.command()(serve.serve)
app.command()(verify.verify)
app.command("export-bel")(verify.export_bel)
