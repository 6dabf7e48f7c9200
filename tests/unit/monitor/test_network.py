"""The address book: the smallest prefix decides, as a plain search over all of them does."""

from ipaddress import IPv4Network, ip_address

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dauys.core.errors import MalformedError
from dauys.monitor.network import UNKNOWN, FileAddressBook
from dauys.scenario.network import NETWORKS, address_book_csv

HEADER = "prefix,asn,name,class,region"


def test_address_inside_two_prefixes_belongs_to_the_smaller() -> None:
    book = FileAddressBook(
        [HEADER, "10.0.0.0/8,64501,Big,fixed,", "10.1.0.0/16,64502,Small,mobile,ulytau"]
    )
    assert book.find("10.1.2.3").label == "AS64502 Small"
    assert book.find("10.0.255.255").name == book.find("10.2.0.0").name == "Big"
    assert book.find("11.0.0.0") is UNKNOWN
    assert book.find("2001:db8::1") is UNKNOWN


PREFIXES = st.lists(
    st.tuples(st.integers(0, 255), st.integers(24, 32)).map(
        lambda pair: IPv4Network((0x0A000000 + pair[0], pair[1]), strict=False)
    ),
    max_size=12,
    unique=True,
)


@given(PREFIXES)
def test_lookup_agrees_with_a_search_over_all_prefixes(prefixes: list[IPv4Network]) -> None:
    rows = [f"{prefix},{number},n{number},fixed," for number, prefix in enumerate(prefixes, 1)]
    book = FileAddressBook([HEADER, *rows])
    for last in range(256):
        address = ip_address(0x0A000000 + last)
        around = [prefix for prefix in prefixes if address in prefix]
        smallest = max(around, key=lambda prefix: prefix.prefixlen, default=None)
        expected = prefixes.index(smallest) + 1 if smallest else 0
        assert book.find(str(address)).asn == expected


@pytest.mark.parametrize(
    "row",
    [
        "10.0.0.1/8,1,A,fixed,",
        "10.0.0.0/8,AS1,A,fixed,",
        "10.0.0.0/8,1,,fixed,",
        "10.0.0.0/8,1,A,home,",
        "10.0.0.0/8,1,A,fixed",
    ],
)
def test_broken_row_is_named(row: str) -> None:
    with pytest.raises(MalformedError, match="row 2"):
        FileAddressBook([HEADER, row])


def test_book_with_other_columns_is_refused() -> None:
    with pytest.raises(MalformedError, match="row 1"):
        FileAddressBook(["prefix;asn"])


def test_what_is_no_address_is_refused() -> None:
    with pytest.raises(MalformedError):
        FileAddressBook([HEADER]).find("localhost")


def test_simulated_networks_are_found_in_their_book() -> None:
    book = FileAddressBook(address_book_csv().splitlines())
    for network in NETWORKS:
        assert book.find(str(network.prefix[77])).name == network.name
