"""Through the whole server, the address in a signal is the one that the operator trusts."""

from tests.faults.site import Site
from tests.server import Server, ask

LIE = "192.0.2.66"
VOTER = "198.51.100.7"


def noted_address(site: Site, server: Server, forwarded: str) -> object:
    """Address in the signal of a cast that came with this X-Forwarded-For."""
    (body,) = site.take(1)
    answer = ask(server, "POST", site.path, body, {"x-forwarded-for": forwarded, "x-real-ip": LIE})
    return site.signal_of(site.receipt((answer.status, answer.body)).index)["ip"]


def test_a_voter_who_writes_an_address_is_noted_by_their_own(site: Site) -> None:
    with site.serving() as server:
        assert noted_address(site, server, LIE) == "127.0.0.1"
        assert noted_address(site, server, "127.0.0.1, " + LIE) == "127.0.0.1"


def test_behind_a_named_proxy_the_voter_is_noted_and_not_what_they_wrote(site: Site) -> None:
    with site.serving(DAUYS_TRUSTED_PROXIES="127.0.0.1/32") as server:
        assert noted_address(site, server, VOTER) == VOTER
        assert noted_address(site, server, f"{LIE}, {VOTER}") == VOTER
        assert noted_address(site, server, f"{VOTER}, 127.0.0.1") == VOTER
        assert noted_address(site, server, f"{LIE}, unknown") == "127.0.0.1"
