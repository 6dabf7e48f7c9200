"""The command `dauys`: the life of an election, one command for each step.

What is not asked for is not imported: a command starts in a tenth of a second.
"""

from importlib import import_module
from typing import Any, Final

import typer
from typer.core import TyperGroup
from typer.main import get_command, get_group

COMMANDS: Final = {
    "demo": "demo:demo",
    "serve": "serve:serve",
    "close": "count:close",
    "tally": "count:tally",
    "accept": "count:accept",
    "announce": "count:announce",
    "publish": "count:publish",
    "verify": "verify:verify",
    "verify-opened": "opened:verify_opened",
    "export-bel": "export_bel:export_bel",
    "staff": "staff:app",
    "register": "register:app",
    "signature": "signature:app",
    "evidence": "evidence:app",
    "trustee": "trustee:app",
    "commission": "commission:app",
    "messages": "messages:app",
    "monitor": "monitor:app",
    "signals": "signals:app",
    "scenario": "scenario:app",
}
"""Where each command is, in the order of the help: a function, or a group of commands."""


class _Commands(TyperGroup):
    """Imports a command when it is asked for."""

    def list_commands(self, ctx: Any) -> list[str]:  # noqa: ANN401, ARG002 -- Typer's own Context
        return list(COMMANDS)

    def get_command(self, ctx: Any, cmd_name: str) -> Any | None:  # noqa: ANN401, ARG002
        if cmd_name not in COMMANDS:
            return None
        module, _, name = COMMANDS[cmd_name].partition(":")
        found = getattr(import_module(f"dauys.cli.{module}"), name)
        if isinstance(found, typer.Typer):
            command: Any = get_group(found)
        else:
            alone = typer.Typer(add_completion=False)
            alone.command()(found)
            command = get_command(alone)
        command.name = cmd_name
        return command


app = typer.Typer(
    cls=_Commands,
    help="Online elections: one eligible voter, one vote.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
)


@app.callback()
def _dauys() -> None:
    """Make this a group, though none of its commands is here yet."""


if __name__ == "__main__":
    app()
