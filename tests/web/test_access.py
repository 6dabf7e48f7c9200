"""Every address of the site says who may call it, and refuses everybody else."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

import pytest
from allauth.mfa.totp.internal.auth import TOTP
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, reverse

from dauys.store.models import RoleGrant, Staff
from dauys.store.models.staff import Role
from dauys.web.access import ACCESS, ANYONE, OTHERS, SIGNED_IN, VOTER

pytestmark = pytest.mark.django_db(databases=["default", "signals"])

SAMPLES = {
    "slug": "somewhere",
    "election": "51SMwRBJqbCc2g2sDU96vi",
    "number": 1,
    "line": 1,
    "verdict": "approve",
    "index": 1,
    "word": "abai",
    "candidate": "c1",
    "contest": "abai",
    "act": "up",
    "cluster": "c1",
    "day": date(2026, 8, 17),
    "token": "A" * 32,
    "name": "open",
    "kind": "annul",
    "question": "q1",
    "group": "l1",
    "rest": "0/000",
}
SECRET = "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ"
# The parts of an address that a view of another area may have are in SAMPLES too: a new
# one that is missing there fails the test that builds all addresses.


@dataclass(frozen=True)
class Address:
    name: str
    parts: tuple[str, ...]
    view: Any

    @property
    def access(self) -> frozenset[str] | None:
        found = getattr(self.view, ACCESS, None)
        return found if found is not None else OTHERS.get(self.name)

    @property
    def url(self) -> str:
        return reverse(self.name, kwargs={part: SAMPLES[part] for part in self.parts})


def addresses() -> list[Address]:
    return list(walk(get_resolver().url_patterns, "", ()))


def walk(patterns: list[Any], space: str, parts: tuple[str, ...]) -> Iterator[Address]:
    for one in patterns:
        own = (*parts, *one.pattern.converters)
        if isinstance(one, URLResolver):
            inner = f"{space}{one.namespace}:" if one.namespace else space
            yield from walk(one.url_patterns, inner, own)
        elif isinstance(one, URLPattern):
            yield Address(f"{space}{one.name}", own, one.callback)


def desks() -> list[Address]:
    return [a for a in addresses() if a.access and a.access <= set(Role)]


STAFF = [pytest.param(address, id=address.name) for address in desks()]


def client_of(*roles: str, second_factor: bool = True, csrf: bool = False) -> Client:
    person = Staff.objects.create_user(f"person-{'-'.join(roles)}-{second_factor}-{csrf}")
    RoleGrant.objects.bulk_create(RoleGrant(staff=person, role=role) for role in roles)
    if second_factor:
        TOTP.activate(person, SECRET)
    client = Client(
        enforce_csrf_checks=csrf, raise_request_exception=False, headers={"host": "127.0.0.1"}
    )
    client.force_login(person)
    return client


def test_every_address_says_who_may_call_it() -> None:
    assert [a.name for a in addresses() if a.access is None] == []


def test_nothing_is_declared_that_is_not_there() -> None:
    assert OTHERS.keys() <= {address.name for address in addresses()}


def test_only_programs_with_secrets_of_their_own_may_post_from_elsewhere() -> None:
    exempt = {a.name for a in addresses() if getattr(a.view, "csrf_exempt", False)}
    assert exempt == {"api:report", "api:mobile-document"}


def test_nothing_is_declared_for_two_audiences() -> None:
    for address in addresses():
        access = address.access
        assert access, address.name
        assert access in {ANYONE, VOTER, SIGNED_IN} or access <= set(Role), address.name


def test_every_address_of_the_console_belongs_to_a_role() -> None:
    console = {a.name for a in addresses() if a.name.startswith("console:")}
    assert console == {a.name for a in desks()}
    assert len(console) > 30


@pytest.mark.parametrize("address", STAFF)
def test_a_stranger_is_sent_to_the_sign_in(address: Address) -> None:
    client = Client(headers={"host": "127.0.0.1"})
    for answer in (client.get(address.url), client.post(address.url)):
        assert answer.status_code == 302
        assert answer.headers["Location"].startswith(reverse("account_login"))


@pytest.mark.parametrize("address", STAFF)
def test_a_person_without_a_second_factor_is_sent_to_set_it_up(address: Address) -> None:
    client = client_of(*Role, second_factor=False)
    for answer in (client.get(address.url), client.post(address.url)):
        assert answer.status_code == 302
        assert answer.headers["Location"] == reverse("mfa_activate_totp")


@pytest.mark.parametrize("address", [p for p in STAFF if p.id != "console:home"])
def test_each_other_role_is_refused(address: Address) -> None:
    others = set(Role) - set(address.access or ())
    client = client_of(*others)
    assert client.get(address.url).status_code == 403
    assert client.post(address.url).status_code == 403


@pytest.mark.parametrize("address", STAFF)
def test_an_account_that_was_closed_is_refused(address: Address) -> None:
    client = client_of(*Role)
    Staff.objects.update(is_active=False)
    assert client.get(address.url).status_code in {302, 403}


@pytest.mark.parametrize("address", STAFF)
def test_a_post_from_another_site_is_refused(address: Address) -> None:
    client = client_of(*(address.access or ()), csrf=True)
    assert client.post(address.url).status_code == 403


@pytest.mark.parametrize(
    "address", [p for p in STAFF if p.id not in {"console:home", "console:begin"}]
)
def test_an_election_that_does_not_exist_is_not_found(address: Address) -> None:
    answer = client_of(*(address.access or ())).get(address.url)
    assert answer.status_code in {404, 405}
