"""Staff accounts: who they are, which roles and seats they hold, what private data they saw."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

from allauth.mfa.models import Authenticator
from django.db import IntegrityError, transaction

from dauys.core.errors import RefusedError
from dauys.core.ids import ElectionId
from dauys.store.models import AccessRecord, CommissionSeat, RoleGrant, Staff


@dataclass(frozen=True, slots=True)
class Account:
    """A person of the staff, as lists show them."""

    id: int
    name: str
    roles: tuple[str, ...]
    second_factor: bool


@dataclass(frozen=True, slots=True)
class HeldSeat:
    """A seat of a commission that a person holds; `key` (hex) is empty until it is made."""

    word: str
    key: str


@dataclass(frozen=True, slots=True)
class Access:
    """Somebody looked at private data."""

    at: datetime
    who: str
    what: str
    reason: str


def add_staff(name: str, roles: Collection[str], password: str) -> None:
    """A new account. Raises RefusedError `name_taken`."""
    try:
        with transaction.atomic():
            person = Staff.objects.create_user(username=name, password=password)
            RoleGrant.objects.bulk_create(RoleGrant(staff=person, role=role) for role in roles)
    except IntegrityError as error:
        raise RefusedError("name_taken", name) from error


def set_roles(name: str, roles: Collection[str]) -> None:
    """Let the person hold exactly `roles`. Raises RefusedError `unknown_account`."""
    person = _person(name)
    with transaction.atomic():
        person.grants.all().delete()
        RoleGrant.objects.bulk_create(RoleGrant(staff=person, role=role) for role in roles)


def reset(name: str, password: str) -> None:
    """A new password, and no second factor: it is set up again at the next sign-in.

    Raises RefusedError `unknown_account`.
    """
    person = _person(name)
    with transaction.atomic():
        person.set_password(password)
        person.save(update_fields=["password"])
        Authenticator.objects.filter(user=person).delete()


def accounts() -> tuple[Account, ...]:
    """Everybody who may sign in, by name."""
    protected = set(
        Authenticator.objects.filter(type=Authenticator.Type.TOTP).values_list("user_id", flat=True)
    )
    people = Staff.objects.filter(is_active=True).prefetch_related("grants").order_by("username")
    return tuple(
        Account(
            person.pk,
            person.username,
            tuple(sorted(grant.role for grant in person.grants.all())),
            person.pk in protected,
        )
        for person in people
    )


def roles_of(person: int) -> frozenset[str]:
    """Roles of the account with this row number."""
    return frozenset(RoleGrant.objects.filter(staff_id=person).values_list("role", flat=True))


def person_named(name: str) -> Staff | None:
    """The account called `name`, to be the holder of a seat; None for the empty name.

    Raises RefusedError `unknown_account`.
    """
    return _person(name) if name else None


def seat_of(election: ElectionId, person: int) -> HeldSeat:
    """The person's seat in the commission. Raises RefusedError `no_seat`."""
    seat = CommissionSeat.objects.filter(election_id=election, holder_id=person).first()
    if seat is None:
        raise RefusedError("no_seat")
    return HeldSeat(seat.word, seat.key)


def record_access(person: int, what: str, reason: str = "") -> None:
    """Keep that the person is about to see private data, and why. Call it before showing any."""
    AccessRecord.objects.create(staff_id=person, what=what[:120], reason=reason[:300])


def accesses(latest: int = 500) -> Sequence[Access]:
    """The newest looks at private data, newest first."""
    rows = AccessRecord.objects.select_related("staff").order_by("-at", "-id")[:latest]
    return [Access(row.at, row.staff.username, row.what, row.reason) for row in rows]


def _person(name: str) -> Staff:
    person = Staff.objects.filter(username=name).first()
    if person is None:
        raise RefusedError("unknown_account", name)
    return person
