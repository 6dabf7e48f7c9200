"""An exported contest, judged by Belenios's own verifier."""

import subprocess
from pathlib import Path

import pytest
import typer
from typer.testing import CliRunner

from dauys.cli.export_bel import export_bel
from tests.unit.verify.plain_log import write_log
from tests.unit.verify.story import ORIGIN, story, texts

app = typer.Typer()
app.command()(export_bel)


@pytest.mark.parametrize(
    ("contest", "stratum"),
    [("almaty", "total"), ("almaty", "sms"), ("almaty", "eds"), ("astana", "total")],
)
def test_belenios_verifies_what_we_export(
    belenios_tool: str, tmp_path: Path, contest: str, stratum: str
) -> None:
    write_log(tmp_path / "log", texts(story().entries), ORIGIN, story().board.keys.log)
    uuid = story().board.elections[contest].uuid  # type: ignore[index]  # a plain text
    out = tmp_path / f"{uuid}.bel"
    arguments = [str(tmp_path / "log"), "--contest", contest, "--stratum", stratum]
    told = CliRunner().invoke(app, [*arguments, "--out", str(out)])
    assert told.exit_code == 0, told.output
    command = [belenios_tool, "election", "verify", "--dir", str(tmp_path)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
