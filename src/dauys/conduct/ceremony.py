"""A key ceremony as it stands: a plan, the messages sent so far, and whose turn it is.

Messages are public texts, as Belenios prints them; who carries them (a folder, a memory
stick, the console) learns no secret. `crypto.ceremony` says what each must hold.
"""

import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Annotated, Final, Literal, Self

from msgspec import Meta

from dauys.core.canonical import Record, decode, encode
from dauys.core.errors import DauysError, MalformedError, RefusedError, VerificationError
from dauys.core.ports import RandomSource
from dauys.crypto import ceremony as steps
from dauys.crypto.ceremony_messages import Fault, MemberError, Polynomial, Voutput
from dauys.crypto.election import new_uuid
from dauys.crypto.pki import MemberKeys
from dauys.crypto.secret_file import (
    MODERATE,
    SealingCost,
    open_secret,
    seal_secret,
    sealed_public,
)
from dauys.crypto.threshold import Certificate, ThresholdTrustees

PLAN: Final = "plan.json"
GROUP: Final = "group.json"
MAX_MESSAGE: Final = 2**20
"""Bytes; the polynomial of a group of twenty has 30,000."""
MOST_MEMBERS: Final = 20
_FILE: Final = re.compile(r"(certificate|polynomial|voutput)-([1-9][0-9]?)(?![0-9])")
_KEY: Final = "ceremony key"
_ID: Final = r"^[1-9A-HJ-NP-Za-km-z]{22}$"


class Stage(StrEnum):
    """What every member sends, in this order; `DONE` when everybody has sent everything."""

    CERTIFICATE = "certificate"
    POLYNOMIAL = "polynomial"
    VOUTPUT = "voutput"
    DONE = "done"


SENT: Final = (Stage.CERTIFICATE, Stage.POLYNOMIAL, Stage.VOUTPUT)
WORDS: Final[dict[str, str]] = {
    Stage.CERTIFICATE: "certificate",
    Stage.POLYNOMIAL: "part of the key",
    Stage.VOUTPUT: "confirmation",
}
"""What people call the messages; files bear the names of Belenios."""

Texts = Mapping[tuple[Stage, int], str]
"""Messages by stage and by the member's place, from 1."""

_Name = Annotated[str, Meta(min_length=1, max_length=120)]


class Plan(Record, frozen=True, kw_only=True):
    """Who makes a key together, and how many of them will be enough to decrypt."""

    v: Literal[1] = 1
    ceremony: Annotated[str, Meta(pattern=_ID)]
    """Tells this ceremony from any other."""
    threshold: Annotated[int, Meta(ge=2)]
    members: Annotated[tuple[_Name, ...], Meta(min_length=3, max_length=MOST_MEMBERS)]

    def to_text(self) -> str:
        """Print canonically."""
        return encode(self).decode()


def make_plan(threshold: int, members: tuple[str, ...], random: RandomSource) -> Plan:
    """Begin a ceremony. Raises RefusedError `bad_group`.

    At least 2 must be needed, since one alone could read ballots, and fewer than all, or
    each could be a trustee by themselves.
    """
    names = tuple(" ".join(name.split())[:120] for name in members)
    different = len(set(names)) == len(names) and all(names)
    if not (different and 2 <= threshold < len(names) <= MOST_MEMBERS):
        raise RefusedError("bad_group", f"{threshold} of {len(names)}")
    return Plan(ceremony=new_uuid(random), threshold=threshold, members=names)


def read_plan(text: str) -> Plan:
    """Read what `to_text` prints. Raises MalformedError."""
    plan = decode(text.strip().encode(), Plan, "plan of the ceremony")
    if plan.threshold >= len(plan.members) or len(set(plan.members)) != len(plan.members):
        raise MalformedError("plan of the ceremony", "not a threshold below the members")
    return plan


def file_name(stage: Stage, place: int) -> str:
    """Name of the file that carries a message: `polynomial-2.json`."""
    return f"{stage}-{place}.json"


def parse_file_name(name: str) -> tuple[Stage, int] | None:
    """Stage and place that a file's name tells; browsers may have added to it. Else None."""
    found = _FILE.match(name)
    return (Stage(found[1]), int(found[2])) if found else None


