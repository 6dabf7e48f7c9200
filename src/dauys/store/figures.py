"""Counts and look-ups of a running election that stand in tables, not on the board."""

from collections import Counter
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, tzinfo

from django.db.models import Count, Max, Min, Q
from django.db.models.functions import TruncHour

from dauys.core.ids import ContestId, ElectionId, LeafIndex
from dauys.store.models import CodeRow, EvidenceRow, PermitRow
from dauys.store.signals.models import SignalRow


@dataclass(frozen=True, slots=True)
class HourCount:
    """Ballots cast in the hour that begins at `hour`."""

    hour: datetime
    contest: ContestId
    ballots: int


@dataclass(frozen=True, slots=True)
class Deliveries:
    """Codes: sent, entered rightly, and given up after too many wrong tries."""

    sent: int
    entered: int
    exhausted: int


@dataclass(frozen=True, slots=True)
class SentCode:
    """A code that was sent to a voter: `status` is waiting, entered or exhausted."""

    channel: str
    sent_at: datetime
    expires: datetime
    status: str
    attempts: int
    message_id: str


@dataclass(frozen=True, slots=True)
class Source:
    """Ballots of a case that came from one address. Private: shown masked unless logged."""

    address: str
    network: str
    kind: str
    ballots: int
    devices: int
    first: datetime
    last: datetime


@dataclass(frozen=True, slots=True)
class Figures:
    """Numbers of one election."""

    election: ElectionId

    def by_hour(
        self, zone: tzinfo, ballots: Collection[LeafIndex] | None = None
    ) -> tuple[HourCount, ...]:
        """Ballots on the board by hour and contest; only of `ballots` if they are given."""
        rows = PermitRow.objects.filter(election_id=self.election, leaf_index__isnull=False)
        if ballots is not None:
            rows = rows.filter(leaf_index__in=ballots)
        found = (
            rows.annotate(hour=TruncHour("cast_at", tzinfo=zone))
            .values_list("hour", "contest")
            .annotate(Count("id"))
            .order_by("hour", "contest")
        )
        return tuple(HourCount(hour, ContestId(contest), n) for hour, contest, n in found)

    def deliveries(self) -> Deliveries:
        """What became of the codes sent to phones of the register."""
        found = (
            CodeRow.objects.filter(election=self.election)
            .exclude(sent_to="")
            .aggregate(
                sent=Count("pk"),
                entered=Count("pk", filter=Q(record__status="entered")),
                exhausted=Count("pk", filter=Q(record__status="exhausted")),
            )
        )
        return Deliveries(**found)

    def codes_of(self, number: str) -> tuple[SentCode, ...]:
        """Codes sent to the voter with this number, newest first. Callers log the access."""
        rows = CodeRow.objects.filter(election=self.election, number=number).exclude(sent_to="")
        return tuple(
            SentCode(
                row.channel,
                row.sent_at,
                datetime.fromisoformat(row.record["expires"]),
                row.record["status"],
                row.record["attempts"],
                row.record["message_id"],
            )
            for row in rows.order_by("-sent_at")[:20]
        )

    def sources(self, ballots: Collection[LeafIndex]) -> tuple[Source, ...]:
        """Where `ballots` came from, the largest first. Callers log the access, or mask."""
        rows = (
            SignalRow.objects.filter(
                election=self.election, kind="cast", leaf_index__in=list(ballots)
            )
            .values("ip", "asn", "ip_class")
            .annotate(
                ballots=Count("leaf_index", distinct=True),
                devices=Count("device", distinct=True),
                first=Min("time"),
                last=Max("time"),
            )
            .order_by("-ballots", "ip")
        )
        return tuple(
            Source(
                row["ip"],
                row["asn"],
                row["ip_class"],
                row["ballots"],
                row["devices"],
                row["first"],
                row["last"],
            )
            for row in rows
        )

    def signals_by_kind(self, begin: datetime, end: datetime) -> Counter[str]:
        """How many signals of each kind came with `begin <= time < end`."""
        rows = SignalRow.objects.filter(election=self.election, time__gte=begin, time__lt=end)
        return Counter(dict(rows.order_by().values_list("kind").annotate(Count("id"))))

    def networks(self, most: int = 50) -> tuple[tuple[str, str, int], ...]:
        """Networks that ballots came through, of what kind, and how many, the busiest first."""
        rows = SignalRow.objects.filter(election=self.election, kind="cast").exclude(asn="")
        counted = (
            rows.order_by()
            .values_list("asn")
            .annotate(network_kind=Max("ip_class"), count=Count("id"))
        )
        return tuple(counted.order_by("-count", "asn")[:most])

    def evidence_kept(self) -> int:
        """How many voters' signatures are kept, encrypted."""
        return EvidenceRow.objects.filter(election=self.election).count()

    def signals_kept(self) -> int:
        """How many signals are kept, until they are deleted on schedule."""
        return SignalRow.objects.filter(election=self.election).count()
