"""What strangers write into addresses, forms and headers is refused, and breaks nothing.

Databases differ in what they cannot keep: PostgreSQL a NUL, SQLite a number of 65 bits.
"""

from collections.abc import Iterator
from urllib.parse import quote, quote_from_bytes

import pytest
from django.urls import reverse

from dauys.web.access import ANYONE, VOTER
from tests.faults.site import Site
from tests.server import Server, ask
from tests.web.test_access import SAMPLES, addresses

ODD = (
    quote("\0"),
    quote("-1"),
    "9" * 30,
    "9" * 5000,
    quote("٤٢"),
    quote("' OR 1=1 --"),
    quote("{{7*7}}<b>"),
    quote_from_bytes(b"\xed\xa0\x80\xff"),
    "..%2f..%2fetc%2fpasswd",
)
"""Values as they stand in an address."""
MEANT_FOR_DATABASES = (ODD[0], ODD[2], ODD[7])
FIELDS = (
    *("contest", "page", "show", "tracker", "old", "new", "lang", "state", "code", "error"),
    *("number", "method", "secret", "phone", "login", "password", "next", "ended", "sent"),
)


@pytest.fixture(scope="module")
def server(site: Site) -> Iterator[Server]:
    with site.serving() as running:
        yield running
        log = running.log.read_text()
    assert "Traceback" not in log, log[:6000]


def slug_of(site: Site) -> str:
    return f"rush-{site.kept.election[:8].lower()}"


def open_addresses(site: Site) -> Iterator[str]:
    known = SAMPLES | {"gateway": "smsc", "method": "oidc", "contest": "council"}
    known |= {"slug": slug_of(site), "election": site.kept.election}
    for address in addresses():
        if address.access in {ANYONE, VOTER}:
            yield reverse(address.name, kwargs={part: known[part] for part in address.parts})


@pytest.mark.parametrize("odd", MEANT_FOR_DATABASES)
def test_odd_parameters_and_fields_are_refused(site: Site, server: Server, odd: str) -> None:
    token = "a" * 32
    head = {"cookie": f"dauys_csrf={token}; dauys_device={odd[:200]}", "x-csrftoken": token}
    form = {**head, "content-type": "application/x-www-form-urlencoded"}
    query = "&".join(f"{name}={odd}" for name in FIELDS)
    for path in open_addresses(site):
        answers = (
            ask(server, "GET", f"{path}?{query}", headers=head),
            ask(server, "POST", path, query.encode(), form),
        )
        assert all(answer.status < 500 for answer in answers), path


@pytest.mark.parametrize("odd", ODD)
def test_odd_addresses_are_not_found(site: Site, server: Server, odd: str) -> None:
    api, slug = "/api/v1/elections", slug_of(site)
    for path in (
        f"{api}/{odd}/checkpoint",
        f"{api}/{odd}/cast",
        f"{api}/{site.kept.election}/contests/{odd}/election",
        f"{api}/{site.kept.election}/mobile/{odd}",
        f"{api}/{site.kept.election}/mobile/{odd}/document",
        f"/log/{slug}/tile/{odd}",
        f"/log/{odd}/checkpoint",
        f"/ru/b/{slug}/entries/{odd}/",
        f"/ru/b/{slug}/entries/{odd}.json",
        f"/ru/b/{slug}/decisions/{odd}/",
        f"/ru/e/{odd}/",
        f"/ru/e/{slug}/identify/by/{odd}/back/",
        f"/{odd}/",
        f"/static/{odd}",
    ):
        assert 400 <= ask(server, "GET", path).status < 500, path
