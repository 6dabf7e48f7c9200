"""Ballots made and checked per second on one core, beside belenios-tool on the same archive.

    python -m benchmarks.ballots

Our time is that of reading the archive, parsing and checking every ballot. belenios-tool's is
that of `election verify-ballot`, less that of the same command for an empty ballot, which
starts up and reads the archive only. (Its `election verify` is no measure: version 3.0 does
not wait for the checks of the ballots that it starts.) Both are processor time; that of two
threads is by the clock, and means something on an idle machine only.
"""

import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from itertools import islice
from pathlib import Path
from time import perf_counter
from unittest.mock import patch

from benchmarks.rows import Row
from dauys.crypto import checking
from dauys.crypto.ballot import CredentialKey, check_ballot, make_ballot, parse_ballot
from dauys.crypto.belenios_archive import ArchiveContents, read_archive, write_archive
from dauys.crypto.election import ElectionParameters, new_uuid, parse_election
from dauys.crypto.question import Question
from dauys.crypto.tally import sum_ballots
from dauys.crypto.trustees import TrusteeKey, trustees_to_json

BALLOTS = 200
CANDIDATES = 10
PEER = "belenios-tool"
PEER_BALLOTS = 40


def run() -> list[Row]:
    """Measure with one question, one of ten candidates."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        archive, made = _archive(folder)
        with patch.object(checking, "fast", lambda: None):
            by_reference = _seconds(lambda: _check(archive))
        if not checking.prepare():
            print("without the fast kernel: libsodium checks")
        checked = _seconds(lambda: _check(archive))
        contents = read_archive(archive)
        peer = _peer_seconds(contents, folder / "peer")
        election = parse_election(contents.election)
        ballots = [parse_ballot(text) for text in contents.ballots]
        summed = _seconds(lambda: sum_ballots(election, ballots))
    ratio = None if peer is None else peer * BALLOTS / checked
    rows = [
        Row("ballots made, 1 of 10", BALLOTS / made, "ballots/s", "", None),
        Row(
            "ballots checked, 1 of 10",
            BALLOTS / checked,
            "ballots/s",
            PEER if ratio else "",
            ratio,
        ),
        Row(
            "the same, by libsodium alone",
            BALLOTS / by_reference,
            "ballots/s",
            PEER if peer else "",
            None if peer is None else peer * BALLOTS / by_reference,
        ),
        _two_threads(list(contents.ballots), election),
        Row("seconds that the kernel takes to load", _loading_seconds(), "s", "", None),
        Row("ballots summed, 1 of 10", BALLOTS / summed, "ballots/s", "", None),
    ]
    if peer is not None:
        rows.append(Row(f"the same, by {PEER}", 1 / peer, "ballots/s", "", None))
    return rows


def _archive(folder: Path) -> tuple[Path, float]:
    """An archive of ballots, and the seconds that making the ballots took."""
    trustee = TrusteeKey.generate(os.urandom)
    answers = tuple(f"Candidate {i}" for i in range(1, CANDIDATES + 1))
    election = ElectionParameters(
        description="",
        name="Benchmark",
        public_key=trustee.public.public_key,
        questions=(Question(answers, 1, 1, "Who?"),),
        uuid=new_uuid(os.urandom),
    )
    keys = [CredentialKey.generate(os.urandom) for _ in range(BALLOTS)]
    choices = [
        [int(candidate == voter % CANDIDATES) for candidate in range(CANDIDATES)]
        for voter in range(BALLOTS)
    ]
    ballots: list[str] = []
    made = _seconds(
        lambda: ballots.extend(
            make_ballot(election, key, [chosen], os.urandom)
            for key, chosen in zip(keys, choices, strict=True)
        )
    )
    path = folder / f"{election.uuid}.bel"
    contents = ArchiveContents(
        timestamp=0,
        election=election.to_json(),
        trustees=trustees_to_json([trustee.public]),
        credentials=tuple(key.public for key in keys),
        ballots=ballots,
    )
    write_archive(path, contents)
    return path, made


def _check(archive: Path) -> None:
    contents = read_archive(archive)
    election = parse_election(contents.election)
    for text in contents.ballots:
        check_ballot(parse_ballot(text), election)


def _two_threads(texts: list[str], election: ElectionParameters) -> Row:
    """Ballots a second of two threads, beside one: how much runs without Python's lock."""
    speeds = {}
    for threads in (1, 2):
        with ThreadPoolExecutor(threads) as pool:
            begun = perf_counter()
            list(pool.map(lambda text: check_ballot(parse_ballot(text), election), texts))
            speeds[threads] = len(texts) / (perf_counter() - begun)
    return Row(
        "the same, by two threads", speeds[2], "ballots/s", "one thread", speeds[2] / speeds[1]
    )


def _loading_seconds() -> float:
    """Processor time from the start of Python to a proved kernel, compiled before."""
    program = "from dauys.crypto import checking; checking.prepare()"
    return _seconds(lambda: subprocess.run([sys.executable, "-c", program], check=True))


def belenios_tool() -> str | None:
    """Where belenios-tool is, if it is anywhere."""
    cached = Path.home() / ".cache" / "belenios-tool" / "belenios-tool"
    found = map(shutil.which, (os.environ.get("BELENIOS_TOOL", ""), PEER, str(cached)))
    return next(filter(None, found), None)


def _peer_seconds(contents: ArchiveContents, folder: Path) -> float | None:
    """Seconds that belenios-tool takes for one of the ballots; None without it."""
    tool = belenios_tool()
    if tool is None:
        return None
    folder.mkdir()
    uuid = parse_election(contents.election).uuid
    write_archive(folder / f"{uuid}.bel", replace(contents, ballots=()))
    file = folder / "ballot"
    command = [tool, "election", "verify-ballot", "--ballot", file.name]

    def call(text: str) -> bytes:
        file.write_text(text)
        done = subprocess.run(command, check=False, capture_output=True, cwd=folder)
        return done.stderr

    texts = list(islice(contents.ballots, PEER_BALLOTS))
    if b"is valid" not in call(texts[0]):
        return None
    spent = _seconds(lambda: [call(text) for text in texts])
    return (spent - _seconds(lambda: [call("{}") for _ in texts])) / len(texts)


def _seconds(work: Callable[[], object]) -> float:
    """Processor time of this process and its children; the machine may be busy with others."""
    before = os.times()
    work()
    return sum(os.times()[:4]) - sum(before[:4])


if __name__ == "__main__":
    for row in run():
        compared = "" if row.ratio is None else f"  {row.ratio:.2f} x {row.peer}"
        print(f"{row.name:32} {row.value:10.1f} {row.unit}{compared}")
