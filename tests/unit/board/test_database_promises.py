"""The tables behind board and ballot box keep the promises of the ports."""

from collections.abc import Callable
from datetime import UTC, datetime

import pytest
from django.db import transaction

from dauys.ballotbox.box import PermitState
from dauys.core.ids import ElectionId, Serial
from dauys.store.entries import DatabaseEntries
from dauys.store.models import ElectionRow, LogHead, PermitRow
from dauys.store.permits import DatabasePermits
from tests.unit.board.contracts import (
    ENTRY_STORE_PROMISES,
    PERMIT_DESK_PROMISES,
    MakeDesk,
    MakeStore,
)
from tests.unit.board.elections import ELECTION, OPENS

pytestmark = pytest.mark.django_db(transaction=True, databases=["default", "signals"])


class StoppedClock:
    """Shows one moment."""

    def now(self) -> datetime:
        return OPENS.astimezone(UTC)


@pytest.fixture
def election() -> ElectionId:
    row = ElectionRow.objects.create(pk=ELECTION, slug="promises", created=OPENS)
    LogHead.objects.get_or_create(election=row)
    return ELECTION


@pytest.mark.parametrize("promise", ENTRY_STORE_PROMISES, ids=lambda promise: promise.__name__)
def test_entries_in_the_database(
    promise: Callable[[MakeStore], None], election: ElectionId
) -> None:
    promise(lambda: DatabaseEntries(election))


@pytest.mark.parametrize("promise", PERMIT_DESK_PROMISES, ids=lambda promise: promise.__name__)
def test_permits_in_the_database(promise: Callable[[MakeDesk], None], election: ElectionId) -> None:
    def make(permits: dict[Serial, PermitState]) -> DatabasePermits:
        for serial, state in permits.items():
            if state is PermitState.UNKNOWN:
                continue
            PermitRow.objects.create(
                election_id=election,
                serial=serial,
                contest="north",
                pseudonym="0" * 32,
                credential=f"{serial:064x}",
                method="sms",
                permit="",
                issued_at=OPENS,
                cancelled=state is PermitState.CANCELLED,
            )
        return DatabasePermits(election, StoppedClock())

    with transaction.atomic():  # the ballot box asks inside the board's transaction
        promise(make)
