"""A register comes in by commands: as it should be, with bad rows, and too late."""

import csv
import io
from pathlib import Path

import pytest

from dauys.cli.scenario import START
from dauys.scenario.electorate import make_electorate
from dauys.scenario.founding import register_csv
from dauys.scenario.people import KARAGANDA, ULYTAU
from dauys.scenario.week import LENGTH
from tests.integration.played import dauys, once, said, script

VOTERS = 40
REGIONS = ("--region", f"{KARAGANDA}=k", "--region", f"{ULYTAU}=u")
DRAFT = """
import sys
from pathlib import Path
from dauys.store.startup import make_tables, start
start(Path(sys.argv[1]))
make_tables()
from dauys.core.forms import Text
from dauys.core.ids import ContestId, ElectionId
from dauys.store.drafting import DraftDesk
import os
from dauys.crypto.election import new_uuid
draft = DraftDesk(ElectionId(new_uuid(os.urandom)))
name = Text(kk="Кеңес", ru="Совет", en="Council")
draft.create("council", name, name)
for region in sys.argv[2:]:
    draft.put_contest(ContestId(region), name, region=region, uuid=new_uuid(os.urandom))
"""


def register(voters: int = VOTERS) -> str:
    return register_csv(make_electorate(voters, 3, START, START + LENGTH))


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory, worker_id: str) -> Path:
    def make(folder: Path) -> None:
        script(DRAFT, folder, KARAGANDA, ULYTAU)

    return once(tmp_path_factory, worker_id, "draft", make)


def test_a_clean_register_is_checked_and_taken(data: Path, tmp_path: Path) -> None:
    file = tmp_path / "register.csv"
    file.write_text(register())
    checked = dauys("register", "check", file, *REGIONS)
    assert checked.returncode == 0, said(checked)
    assert f"Voters: {VOTERS}." in said(checked)
    dry = dauys("register", "import", "council", file, "--dry-run", "--data", data)
    assert dry.returncode == 0, said(dry)
    assert "holds" not in said(dry)
    taken = dauys("register", "import", "council", file, "--data", data)
    assert taken.returncode == 0, said(taken)
    assert f"holds {VOTERS} voters" in said(taken)


def test_bad_rows_are_named_and_left_out_only_on_request(data: Path, tmp_path: Path) -> None:
    header, first, second, *rest = register().splitlines()
    wrong = "12345" + first[12:]
    file, problems = tmp_path / "register.csv", tmp_path / "problems.csv"
    file.write_text("\n".join((header, wrong, second, second, *rest)))
    command = ("register", "import", "council", file, "--data", data)
    asked = dauys(*command, "--problems", problems, told="n\n")
    assert asked.returncode == 1
    assert "line 2" in said(asked)
    assert "line 4" in said(asked)
    rows = list(csv.reader(io.StringIO(problems.read_text("utf-8-sig")), delimiter=";"))
    assert {row[0] for row in rows[1:]} == {"2", "4"}
    taken = dauys(*command, told="y\n")
    assert taken.returncode == 0, said(taken)
    assert f"holds {VOTERS - 1} voters" in said(taken)


def test_columns_are_named_where_the_guess_is_wrong(tmp_path: Path) -> None:
    file = tmp_path / "register.csv"
    header, rows = register().split("\n", 1)
    file.write_text(header.replace("ИИН/БИН", "Номерок") + "\n" + rows)
    check = ("register", "check", file, *REGIONS)
    lost = dauys(*check)
    assert lost.returncode == 2
    assert "Номерок" in said(lost)
    assert dauys(*check, "--map", "Номерок=number").returncode == 0
    unknown = dauys(*check, "--map", "Нет=number")
    assert unknown.returncode == 2
    assert "no column “Нет”" in said(unknown)
    field = dauys(*check, "--map", "Номерок=shoe")
    assert field.returncode == 2
    assert "no field" in said(field)
