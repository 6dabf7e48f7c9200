"""The command `dauys`: the life of an election, one command for each step."""

import typer

from dauys.cli import commission, count, demo, monitor, scenario, serve, trustee, verify

app = typer.Typer(
    help="Online elections: one eligible voter, one vote.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
)
app.add_typer(scenario.app, name="scenario")
app.add_typer(monitor.app, name="monitor")
app.command()(demo.demo)
app.command()(serve.serve)
app.add_typer(trustee.app, name="trustee")
app.add_typer(commission.app, name="commission")
for command in (count.close, count.tally, count.accept, count.announce, count.publish):
    app.command()(command)
app.command()(verify.verify)
app.command("export-bel")(verify.export_bel)
