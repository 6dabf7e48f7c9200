"""One group, some of whose members use belenios-tool: every step fits, both ways."""

from dataclasses import dataclass, field, replace
from pathlib import Path

import pytest

from dauys.crypto.belenios_archive import OwnedPartialDecryption, SizedTally, write_archive
from dauys.crypto.ceremony import (
    assemble,
    make_certificate,
    make_polynomial,
    make_voutput,
    open_share,
    read_certificate,
    vinput,
)
from dauys.crypto.ceremony_messages import Polynomial, Voutput
from dauys.crypto.pki import MemberKeys
from dauys.crypto.tally import (
    PartialDecryption,
    check_partial_decryption,
    combine,
    decrypt_partially,
    result_to_json,
    sum_ballots,
)
from dauys.crypto.threshold import (
    AnyTrustees,
    Certificate,
    parse_any_trustees,
    weighted_parts,
)
from dauys.crypto.trustees import TrusteeKey, election_public_key, trustees_to_json
from tests.integration.test_belenios_tool import Tool, assert_accepted, finished
from tests.vectors.samples import TWO_OF_FIVE
from tests.vectors.seeded import SeededRandom

pytestmark = pytest.mark.belenios
GROUP = ("setup", "generate-trustee-key-threshold", "--group", "Ed25519")
THRESHOLD, SIZE = 2, 4
TOOLS = (1, 3)
"""Members who use belenios-tool; the others use Dauys."""
PLACES = range(1, SIZE + 1)


@dataclass(slots=True)
class Mixed:
    """Members, and what they have sent so far."""

    tool: Tool
    random: SeededRandom
    keys: dict[int, MemberKeys]
    files: dict[int, str]
    """Name of each member's files, without the ending."""
    certificates: list[Certificate] = field(default_factory=list)
    polynomials: list[Polynomial] = field(default_factory=list)
    voutputs: list[Voutput] = field(default_factory=list)

    def certify(self) -> None:
        for place in PLACES:
            if place in TOOLS:
                context = ("--threshold-context", f"{place}/{THRESHOLD}/{SIZE}")
                name = self.files[place] = self.tool.run(*GROUP, "--step", "1", *context).strip()
                self.keys[place] = MemberKeys.from_seed(self.text(f"{name}.key"))
                text = self.text(f"{name}.cert")
                self.certificates.append(read_certificate(text, place, THRESHOLD, SIZE))
            else:
                key = self.keys[place] = MemberKeys.generate(self.random)
                made = make_certificate(key, place, THRESHOLD, SIZE, self.random)
                self.certificates.append(made)
        self.write("certs", [one.to_json() for one in self.certificates])
        self.tool.run(*GROUP, "--step", "2", "--certs", "certs")

    def share(self) -> None:
        for place in PLACES:
            if place in TOOLS:
                key = ("--key", f"{self.files[place]}.key")
                text = self.tool.run(*GROUP, "--step", "3", "--certs", "certs", *key).strip()
                self.polynomials.append(Polynomial.parse(text))
            else:
                made = make_polynomial(self.keys[place], self.certificates, self.random)
                self.polynomials.append(made)
        self.write("polynomials", [one.to_json() for one in self.polynomials])

    def conclude(self) -> str:
        files = ("--certs", "certs", "--polynomials", "polynomials")
        self.tool.run(*GROUP, "--step", "4", *files)
        given = [vinput(self.certificates, self.polynomials, place) for place in PLACES]
        routed = {file.read_text().strip() for file in self.tool.folder.glob("*.vinput")}
        assert routed == {one.to_json() for one in given}
        for place in PLACES:
            one = given[place - 1]
            if place in TOOLS:
                key = ("--certs", "certs", "--key", f"{self.files[place]}.key")
                line = one.to_json() + "\n"
                text = self.tool.run(*GROUP, "--step", "5", *key, given=line).strip()
                self.voutputs.append(Voutput.parse(text))
            else:
                made = make_voutput(self.keys[place], self.certificates, one, self.random)
                self.voutputs.append(made)
        lines = "".join(f"{one.to_json()}\n" for one in self.voutputs)
        return self.tool.run(*GROUP, "--step", "6", *files, given=lines).strip()

    def text(self, name: str) -> str:
        return (self.tool.folder / name).read_text().strip()

    def write(self, name: str, texts: list[str]) -> None:
        (self.tool.folder / name).write_text("".join(f"{text}\n" for text in texts))


def test_members_with_either_program_make_one_key_and_count(
    belenios_tool: str, tmp_path: Path
) -> None:
    tool = Tool(belenios_tool, tmp_path)
    mixed = Mixed(tool, SeededRandom("mixed ceremony"), {}, {})
    mixed.certify()
    mixed.share()
    text = mixed.conclude()
    group = assemble(mixed.certificates, mixed.polynomials, mixed.voutputs)
    assert group.to_json() == text
    group.check()
    single = TrusteeKey.generate(SeededRandom("single"))
    trustees = (single.public, group)
    mixed.write("public_keys.jsons", [single.public.to_json()])
    mixed.write("threshold.json", [text])
    tool.run("setup", "make-trustees")
    assert mixed.text("trustees.json") == trustees_to_json(trustees)
    assert parse_any_trustees(mixed.text("trustees.json")) == trustees
    for used in ("trustees.json", "public_keys.jsons", "threshold.json"):
        (tmp_path / used).unlink(missing_ok=True)
    _count(mixed, trustees, single)


def _count(mixed: Mixed, trustees: AnyTrustees, single: TrusteeKey) -> None:
    """Member 3 decrypts with the tool, member 4 with Dauys; 1 and 2 are gone."""
    tool = mixed.tool
    election = replace(TWO_OF_FIVE.election, public_key=election_public_key(trustees))
    ballots = replace(TWO_OF_FIVE, election=election).ballots()
    tally = sum_ballots(election, ballots)
    contents = replace(
        finished(TWO_OF_FIVE),
        election=election.to_json(),
        trustees=trustees_to_json(trustees),
        ballots=tuple(one.to_json() for one in ballots),
        tally=SizedTally(len(ballots), len(ballots), tally.to_json()),
        partial_decryptions=(),
        result=None,
    )
    write_archive(tool.folder / f"{election.uuid}.bel", contents)
    name = mixed.files[3]
    key = ("--key", f"{name}.key", "--decryption-key", f"{name}.dkey", "--trustee-id", "4")
    theirs = PartialDecryption.parse(tool.run("election", "decrypt-threshold", *key).split("\n")[0])
    check_partial_decryption(election, tally, mixed.voutputs[2].public_key, theirs)
    our_share = open_share(mixed.keys[4], mixed.voutputs[3])
    parts = {
        1: decrypt_partially(election, tally, single, mixed.random),
        4: theirs,
        5: decrypt_partially(election, tally, our_share, mixed.random),
    }
    result = combine(election, tally, weighted_parts(trustees, parts), len(ballots))
    assert result == ((1, 1, 0, 1, 0),)
    owned = tuple(OwnedPartialDecryption(i, part.to_json()) for i, part in parts.items())
    whole = replace(contents, partial_decryptions=owned, result=result_to_json(result))
    assert_accepted(tool, whole)
