"""Guesses at the staff's passwords, with a proxy in front of everybody."""

from collections.abc import Iterator

import pytest
from django.core.cache import cache
from django.test import Client, override_settings
from django.urls import reverse

from dauys.web import visits

pytestmark = pytest.mark.django_db(databases=["default", "signals"])

STOPPED = "Слишком много"
PROXY, STRANGER, STAFF = "10.0.0.1", "192.0.2.66", "198.51.100.7"


@pytest.fixture(autouse=True)
def behind_a_proxy() -> Iterator[None]:
    hashers = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    with override_settings(TRUSTED_PROXIES=[PROXY], PASSWORD_HASHERS=hashers):
        visits._proxies.cache_clear()
        cache.clear()
        yield
    visits._proxies.cache_clear()
    cache.clear()


def guess(name: str, address: str) -> str:
    """What the page says to a wrong password."""
    client = Client(headers={"host": "127.0.0.1", "x-forwarded-for": address}, REMOTE_ADDR=PROXY)
    form = {"login": name, "password": "a guess"}
    return client.post(reverse("account_login"), form).content.decode()


def test_a_stranger_who_guesses_passwords_is_stopped_and_keeps_nobody_else_out() -> None:
    guesses = [guess(f"analyst{number}", STRANGER) for number in range(12)]
    assert STOPPED in guesses[-1]
    assert STOPPED not in guess("organiser", STAFF)
