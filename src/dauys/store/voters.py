"""Keeps the register: who may vote where, and the pseudonym the board knows them by."""

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime

from django.db import connections, transaction
from django.db.models import Count, QuerySet, Sum

from dauys.conduct.people import Voter
from dauys.core.contests import CategoryCount
from dauys.core.ids import ContestId, ElectionId, Pseudonym, RegisterNumber
from dauys.core.ports import RandomSource
from dauys.identity.codes import CodeStanding
from dauys.identity.register import RegisterVoter
from dauys.store.models import VoterRow

BATCH = 1000


@dataclass(frozen=True, slots=True)
class DatabaseVoters:
    """The register of one election."""

    election: ElectionId

    def replace(self, voters: Iterable[RegisterVoter], random: RandomSource) -> int:
        """Put `voters` in the place of the register so far; return how many.

        Everyone gets a fresh random pseudonym. All or nothing.
        """
        rows = (
            VoterRow(
                election_id=self.election,
                register_number=voter.register_number,
                number=voter.number,
                name=voter.name,
                category=voter.category,
                region=voter.region,
                contest=voter.contest,
                weight=voter.weight,
                phone=voter.phone or "",
                precinct=voter.precinct or "",
                household=voter.household or "",
                email=voter.email or "",
                pseudonym=random(16).hex(),
            )
            for voter in voters
        )
        with transaction.atomic():
            VoterRow.objects.filter(election_id=self.election).delete()
            return len(VoterRow.objects.bulk_create(rows, batch_size=BATCH))

    def by_number(self, number: str) -> Voter | None:
        """The voter with this number, or None: not on the register."""
        return self._one(number=number)

    def by_register_number(self, register_number: int) -> Voter:
        """The voter on this line of the register. Raises LookupError when there is none."""
        voter = self._one(register_number=register_number)
        if voter is None:
            raise LookupError(register_number)
        return voter

    def by_pseudonym(self, pseudonym: Pseudonym) -> Voter:
        """Whose pseudonym this is. Raises LookupError when nobody's. Callers log the access."""
        voter = self._one(pseudonym=pseudonym)
        if voter is None:
            raise LookupError(pseudonym)
        return voter

    def by_pseudonyms(self, pseudonyms: Collection[Pseudonym]) -> dict[Pseudonym, Voter]:
        """Whose pseudonyms these are; nobody's are left out. Callers log the access."""
        connections["default"].close_if_unusable_or_obsolete()  # its server may have been restarted
        rows = VoterRow.objects.filter(election_id=self.election, pseudonym__in=pseudonyms)
        return {voter.pseudonym: voter for voter in map(_voter, rows)}

    def all(self) -> Iterator[Voter]:
        """Everyone, by register number."""
        rows = VoterRow.objects.filter(election_id=self.election).order_by("register_number")
        return map(_voter, rows.iterator(BATCH))

    def count(self) -> int:
        """How many voters the register holds."""
        return VoterRow.objects.filter(election_id=self.election).count()

    def counts(self) -> dict[ContestId, tuple[CategoryCount, ...]]:
        """Voters and their weight by contest and category."""
        rows = (
            VoterRow.objects.filter(election_id=self.election)
            .values_list("contest", "category")
            .annotate(Count("id"), Sum("weight"))
            .order_by("contest", "category")
        )
        counts: dict[ContestId, tuple[CategoryCount, ...]] = {}
        for contest, category, voters, weight in rows:
            one = CategoryCount(category=category, voters=voters, weight=weight)
            counts[ContestId(contest)] = (*counts.get(ContestId(contest), ()), one)
        return counts

    def weights(self) -> dict[ContestId, dict[int, int]]:
        """How many voters of each contest have each weight."""
        rows = (
            VoterRow.objects.filter(election_id=self.election)
            .values_list("contest", "weight")
            .annotate(Count("id"))
            .order_by("contest", "weight")
        )
        found: dict[ContestId, dict[int, int]] = {}
        for contest, weight, voters in rows:
            found.setdefault(ContestId(contest), {})[weight] = voters
        return found

    def set_codes(self, voter: Voter, *, held: bool, cleared: datetime | None) -> None:
        """Stop the voter's codes, or let them start anew since `cleared`."""
        self._row(voter).update(codes_held=held, codes_cleared=cleared)

    def set_phone(self, voter: Voter, phone: str) -> None:
        """Change the phone on the register."""
        self._row(voter).update(phone=phone)

    def holders_of(self, phone: str) -> int:
        """How many voters have this phone."""
        return VoterRow.objects.filter(election_id=self.election, phone=phone).count()

    def shared_phones(self) -> tuple[int, int]:
        """Phones that stand for several voters, and how many voters these are."""
        return self._shared("phone")

    def shared_emails(self) -> tuple[int, int]:
        """Likewise of e-mail addresses."""
        return self._shared("email")

    def with_phone(self) -> int:
        """How many voters have a phone."""
        return VoterRow.objects.filter(election_id=self.election).exclude(phone="").count()

    def emails(self) -> Iterator[str]:
        """Every e-mail address of the register."""
        rows = VoterRow.objects.filter(election_id=self.election).exclude(email="")
        return rows.values_list("email", flat=True).iterator(BATCH)

    def _shared(self, column: str) -> tuple[int, int]:
        rows = VoterRow.objects.filter(election_id=self.election).exclude(**{column: ""})
        shared = rows.values(column).annotate(n=Count("id")).filter(n__gt=1)
        counts = list(shared.values_list("n", flat=True))
        return len(counts), sum(counts)

    def _row(self, voter: Voter) -> QuerySet[VoterRow]:
        return VoterRow.objects.filter(
            election_id=self.election, register_number=voter.register_number
        )

    def _one(self, **where: object) -> Voter | None:
        row = VoterRow.objects.filter(election_id=self.election, **where).first()
        return _voter(row) if row else None


def _voter(row: VoterRow) -> Voter:
    return Voter(
        register_number=RegisterNumber(row.register_number),
        number=row.number,
        name=row.name,
        category=row.category,
        region=row.region,
        contest=ContestId(row.contest),
        weight=row.weight,
        phone=row.phone or None,
        precinct=row.precinct,
        household=row.household,
        pseudonym=Pseudonym(row.pseudonym),
        codes=CodeStanding(row.codes_held, row.codes_cleared),
        email=row.email or None,
    )
