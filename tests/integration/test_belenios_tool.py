"""belenios-tool, which we did not write, accepts what we make, and we what it makes.

Its `election verify` alone would show too little: version 3.0 starts the checks of the
ballots but neither waits for them nor minds their failure, and takes the encrypted tally
as given. So each ballot is also put before `verify-ballot`, and the sums and the result
are computed by the tool and compared.
"""

import dataclasses
import json
import subprocess
from collections.abc import Sequence
from pathlib import Path

import pytest

from dauys.crypto.ballot import check_ballot, make_ballot, parse_ballot
from dauys.crypto.belenios_archive import (
    ArchiveContents,
    OwnedPartialDecryption,
    SizedTally,
    read_archive,
    write_archive,
)
from dauys.crypto.ed25519 import Q, parse_scalar
from dauys.crypto.election import ElectionParameters, parse_election
from dauys.crypto.question import Question
from dauys.crypto.tally import (
    EncryptedTally,
    PartialDecryption,
    check_partial_decryption,
    combine,
    decrypt_partially,
    result_to_json,
    sum_ballots,
)
from dauys.crypto.threshold import keys_by_owner, parse_any_trustees
from dauys.crypto.trustees import TrusteePublicKey, election_public_key, trustees_to_json
from tests.vectors.generate import all_mutations
from tests.vectors.samples import (
    BLANK,
    LIST_SAMPLES,
    MIXED,
    ONE_OF_TEN,
    REFERENDUM,
    SAMPLES,
    SEVERAL,
    Sample,
)
from tests.vectors.seeded import ChosenScalars, SeededRandom

TIMESTAMP = 1_596_513_600
EVERY_LETTER = "Әә Ғғ Ққ Ңң Өө Ұұ Үү Һһ Іі Ё «№» \"'\\/<&> é 😀 \u2028 \t\n\r\b\f\x00\x1f\x7f"


class Tool:
    """belenios-tool at work in one folder."""

    def __init__(self, path: str, folder: Path) -> None:
        self._path = path
        self.folder = folder

    def try_run(self, *arguments: str, given: str = "") -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [self._path, *arguments],
            cwd=self.folder,
            capture_output=True,
            text=True,
            timeout=120,
            check=False,
            input=given,
        )

    def run(self, *arguments: str, given: str = "") -> str:
        done = self.try_run(*arguments, given=given)
        assert done.returncode == 0, done.stderr
        return done.stdout

    def verify_ballot(self, text: str) -> str:
        """What the tool says of a ballot."""
        (self.folder / "ballot").write_text(text)
        return self.try_run("election", "verify-ballot", "--ballot", "ballot").stderr


@pytest.fixture
def tool(belenios_tool: str, tmp_path: Path) -> Tool:
    return Tool(belenios_tool, tmp_path)


def finished(sample: Sample, weights: Sequence[int] | None = None) -> ArchiveContents:
    """The whole election of `sample`, made by Dauys alone."""
    ballots = sample.ballots()
    tally = sum_ballots(sample.election, ballots, weights)
    total = len(ballots) if weights is None else sum(weights)
    suffixes = ["" for _ in ballots] if weights is None else [f",{one}" for one in weights]
    parts = [
        decrypt_partially(sample.election, tally, key, SeededRandom(f"{i}"))
        for i, key in enumerate(sample.trustees)
    ]
    result = combine(sample.election, tally, parts, total)
    return ArchiveContents(
        timestamp=TIMESTAMP,
        election=sample.election.to_json(),
        trustees=trustees_to_json([key.public for key in sample.trustees]),
        credentials=tuple(b.credential + s for b, s in zip(ballots, suffixes, strict=True)),
        ballots=tuple(ballot.to_json() for ballot in ballots),
        ended=True,
        tally=SizedTally(len(ballots), total, tally.to_json()),
        partial_decryptions=tuple(
            OwnedPartialDecryption(i, part.to_json()) for i, part in enumerate(parts, start=1)
        ),
        result=result_to_json(result),
    )


