"""Signs for sample voters of the demonstration, with the test authority kept beside it.

Stands where a voter's own signing program would be. Never part of a real election: the
authority's keys lie in the data folder, and only a demonstration trusts it.
"""

from pathlib import Path
from typing import Final

from dauys.core.canonical import Record, decode, encode
from dauys.scenario.test_ca import Leaf, TestAuthority

FOLDER: Final = "demo-ca"
CHOSEN: Final = "chosen"


class SampleSigner(Record, frozen=True, kw_only=True):
    """Who a sample voter is: `organisation` is empty for a person, else `number` is a BIN."""

    number: str
    iin: str
    name: str
    organisation: str


def keep(folder: Path, authority: TestAuthority, signers: tuple[SampleSigner, ...]) -> None:
    """Keep the authority and the sample voters it signs for in `folder`."""
    authority.save(folder / FOLDER)
    (folder / FOLDER / "signers.json").write_bytes(encode(signers))


def sign(folder: Path, number: str, content: bytes) -> bytes:
    """Attached signature (CMS, DER) of the sample voter `number` over `content`.

    `folder` is the installation's data folder. Raises LookupError for anybody else.
    """
    kept = folder / FOLDER
    if not kept.is_dir():
        raise LookupError(number)
    signers = decode(
        (kept / "signers.json").read_bytes(), tuple[SampleSigner, ...], "sample voters"
    )
    for signer in signers:
        if signer.number == number:
            authority = TestAuthority.load(kept)
            return authority.sign_cms(issue(authority, signer), content)
    raise LookupError(number)


def choose(folder: Path, number: str) -> None:
    """Put the sample voter's keys into the stand-in for NCALayer (`sign_as_chosen`)."""
    kept = folder / FOLDER
    if kept.is_dir():
        (kept / CHOSEN).write_text(number)


def sign_as_chosen(folder: Path, content: bytes) -> bytes:
    """Attached signature of who was chosen last. Raises LookupError when nobody was."""
    file = folder / FOLDER / CHOSEN
    if not file.is_file():
        raise LookupError("nobody was chosen")
    return sign(folder, file.read_text(), content)


def issue(authority: TestAuthority, signer: SampleSigner) -> Leaf:
    """Certificate and key of `signer`."""
    if signer.organisation:
        return authority.issue_head(signer.number, signer.iin, signer.name, signer.organisation)
    return authority.issue_person(signer.number, signer.name)