@dataclass(frozen=True, slots=True)
class Ceremony:
    """The messages so far, all checked, in the order of the members.

    A list is shorter than the others, and empty, until its stage begins.
    """

    plan: Plan
    certificates: Mapping[int, Certificate]
    polynomials: Mapping[int, Polynomial]
    voutputs: Mapping[int, Voutput]

    @classmethod
    def read(cls, plan: Plan, texts: Texts) -> Self:
        """Check all `texts`, stage by stage.

        Raises MemberError about whoever's message is wrong; RefusedError `no_such_place`,
        or `out_of_turn` for messages of a stage whose turn has not come.
        """
        standing = cls(plan, {}, {}, {})
        for stage in SENT:
            of_stage = {place: text for (of, place), text in texts.items() if of is stage}
            for place in sorted(of_stage):
                standing = standing.take(stage, place, of_stage[place])
        return standing

    @property
    def stage(self) -> Stage:
        """The first stage for which a message is missing."""
        return next((stage for stage in SENT if self.missing(stage)), Stage.DONE)

    def missing(self, stage: Stage) -> tuple[int, ...]:
        """Places of those who have not sent their message of `stage`."""
        there = self._of(stage)
        return tuple(p for p in range(1, len(self.plan.members) + 1) if p not in there)

    def text(self, stage: Stage, place: int) -> str | None:
        """The message of the member at `place`, if it is there."""
        message = self._of(stage).get(place)
        return None if message is None else message.to_json()

    def take(self, stage: Stage, place: int, text: str) -> Self:
        """The ceremony with one message more; the same message again changes nothing.

        Raises as `read`; RefusedError `already_sent` for another message than the one there.
        """
        if not 1 <= place <= len(self.plan.members):
            raise RefusedError("no_such_place", str(place))
        before = SENT[: SENT.index(stage)]
        for earlier in before:
            if waiting := self.missing(earlier):
                names = ", ".join(f"{earlier} of {self.plan.members[p - 1]}" for p in waiting)
                raise RefusedError("out_of_turn", names)
        text = text.strip()
        known = self.text(stage, place)
        if known is not None and known != text:
            raise RefusedError("already_sent", f"{stage} {place}")
        match self._checked(stage, place, text):
            case Certificate() as certificate:
                return replace(self, certificates={**self.certificates, place: certificate})
            case Polynomial() as polynomial:
                return replace(self, polynomials={**self.polynomials, place: polynomial})
            case voutput:
                return replace(self, voutputs={**self.voutputs, place: voutput})

    def in_order(self) -> tuple[tuple[Certificate, ...], tuple[Polynomial, ...]]:
        """Certificates and polynomials of all members, as far as they are complete."""
        return (
            tuple(self.certificates[place] for place in sorted(self.certificates)),
            tuple(self.polynomials[place] for place in sorted(self.polynomials)),
        )

    def fingerprint(self) -> str:
        """What all members compare before step 3: 32 hex digits of the certificates.

        Half of a SHA-256: two sets of certificates with the same one cost 2^64 attempts.
        """
        text = "\n".join(self.certificates[place].to_json() for place in sorted(self.certificates))
        digest = hashlib.sha256(text.encode()).hexdigest()[:32]
        return " ".join(digest[i : i + 4] for i in range(0, 32, 4))

    def group(self) -> ThresholdTrustees:
        """The finished group. Raises RefusedError `out_of_turn`; VerificationError."""
        if self.stage is not Stage.DONE:
            raise RefusedError("out_of_turn", str(self.stage))
        certificates, polynomials = self.in_order()
        outputs = tuple(self.voutputs[place] for place in sorted(self.voutputs))
        return steps.assemble(certificates, polynomials, outputs)

    def _of(self, stage: Stage) -> Mapping[int, Certificate | Polynomial | Voutput]:
        match stage:
            case Stage.CERTIFICATE:
                return self.certificates
            case Stage.POLYNOMIAL:
                return self.polynomials
            case Stage.VOUTPUT:
                return self.voutputs
            case _:
                return {}

    def _checked(self, stage: Stage, place: int, text: str) -> Certificate | Polynomial | Voutput:
        plan = self.plan
        if len(text) > MAX_MESSAGE:
            raise MemberError(place, Fault.DAMAGED, stage, "too long")
        if stage is Stage.CERTIFICATE:
            found = steps.read_certificate(text, place, plan.threshold, len(plan.members))
            for other, certificate in self.certificates.items():
                if other != place and found.verification == certificate.verification:
                    raise MemberError(place, Fault.TWICE, stage, f"a key is that of member {other}")
            return found
        certificates, polynomials = self.in_order()
        try:
            if stage is Stage.POLYNOMIAL:
                polynomial = Polynomial.parse(text)
                steps.check_polynomial(certificates, place, polynomial)
                return polynomial
            voutput = Voutput.parse(text)
        except MalformedError as error:
            why = f"malformed {error.what}: {error.why}"
            raise MemberError(place, Fault.DAMAGED, stage, why) from error
        steps.check_voutput(certificates, polynomials, place, voutput)
        if voutput.public_key.name not in {None, plan.members[place - 1]}:
            raise MemberError(place, Fault.NAME, stage, "it bears another name than the plan")
        return voutput


