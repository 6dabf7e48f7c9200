"""Every repository keeps the promises of its port, on the databases it will live on."""

from collections.abc import Callable
from datetime import datetime

import pytest
from django.db import transaction

from dauys.ballotbox.box import PermitState
from dauys.core.ids import ElectionId, Serial
from dauys.core.permit import Permit
from dauys.identity.permits import PermitStore
from dauys.store.cases import DatabaseCases
from dauys.store.codes import DatabaseCodes
from dauys.store.entries import DatabaseEntries
from dauys.store.models import ElectionRow, LogHead, PermitRow
from dauys.store.nonces import DatabaseNonces
from dauys.store.permits import DatabasePermits
from dauys.store.proposals import DatabaseProposals
from tests.unit.board import contracts as board
from tests.unit.board.elections import ELECTION, OPENS
from tests.unit.identity import contracts as identity
from tests.unit.response import contracts as response

Promise = Callable[..., None]


def promises(prefix: str) -> list[Promise]:
    """Functions of identity's contracts that take nothing but a factory."""
    return [
        function
        for name, function in vars(identity).items()
        if name.startswith(prefix) and name != "permit_store_cancels_the_earlier_permit"
    ]


def kept_promises(*functions: Promise) -> pytest.MarkDecorator:
    """Run a test for each of them."""
    return pytest.mark.parametrize("promise", functions, ids=lambda promise: promise.__name__)


class StoppedClock:
    """Shows one moment."""

    def now(self) -> datetime:
        return OPENS


@pytest.fixture
def election(database: str) -> ElectionId:
    row = ElectionRow.objects.create(pk=ELECTION, slug="promises")
    LogHead.objects.create(election=row)
    return ELECTION


def permits_of(election: ElectionId) -> DatabasePermits:
    return DatabasePermits(election, StoppedClock())


@kept_promises(*promises("code_store_"))
def test_codes(promise: Promise, election: ElectionId) -> None:
    promise(lambda: DatabaseCodes(election))


@kept_promises(*promises("nonce_store_"))
def test_nonces(promise: Promise, election: ElectionId) -> None:
    promise(lambda: DatabaseNonces(election))


@kept_promises(*promises("permit_store_"))
def test_permits(promise: Promise, election: ElectionId) -> None:
    promise(lambda: permits_of(election))


def test_a_new_permit_cancels_the_earlier_one(election: ElectionId) -> None:
    def is_live(store: PermitStore, permit: Permit) -> bool:
        assert isinstance(store, DatabasePermits)
        serial = Serial(permit.statement.serial)
        with transaction.atomic():
            return store.states([serial])[serial] is PermitState.LIVE

    identity.permit_store_cancels_the_earlier_permit(lambda: permits_of(election), is_live)


@kept_promises(*board.ENTRY_STORE_PROMISES, board.lets_one_writer_in_at_a_time)
def test_entries(promise: Promise, election: ElectionId) -> None:
    promise(lambda: DatabaseEntries(election))


@kept_promises(*board.PERMIT_DESK_PROMISES)
def test_permits_at_the_ballot_box(promise: Promise, election: ElectionId) -> None:
    def make(permits: dict[Serial, PermitState]) -> DatabasePermits:
        for serial, state in permits.items():
            if state is not PermitState.UNKNOWN:
                _keep(election, serial, cancelled=state is PermitState.CANCELLED)
        return permits_of(election)

    with transaction.atomic():  # the ballot box asks inside the board's transaction
        promise(make)


def _keep(election: ElectionId, serial: Serial, *, cancelled: bool) -> None:
    PermitRow.objects.create(
        election_id=election,
        serial=serial,
        contest="north",
        pseudonym="0" * 32,
        credential=f"{serial:064x}",
        method="sms",
        permit="",
        issued_at=OPENS,
        cancelled=cancelled,
    )


@kept_promises(*response.CASE_STORE, response.two_writers_at_once_get_different_numbers)
def test_cases(promise: Promise, election: ElectionId) -> None:
    promise(lambda: DatabaseCases(election))


@kept_promises(*response.PROPOSAL_STORE)
def test_proposals(promise: Promise, election: ElectionId) -> None:
    promise(lambda: DatabaseProposals(election))
