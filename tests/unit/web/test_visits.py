"""What the signals keep of a request cannot be stuffed by who sends it."""

from collections.abc import Iterator

import pytest
from django.test import override_settings

from dauys.web import visits
from dauys.web.visits import DEVICE_COOKIE, visit_of

DEVICE = "0123456789abcdef" * 2
PEER = "203.0.113.9"
JA4 = "t13d1516h2_8daaf6152771_e5627efa2ab1"


@pytest.fixture
def behind_proxy() -> Iterator[None]:
    with override_settings(TRUSTED_PROXIES=["127.0.0.1"]):
        visits._proxies.cache_clear()
        yield
    visits._proxies.cache_clear()


def test_a_header_from_a_stranger_is_not_believed() -> None:
    assert visit_of(PEER, [("X-Forwarded-For", "198.51.100.7")]).address == PEER


def test_a_handshake_is_what_a_named_proxy_says_and_nobody_else(behind_proxy: None) -> None:
    with override_settings(TLS_HEADER="x-ja4"):
        assert visit_of("127.0.0.1", [("X-JA4", JA4)]).tls == JA4
        assert visit_of(PEER, [("X-JA4", JA4)]).tls == ""
        assert visit_of("127.0.0.1", [("X-JA4", JA4), ("x-ja4", JA4)]).tls == ""
    with override_settings(TLS_HEADER=""):
        assert visit_of("127.0.0.1", [("X-JA4", JA4)]).tls == ""


@pytest.mark.parametrize(
    "text",
    ["", "-", JA4.upper(), f"{JA4},{JA4}", f"{JA4} ", f"{JA4}\n", JA4[:-1], "h" * 36, JA4[1:]],
)
def test_a_handshake_of_another_form_is_not_kept(behind_proxy: None, text: str) -> None:
    with override_settings(TLS_HEADER="x-ja4"):
        assert visit_of("127.0.0.1", [("x-ja4", text)]).tls == ""


def test_headers_of_one_name_are_one_chain(behind_proxy: None) -> None:
    headers = [("x-forwarded-for", "192.0.2.66"), ("X-FORWARDED-FOR", "198.51.100.7")]
    assert visit_of("127.0.0.1", headers).address == "198.51.100.7"


def test_other_headers_that_claim_an_address_are_not_read(behind_proxy: None) -> None:
    for name in ("forwarded", "x-real-ip", "client-ip", "true-client-ip", "cf-connecting-ip"):
        headers = [(name, "for=192.0.2.66"), (name, "192.0.2.66")]
        assert visit_of("127.0.0.1", headers).address == "127.0.0.1"


@pytest.mark.parametrize(
    "cookie",
    [
        "",
        DEVICE_COOKIE,
        f"{DEVICE_COOKIE}={DEVICE[:-1]}",
        f"{DEVICE_COOKIE}={DEVICE}0",
        f"{DEVICE_COOKIE}={DEVICE.upper()}",
        f'{DEVICE_COOKIE}="{DEVICE}\\012"',
        f"{DEVICE_COOKIE}=<script>",
        "\x00=;;;=",
        "=" * 10_000,
    ],
)
def test_a_device_is_thirty_two_hex_digits_or_nothing(cookie: str) -> None:
    assert visit_of(PEER, [("cookie", cookie)]).device == ""


def test_the_device_is_found_among_other_cookies() -> None:
    cookies = [("cookie", "a=b"), ("cookie", f"c=d; {DEVICE_COOKIE}={DEVICE}")]
    assert visit_of(PEER, cookies).device == DEVICE


@pytest.mark.parametrize("text", ["", "-1", "1e9", "NaN", "inf", "1,5", "٣", "1.2345", "9" * 7])
def test_a_dwell_that_is_no_number_of_seconds_is_nothing(text: str) -> None:
    assert visit_of(PEER, [("x-dauys-dwell", text)]).dwell_s is None


def test_a_dwell_is_at_most_a_day() -> None:
    assert visit_of(PEER, [("x-dauys-dwell", "12.5")]).dwell_s == 12.5
    assert visit_of(PEER, [("x-dauys-dwell", "999999")]).dwell_s == 86_400


def test_a_browser_is_its_family_and_never_its_own_words() -> None:
    agent = "Mozilla/5.0 (…) Chrome/140.0.0.0 Safari/537.36 Edg/140.0.0.0"
    assert visit_of(PEER, [("user-agent", agent)]).browser == "Edge"
    assert visit_of(PEER, [("user-agent", "<script>" * 1000)]).browser == "other"
    assert visit_of(PEER, [("user-agent", "HeadlessChrome/140")]).automation is True
    assert visit_of(PEER, [("user-agent", "Chrome/140")]).automation is False
    assert visit_of(PEER, []).automation is None