class _Owner(Record, frozen=True, kw_only=True):
    """What a ceremony key's file says in the clear."""

    ceremony: str
    place: int
    certificate: str


@dataclass(frozen=True, slots=True)
class CeremonyKey:
    """A member's sealed key file, before its passphrase is known."""

    text: str
    ceremony: str
    place: int
    certificate: str

    @classmethod
    def make(
        cls,
        plan: Plan,
        place: int,
        passphrase: str,
        random: RandomSource,
        cost: SealingCost = MODERATE,
    ) -> Self:
        """Draw a member's seed and make their certificate. Raises RefusedError."""
        if not 1 <= place <= len(plan.members):
            raise RefusedError("no_such_place", str(place))
        keys = MemberKeys.generate(random)
        made = steps.make_certificate(keys, place, plan.threshold, len(plan.members), random)
        return cls._sealed(plan, keys, made, passphrase, random, cost)

    @classmethod
    def adopt(  # as `make`, for what another program made
        cls,
        standing: Ceremony,
        place: int,
        seed: str,
        passphrase: str,
        random: RandomSource,
        cost: SealingCost = MODERATE,
    ) -> Self:
        """Seal the seed of a member who began with belenios-tool, to go on with Dauys.

        Raises MalformedError if it is no seed, VerificationError unless the certificate of
        the member at `place` is of it.
        """
        keys = MemberKeys.from_seed(seed)
        certificate = standing.certificates.get(place)
        if certificate is None or certificate.verification != keys.verification:
            raise VerificationError("seed", f"it is not that of the certificate of member {place}")
        return cls._sealed(standing.plan, keys, certificate, passphrase, random, cost)

    @classmethod
    def _sealed(
        cls,
        plan: Plan,
        keys: MemberKeys,
        certificate: Certificate,
        passphrase: str,
        random: RandomSource,
        cost: SealingCost,
    ) -> Self:
        place, printed = certificate.index, certificate.to_json()
        public = encode(_Owner(ceremony=plan.ceremony, place=place, certificate=printed)).decode()
        text = seal_secret(_KEY, public, keys.seed.encode(), passphrase, random, cost)
        return cls(text, plan.ceremony, place, printed)

    @classmethod
    def read(cls, text: str) -> Self:
        """Read a key file. Raises MalformedError."""
        public = sealed_public(text, _KEY)
        owner = decode(public.encode(), _Owner, _KEY)
        return cls(text, owner.ceremony, owner.place, owner.certificate)

    def open(self, passphrase: str) -> MemberKeys:
        """Unseal. Raises WrongPassphraseError, MalformedError, VerificationError."""
        _, seed = open_secret(_KEY, self.text, passphrase)
        keys = MemberKeys.from_seed(seed.decode("ascii", "replace"))
        certificate = Certificate.parse(self.certificate)
        if (certificate.verification, certificate.encryption) != (
            keys.verification,
            keys.encryption,
        ):
            raise VerificationError(_KEY, "its certificate is another's")
        return keys


def explained(error: DauysError, plan: Plan) -> str:
    """What was wrong, with the name of the member whose message it was."""
    if isinstance(error, MemberError):
        name = plan.members[error.member - 1]
        claim = WORDS.get(error.claim, error.claim)
        return f"trustee {error.member}, {name}: {claim}: {error.why}"
    return str(error)