def assert_accepted(tool: Tool, contents: ArchiveContents) -> None:
    """The tool finds every ballot valid, and the same sums and result in the whole."""
    archive = tool.folder / f"{parse_election(contents.election).uuid}.bel"
    write_archive(archive, _empty_poll(contents))
    for text in contents.ballots:
        assert "is valid" in tool.verify_ballot(text)
    write_archive(archive, contents)
    assert contents.tally is not None
    computed = tool.run("election", "compute-encrypted-tally").splitlines()
    assert computed[0] == contents.tally.encrypted_tally
    assert json.loads(computed[1])["total_weight"] == contents.tally.total_weight
    assert tool.run("election", "compute-result").rstrip("\n") == contents.result
    assert "all checks passed" in tool.try_run("election", "verify").stderr


def _empty_poll(contents: ArchiveContents) -> ArchiveContents:
    """The same election before its first ballot."""
    return dataclasses.replace(
        contents, ballots=(), ended=False, tally=None, partial_decryptions=(), result=None
    )


@pytest.mark.parametrize("sample", [*SAMPLES, *LIST_SAMPLES], ids=lambda sample: sample.name)
def test_whole_election_made_here_is_accepted(sample: Sample, tool: Tool) -> None:
    assert_accepted(tool, finished(sample))


def test_weights_are_counted_as_the_tool_counts_them(tool: Tool) -> None:
    weights = (1, 700, 12)
    contents = finished(MIXED, weights)
    assert contents.result == ('{"result":[[1,700,700,12],[[13,12,13],[0],[700,700]],[13,700]]}')
    assert_accepted(tool, contents)
    lighter = contents.credentials[0], contents.credentials[1].replace(",700", ",699")
    changed = dataclasses.replace(contents, credentials=(*lighter, contents.credentials[2]))
    write_archive(tool.folder / f"{MIXED.election.uuid}.bel", changed)
    computed = tool.run("election", "compute-encrypted-tally").splitlines()
    assert computed[0] != tally_of(contents).encrypted_tally


def tally_of(contents: ArchiveContents) -> SizedTally:
    assert contents.tally is not None
    return contents.tally


def test_election_without_a_single_ballot_is_accepted_too(tool: Tool) -> None:
    assert_accepted(tool, finished(dataclasses.replace(BLANK, choices=())))


def test_result_with_a_moved_vote_fails_its_verification(tool: Tool) -> None:
    moved = dataclasses.replace(finished(REFERENDUM), result='{"result":[[2,0]]}')
    write_archive(tool.folder / f"{REFERENDUM.election.uuid}.bel", moved)
    assert "check_result failed" in tool.try_run("election", "verify").stderr


@pytest.mark.parametrize("error", ["malformed", "verification"])
def test_it_refuses_the_changed_ballots_that_we_refuse(error: str, tool: Tool) -> None:
    sample = REFERENDUM
    write_archive(tool.folder / f"{sample.election.uuid}.bel", _empty_poll(finished(sample)))
    assert "is valid" in tool.verify_ballot(sample.ballot_text(0))
    cancelling = ChosenScalars([5, Q - 5], "cancel")  # nonces whose sum is zero
    text = make_ballot(sample.election, sample.key(1), [[0, 1]], cancelling)
    assert "is valid" in tool.verify_ballot(text)
    found = [
        mutation
        for mutation in all_mutations(sample.ballot_text(0), sample.key(0))
        if mutation.error == error and "\n" not in mutation.ballot  # the tool reads one line
    ]
    for mutation in found[::4]:  # a quarter of them, for the time it takes
        assert "is valid" not in tool.verify_ballot(mutation.ballot), mutation.name


def test_it_prints_every_letter_as_we_do(tool: Tool) -> None:
    election = dataclasses.replace(
        SEVERAL.election,
        name=EVERY_LETTER,
        description=EVERY_LETTER,
        questions=(Question((EVERY_LETTER, "Иә"), 0, 1, EVERY_LETTER),),
        administrator=EVERY_LETTER,
        credential_authority=EVERY_LETTER,
    )
    template = json.loads(election.to_json())
    for field in ("version", "group", "public_key", "uuid"):
        del template[field]
    (tool.folder / "template.json").write_text(json.dumps(template))
    trustees = trustees_to_json([key.public for key in SEVERAL.trustees])
    (tool.folder / "trustees.json").write_text(trustees)
    group = ("--group", "Ed25519", "--uuid", election.uuid)
    tool.run("setup", "make-election", *group, "--template", "template.json")
    assert (tool.folder / "election.json").read_text().rstrip("\n") == election.to_json()


