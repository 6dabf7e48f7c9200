"""The command `dauys`: the life of an election, one command for each step."""

import typer

from dauys.cli import (
    commission,
    count,
    demo,
    evidence,
    export_bel,
    messages,
    monitor,
    opened,
    register,
    scenario,
    serve,
    signals,
    signature,
    staff,
    trustee,
    verify,
)

app = typer.Typer(
    help="Online elections: one eligible voter, one vote.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
)
app.command()(demo.demo)
app.command()(serve.serve)
app.add_typer(staff.app, name="staff")
app.add_typer(register.app, name="register")
app.add_typer(signature.app, name="signature")
app.add_typer(evidence.app, name="evidence")
for command in (count.close, count.tally, count.accept, count.announce, count.publish):
    app.command()(command)
app.add_typer(trustee.app, name="trustee")
app.add_typer(commission.app, name="commission")
app.command()(verify.verify)
app.command("verify-opened")(opened.verify_opened)
app.command("export-bel")(export_bel.export_bel)
app.add_typer(messages.app, name="messages")
app.add_typer(monitor.app, name="monitor")
app.add_typer(signals.app, name="signals")
app.add_typer(scenario.app, name="scenario")

if __name__ == "__main__":
    app()
