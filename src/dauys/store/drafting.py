"""Writes the draft of an election, one choice at a time; refuses once it is sealed."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import IntegrityError, transaction

from dauys.core.entries import Candidate
from dauys.core.errors import RefusedError
from dauys.core.forms import Text
from dauys.core.ids import CandidateId, ContestId, ElectionId
from dauys.store.models import (
    CandidateRow,
    CommissionSeat,
    ContestRow,
    ElectionRow,
    LogHead,
    Staff,
    TrusteeSeat,
)


def _columns(field: str, text: Text) -> dict[str, str]:
    return {f"{field}_kk": text.kk, f"{field}_ru": text.ru, f"{field}_en": text.en}


@dataclass(frozen=True, slots=True)
class DraftDesk:
    """The organiser's pen for one election. Every call raises RefusedError `sealed` after."""

    election: ElectionId

    def create(self, slug: str, name: Text, organiser: Text, help_phone: str = "") -> None:
        """Begin an election. Raises RefusedError `slug_taken`."""
        try:
            with transaction.atomic():
                row = ElectionRow.objects.create(
                    id=self.election,
                    slug=slug,
                    help_phone=help_phone,
                    methods=["sms", "eds"],
                    **_columns("name", name),
                    **_columns("organiser", organiser),
                )
                LogHead.objects.create(election=row)
        except IntegrityError as error:
            raise RefusedError("slug_taken", slug) from error

    def describe(self, name: Text, organiser: Text, help_phone: str) -> None:
        """Change the texts."""
        self._update(
            help_phone=help_phone, **_columns("name", name), **_columns("organiser", organiser)
        )

    def set_times(self, opens: datetime, closes: datetime, zone: str) -> None:
        """When voting opens and closes; `zone` (IANA) is the one shown to people."""
        self._update(opens=opens, closes=closes, zone=zone)

    def set_rules(
        self,
        *,
        methods: Sequence[str],
        policy: str,
        stratum_minimum: int,
        quorum: int,
        clock_step: int,
        one_phone_one_voter: bool = True,
        phone_freeze_hours: int = 24,
    ) -> None:
        """How people vote and the commission decides; `methods` from the weakest."""
        self._update(
            methods=list(methods),
            policy=policy,
            stratum_minimum=stratum_minimum,
            quorum=quorum,
            clock_step=clock_step,
            one_phone_one_voter=one_phone_one_voter,
            phone_freeze_hours=phone_freeze_hours,
        )

    def put_contest(  # noqa: PLR0913 -- a contest
        self,
        word: ContestId,
        name: Text,
        *,
        region: str,
        seats: int,
        minimum: int = 1,
        maximum: int = 1,
        blank: bool = False,
        uuid: ElectionId,
    ) -> None:
        """Add a contest, or change it; `uuid` names its Belenios election if it is new."""
        row = self._draft()
        values = {
            "region": region,
            "seats": seats,
            "minimum": minimum,
            "maximum": maximum,
            "blank": blank,
            **_columns("name", name),
        }
        ContestRow.objects.update_or_create(
            election=row,
            word=word,
            defaults=values,
            create_defaults={**values, "uuid": uuid, "position": row.contests.count()},
        )

    def remove_contest(self, word: ContestId) -> None:
        """Take a contest and its candidates out."""
        self._draft().contests.filter(word=word).delete()

    def put_candidate(self, contest: ContestId, candidate: Candidate) -> None:
        """Add a candidate at the end of the ballot paper, or change one."""
        row = self._contest(contest)
        values = {
            "name": candidate.name,
            **_columns("occupation", candidate.occupation),
            **_columns("programme", candidate.programme),
        }
        CandidateRow.objects.update_or_create(
            contest=row,
            word=candidate.id,
            defaults=values,
            create_defaults={**values, "position": row.candidates.count()},
        )

    def remove_candidate(self, contest: ContestId, candidate: CandidateId) -> None:
        """Take a candidate out."""
        self._contest(contest).candidates.filter(word=candidate).delete()

    def put_trustee(self, number: int, name: str, public_key: str) -> None:
        """Name trustee `number` (from 1); `public_key` is Belenios JSON, or empty for now."""
        self._draft()
        TrusteeSeat.objects.update_or_create(
            election_id=self.election,
            number=number,
            defaults={"name": name, "public_key": public_key},
        )

    def put_seat(self, word: str, name: Text, key: str = "", holder: Staff | None = None) -> None:
        """Name a seat of the commission, who holds it, and its key (hex, or empty for now)."""
        row = self._draft()
        values = {"key": key, "holder": holder, **_columns("name", name)}
        CommissionSeat.objects.update_or_create(
            election=row,
            word=word,
            defaults=values,
            create_defaults={**values, "position": row.commission.count()},
        )

    def _draft(self) -> ElectionRow:
        row = ElectionRow.objects.get(pk=self.election)
        if row.sealed:
            raise RefusedError("sealed")
        return row

    def _contest(self, word: ContestId) -> ContestRow:
        row = self._draft().contests.filter(word=word).first()
        if row is None:
            raise RefusedError("unknown_contest", word)
        return row

    def _update(self, **values: object) -> None:
        self._draft()
        ElectionRow.objects.filter(pk=self.election).update(**values)


def seat_holder(election: ElectionId, seat: str, person: Staff) -> None:
    """Give a commission seat to `person`. Allowed at any time: the key stays what it is."""
    CommissionSeat.objects.filter(election_id=election, word=seat).update(holder=person)