def test_its_trustees_and_ballots_are_counted_here_together_with_ours(tool: Tool) -> None:
    election, trustees, secrets = _shared_election(tool)
    archive = tool.folder / f"{election.uuid}.bel"
    credentials = read_archive(archive).credentials
    ballots = []
    for secret, choices in zip(secrets, ONE_OF_TEN.choices, strict=True):
        (tool.folder / "secret").write_text(secret)
        (tool.folder / "choice").write_text(json.dumps(choices))
        text = tool.run(
            "election", "generate-ballot", "--privcred", "secret", "--choice", "choice"
        ).rstrip("\n")
        ballot = parse_ballot(text)
        check_ballot(ballot, election)
        assert ballot.credential in credentials
        ballots.append(ballot)
    ours = ONE_OF_TEN.key(0)
    text = make_ballot(election, ours, ONE_OF_TEN.choices[0], SeededRandom("ours"))
    ballots.append(parse_ballot(text))
    tally = sum_ballots(election, ballots)
    contents = dataclasses.replace(
        read_archive(archive),
        credentials=(*credentials, ours.public),
        ballots=tuple(ballot.to_json() for ballot in ballots),
        ended=True,
        tally=SizedTally(len(ballots), len(ballots), tally.to_json()),
    )
    write_archive(archive, contents)
    parts = _decrypt(tool, election, tally, trustees)
    result = combine(election, tally, [part for _, part in parts], len(ballots))
    assert result == ((1, 0, 0, 0, 1, 0, 0, 0, 0, 2),)
    owned = tuple(OwnedPartialDecryption(i, part.to_json()) for i, part in parts)
    whole = dataclasses.replace(contents, partial_decryptions=owned, result=result_to_json(result))
    assert_accepted(tool, whole)


def _shared_election(
    tool: Tool,
) -> tuple[ElectionParameters, tuple[TrusteePublicKey, ...], list[str]]:
    """An election set up by the tool with one trustee of ours and one of its own."""
    group = ("--group", "Ed25519")
    uuid = tool.run("setup", "generate-token").strip()
    tool.run("setup", "generate-credentials", "--uuid", uuid, *group, "--count", "3")
    secrets = json.loads(next(tool.folder.glob("*.privcreds")).read_text())
    next(tool.folder.glob("*.pubcreds")).rename(tool.folder / "public_creds.json")
    tool.run("setup", "generate-trustee-key", *group)
    ours = ONE_OF_TEN.trustees[0].public.to_json()
    theirs = next(tool.folder.glob("*.pubkey")).read_text()
    (tool.folder / "public_keys.jsons").write_text(f"{ours}\n{theirs}")
    tool.run("setup", "make-trustees")
    template = {
        "name": EVERY_LETTER,
        "description": "",
        "questions": [json.loads(ONE_OF_TEN.election.questions[0].to_json())],
    }
    (tool.folder / "template.json").write_text(json.dumps(template))
    tool.run("setup", "make-election", "--uuid", uuid, *group, "--template", "template.json")
    tool.run("archive", "init")
    contents = read_archive(tool.folder / f"{uuid}.bel")
    election, trustees = parse_election(contents.election), parse_any_trustees(contents.trustees)
    assert election.public_key == election_public_key(trustees)
    return election, keys_by_owner(trustees), list(secrets.values())


def _decrypt(
    tool: Tool,
    election: ElectionParameters,
    tally: EncryptedTally,
    trustees: tuple[TrusteePublicKey, ...],
) -> list[tuple[int, PartialDecryption]]:
    """Partial decryptions by our trustee and by the tool's, with their owners."""
    our_key = ONE_OF_TEN.trustees[0]
    ours = trustees.index(our_key.public) + 1
    theirs = 3 - ours
    privkey = next(tool.folder.glob("*.privkey"))
    parse_scalar(json.loads(privkey.read_text()))
    arguments = ("--privkey", privkey.name, "--trustee-id", str(theirs))
    printed, owned = tool.run("election", "decrypt", *arguments).splitlines()
    assert json.loads(owned)["owner"] == theirs
    part = PartialDecryption.parse(printed)
    check_partial_decryption(election, tally, trustees[theirs - 1], part)
    our_part = decrypt_partially(election, tally, our_key, SeededRandom("decrypt"))
    return sorted([(ours, our_part), (theirs, part)], key=lambda pair: pair[0])
