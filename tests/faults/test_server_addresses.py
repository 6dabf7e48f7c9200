"""Through the whole server, the address in a signal is the one that the operator trusts."""

from tests.faults.site import Site
from tests.server import Server, ask

LIE = "192.0.2.66"
VOTER = "198.51.100.7"
HANDSHAKE = "t13d1516h2_8daaf6152771_e5627efa2ab1"


def noted(site: Site, server: Server, **headers: str) -> dict[str, object]:
    """The signal of a cast that came with these headers."""
    (body,) = site.take(1)
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    answer = ask(server, "POST", site.path, body, {"x-real-ip": LIE, **named})
    return site.signal_of(site.receipt((answer.status, answer.body)).index)


def noted_address(site: Site, server: Server, forwarded: str) -> object:
    """Address in the signal of a cast that came with this X-Forwarded-For."""
    return noted(site, server, x_forwarded_for=forwarded)["ip"]


def test_a_voter_who_writes_an_address_is_noted_by_their_own(site: Site) -> None:
    with site.serving(DAUYS_TLS_HEADER="X-JA4") as server:
        assert noted(site, server, x_ja4=HANDSHAKE)["tls"] == ""
        assert noted_address(site, server, LIE) == "127.0.0.1"
        assert noted_address(site, server, "127.0.0.1, " + LIE) == "127.0.0.1"


def test_behind_a_named_proxy_the_voter_is_noted_and_not_what_they_wrote(site: Site) -> None:
    settings = {"DAUYS_TRUSTED_PROXIES": "127.0.0.1/32", "DAUYS_TLS_HEADER": "X-JA4"}
    with site.serving(**settings) as server:
        assert noted(site, server, x_ja4=HANDSHAKE)["tls"] == HANDSHAKE
        assert noted(site, server, x_ja3=HANDSHAKE)["tls"] == ""
        assert noted_address(site, server, VOTER) == VOTER
        assert noted_address(site, server, f"{LIE}, {VOTER}") == VOTER
        assert noted_address(site, server, f"{VOTER}, 127.0.0.1") == VOTER
        assert noted_address(site, server, f"{LIE}, unknown") == "127.0.0.1"
