"""Keys that people hold in the simulation: voters' certificates, trustees, commission."""

from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Self

from dauys.core.forms import Text
from dauys.core.ports import RandomSource
from dauys.crypto.secret_file import SealingCost
from dauys.crypto.signing import SigningKey
from dauys.crypto.trustees import TrusteeKey, seal_trustee_key
from dauys.response.keys import seal_key
from dauys.scenario.demo_signer import SampleSigner, issue
from dauys.scenario.key_ceremony import HeldCeremony, hold
from dauys.scenario.people import Category, Electorate, Voter
from dauys.scenario.test_ca import Leaf, TestAuthority

PASSPHRASE = "demonstration only"  # noqa: S105 -- guards nothing
"""Of every key file of a simulation. Real ones are chosen by their holders."""

LIGHT = SealingCost(operations=1, memory=8 * 1024 * 1024)
"""Stretching for keys that guard nothing."""

SEATS = (
    ("chair", Text(kk="Комиссия төрағасы", ru="Председатель комиссии", en="Chair")),
    ("secretary", Text(kk="Комиссия хатшысы", ru="Секретарь комиссии", en="Secretary")),
    ("member", Text(kk="Комиссия мүшесі", ru="Член комиссии", en="Member")),
)
TRUSTEES = ("Notary chamber", "University", "Chamber")


@dataclass(slots=True)
class VoterKeys:
    """Certificates of the test authority, issued as they are needed."""

    authority: TestAuthority
    electorate: Electorate
    _leaves: dict[int, Leaf] = field(default_factory=dict)

    def sign(self, voter: Voter, content: bytes, _moment: datetime) -> bytes:
        """Attached signature (CMS, DER) of the voter, or of their organisation's head."""
        leaf = self._leaves.get(voter.register_number)
        if leaf is None:
            leaf = self._leaves[voter.register_number] = issue(self.authority, self.signer(voter))
        return self.authority.sign_cms(leaf, content)

    def signer(self, voter: Voter) -> SampleSigner:
        """Who signs for `voter`: the person, or an organisation's head."""
        name = voter.name.ru
        if voter.category is Category.ENTREPRENEUR:
            return SampleSigner(number=voter.number, iin=voter.number, name=name, organisation="")
        # The head is a person of their own; the electorate does not name them.
        head = next(v for v in self.electorate.voters if v.category is Category.ENTREPRENEUR)
        return SampleSigner(
            number=voter.number, iin=head.number, name=head.name.ru, organisation=name
        )


@dataclass(frozen=True, slots=True)
class OfficeKeys:
    """Trustees' keys, by number from 1, and the commission's, by seat."""

    trustees: tuple[TrusteeKey, ...]
    commission: dict[str, SigningKey]
    ceremony: HeldCeremony | None = None
    """How the trustees made their keys, if they form a group."""

    @classmethod
    def generate(cls, random: RandomSource, threshold: int = 0) -> Self:
        """Draw three of each. With a `threshold` the trustees form a group."""
        commission = {seat: SigningKey.generate(random) for seat, _ in SEATS}
        if threshold:
            ceremony = hold(threshold, TRUSTEES, random)
            return cls(ceremony.trustees, commission, ceremony)
        return cls(tuple(TrusteeKey.generate(random, name) for name in TRUSTEES), commission)

    @property
    def present(self) -> tuple[TrusteeKey, ...]:
        """Who comes to count: of a group the last ones, as few as are enough."""
        if self.ceremony is None:
            return self.trustees
        return self.trustees[-self.ceremony.plan.threshold :]

    def write(self, folder: Path, random: RandomSource) -> None:
        """Write sealed key files as their holders would have them."""
        folder.mkdir(parents=True, exist_ok=True)
        for number, key in enumerate(self.trustees, 1):
            text = seal_trustee_key(key, PASSPHRASE, random, LIGHT)
            (folder / f"trustee-{number}.json").write_text(text)
        for seat, signing in self.commission.items():
            (folder / f"commission-{seat}.json").write_text(seal_key(signing, PASSPHRASE, random))
