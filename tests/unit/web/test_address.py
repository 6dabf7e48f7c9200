"""Nobody writes somebody else's address into the signals."""

import pytest

from dauys.web.address import TrustedProxies

NOBODY = TrustedProxies([])
NGINX = TrustedProxies(["127.0.0.1", "10.0.0.0/8", "2001:db8:1::/48"])


def test_without_named_proxies_no_header_is_believed() -> None:
    for forwarded in (["198.51.100.7"], ["198.51.100.7, 10.0.0.1"], ["127.0.0.1"], [""]):
        assert NOBODY.client_address("203.0.113.9", forwarded) == "203.0.113.9"
        assert NOBODY.client_address("127.0.0.1", forwarded) == "127.0.0.1"


def test_a_voter_who_connects_directly_cannot_lie() -> None:
    assert NGINX.client_address("203.0.113.9", ["198.51.100.7"]) == "203.0.113.9"
    assert NGINX.client_address("203.0.113.9", ["10.0.0.1"]) == "203.0.113.9"


@pytest.mark.parametrize(
    ("forwarded", "address"),
    [
        (["198.51.100.7"], "198.51.100.7"),
        (["198.51.100.7, 10.1.2.3"], "198.51.100.7"),
        (["198.51.100.7", "10.1.2.3"], "198.51.100.7"),
        (["198.51.100.7,\t10.1.2.3 , 10.9.9.9"], "198.51.100.7"),
        (["2001:db8:2::5, 2001:db8:1::1"], "2001:db8:2::5"),
        ([], "127.0.0.1"),
        (["10.1.2.3"], "10.1.2.3"),
        (["10.1.2.3, 10.4.5.6"], "10.1.2.3"),
    ],
)
def test_the_chain_is_read_from_the_right_up_to_the_first_stranger(
    forwarded: list[str], address: str
) -> None:
    assert NGINX.client_address("127.0.0.1", forwarded) == address


@pytest.mark.parametrize("lie", ["192.0.2.66", "192.0.2.66, 192.0.2.67", "192.0.2.66, 10.0.0.5"])
def test_what_the_voter_wrote_left_of_their_own_address_is_ignored(lie: str) -> None:
    # nginx appends the address it sees to what came.
    assert NGINX.client_address("127.0.0.1", [f"{lie}, 198.51.100.7"]) == "198.51.100.7"
    assert NGINX.client_address("127.0.0.1", [lie, "198.51.100.7"]) == "198.51.100.7"


@pytest.mark.parametrize(
    "hop",
    [
        "unknown",
        "",
        "_hidden",
        "198.51.100.7:4711",
        "[2001:db8:2::5]",
        "198.51.100.07",
        "198.51.100",
        "3325256711",
        "١٩٨.51.100.7",
        "fe80::1%eth0",
        "fe80::1%" + "x" * 500,
        "2001:db8:2::5%\x00",
        "198.51.100.7/32",
        "' OR 1=1 --",
    ],
)
def test_a_hop_that_is_no_address_ends_the_chain_at_the_proxy(hop: str) -> None:
    assert NGINX.client_address("127.0.0.1", [hop]) == "127.0.0.1"
    assert NGINX.client_address("127.0.0.1", [f"198.51.100.7, {hop}"]) == "127.0.0.1"
    assert NGINX.client_address("127.0.0.1", [f"198.51.100.7, {hop}, 10.1.2.3"]) == "10.1.2.3"


@pytest.mark.parametrize(
    ("written", "address"),
    [
        ("::ffff:198.51.100.7", "198.51.100.7"),
        ("2001:DB8:2:0:0:0:0:5", "2001:db8:2::5"),
    ],
)
def test_an_address_has_one_form(written: str, address: str) -> None:
    assert NOBODY.client_address(written, []) == address
    assert NGINX.client_address("127.0.0.1", [written]) == address


def test_a_proxy_is_known_by_its_mapped_address_too() -> None:
    assert NGINX.client_address("::ffff:127.0.0.1", ["198.51.100.7"]) == "198.51.100.7"
    assert NGINX.client_address("127.0.0.1", ["198.51.100.7, ::ffff:10.1.2.3"]) == "198.51.100.7"


def test_a_peer_on_the_same_link_is_kept_without_its_zone() -> None:
    assert NOBODY.client_address("fe80::1%eth0", []) == "fe80::1"


def test_a_local_socket_has_no_address_and_is_no_proxy() -> None:
    assert NGINX.client_address("", ["198.51.100.7"]) == ""


def test_a_proxy_that_is_no_network_stops_the_server() -> None:
    for text in ("localhost", "10.0.0.1/8", "10.0.0.0/33", ""):
        with pytest.raises(ValueError, match=r"address|network|host bits"):
            TrustedProxies([text])
