"""Makes the signals of an election pseudonymous, and deletes them, when each is due.

Both are done once, in one transaction, and are written down: after a power cut the step is
either done or still due.
"""

from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from dauys.core.ids import ElectionId
from dauys.core.ports import RandomSource
from dauys.monitor.network import block_of
from dauys.monitor.retention import (
    Form,
    pseudonymous_address,
    pseudonymous_phone,
    pseudonyms,
)
from dauys.store.router import SIGNALS
from dauys.store.signals.models import KeepingRow, SignalRow

CHUNK = 5000


@dataclass(frozen=True, slots=True)
class KeptSignals:
    """How the signals of an election are kept now, and since when."""

    form: Form
    since: datetime | None
    signals: int


@dataclass(frozen=True, slots=True)
class SignalKeeping:
    """Keeps the signals of one election no longer and no fuller than they may be."""

    election: ElectionId
    random: RandomSource

    def now_kept(self) -> KeptSignals:
        """What is there now."""
        form, since = self._form()
        return KeptSignals(form, since, SignalRow.objects.filter(election=self.election).count())

    def bring_to(self, form: Form, now: datetime) -> bool:
        """Bring the signals to `form`; whether anything had to be done. Durable on return."""
        if self._form()[0] >= form:
            return False
        with transaction.atomic(using=SIGNALS):
            row, _ = KeepingRow.objects.get_or_create(pk=self.election)
            if form is Form.GONE:
                SignalRow.objects.filter(election=self.election).delete()
                row.gone_since = now
            else:
                self._make_pseudonymous()
                row.pseudonymous_since = now
            row.save()
        return True

    def _form(self) -> tuple[Form, datetime | None]:
        row = KeepingRow.objects.filter(pk=self.election).first()
        if row is not None and row.gone_since is not None:
            return Form.GONE, row.gone_since
        if row is not None and row.pseudonymous_since is not None:
            return Form.PSEUDONYMOUS, row.pseudonymous_since
        return Form.WHOLE, None

    def _make_pseudonymous(self) -> None:
        """Write every row anew under numbers that lead back to nobody, and drop the old."""
        rename = _Renaming(self.election, self.random)
        last = SignalRow.objects.filter(election=self.election).order_by("-id").first()
        if last is None:
            return
        old = SignalRow.objects.filter(election=self.election, id__lte=last.pk)
        chunk: list[SignalRow] = []
        for row in old.order_by("time").iterator(CHUNK):
            chunk.append(rename.row(row))
            if len(chunk) == CHUNK:
                SignalRow.objects.bulk_create(chunk)
                chunk = []
        SignalRow.objects.bulk_create(chunk)
        old.delete()


class _Renaming:
    """New names for everything in the table that leads to a person or a place."""

    def __init__(self, election: ElectionId, random: RandomSource) -> None:
        self._rows = SignalRow.objects.filter(election=election)
        self._random = random
        addresses = self._different("ip")
        self._hosts = pseudonyms(addresses, random)
        self._blocks = pseudonyms(map(block_of, addresses), random)
        self._voters = pseudonyms(self._different("register_number"), random)
        self._named = {
            column: pseudonyms(self._different(column), random)
            for column in ("device", "tls", "household", "precinct", "phone")
        }

    def row(self, row: SignalRow) -> SignalRow:
        """`row` under new names; its time to the minute, its place on the board dropped."""
        row.pk = None
        row.signal_id = self._random(16).hex()
        row.time = row.time.replace(second=0, microsecond=0)
        row.leaf_index = None
        if row.register_number:  # 0 is a stranger's
            row.register_number = 1 + self._voters[str(row.register_number)]
        if row.ip:
            row.ip = pseudonymous_address(self._blocks[block_of(row.ip)], self._hosts[row.ip])
        for column, names in self._named.items():
            value = getattr(row, column)
            if value:
                setattr(row, column, _new_name(column, names[value]))
        return row

    def _different(self, column: str) -> list[str]:
        nothing = 0 if column == "register_number" else ""
        known = self._rows.exclude(**{column: nothing}).order_by()
        return [str(value) for value in known.values_list(column, flat=True).distinct()]


def _new_name(column: str, number: int) -> str:
    return pseudonymous_phone(number) if column == "phone" else f"{column}-{number}"
