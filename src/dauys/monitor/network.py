"""What is known about an address: its network, the class of the network, its region.

A book is a file beside the service: an address is never sent anywhere to be looked up.
"""

import csv
from bisect import bisect_right
from collections.abc import Iterable
from dataclasses import dataclass
from ipaddress import IPv4Network, IPv6Network, ip_address, ip_network
from pathlib import Path
from typing import Literal, Protocol, cast, get_args

from dauys.core.errors import MalformedError

NetworkClass = Literal["mobile", "fixed", "hosting", "vpn", "unknown"]
NETWORK_CLASSES: tuple[str, ...] = get_args(NetworkClass)

_HEADER = ["prefix", "asn", "name", "class", "region"]


@dataclass(frozen=True, slots=True)
class NetworkFacts:
    """A network: AS number (0 when unknown), name, class, and region or empty text."""

    asn: int
    name: str
    kind: NetworkClass
    region: str

    @property
    def label(self) -> str:
        """Name the network in one signal column."""
        return f"AS{self.asn} {self.name}" if self.asn else self.name


UNKNOWN = NetworkFacts(0, "unknown", "unknown", "")


def block_of(address: str) -> str:
    """Give an address in its shortest form its block: the /24, or the /56 in IPv6."""
    if ":" in address:
        return str(ip_network(f"{address}/56", strict=False))
    return f"{address.rpartition('.')[0]}.0/24"  # a scan has thousands: forty times as fast


class AddressBook(Protocol):
    """Address to network. Another source, such as an MMDB file, implements the same port."""

    def find(self, address: str) -> NetworkFacts:
        """Give the facts of the smallest prefix around the address, or `UNKNOWN`.

        Raises MalformedError for what is no address.
        """
        ...


@dataclass(frozen=True, slots=True)
class _Range:
    first: int
    last: int
    facts: NetworkFacts


class FileAddressBook:
    """An address book of CSV rows `prefix,asn,name,class,region`, held in memory.

    Prefixes may lie inside one another; the smallest decides.
    """

    def __init__(self, lines: Iterable[str]) -> None:
        """Read the rows. Raises MalformedError naming the row."""
        rows = csv.reader(lines, strict=True)
        if next(rows, None) != _HEADER:
            raise MalformedError("address book, row 1", f"the columns are not {','.join(_HEADER)}")
        nested: dict[int, list[tuple[IPv4Network | IPv6Network, NetworkFacts]]] = {4: [], 6: []}
        for number, cells in enumerate(rows, start=2):
            prefix, facts = _read_row(cells, number)
            nested[prefix.version].append((prefix, facts))
        self._ranges = {version: _flatten(pairs) for version, pairs in nested.items()}
        self._firsts = {
            version: [part.first for part in parts] for version, parts in self._ranges.items()
        }

    @classmethod
    def load(cls, path: Path) -> "FileAddressBook":
        """Read a file in UTF-8. Raises MalformedError, OSError."""
        with path.open(encoding="utf-8", newline="") as lines:
            return cls(lines)

    def find(self, address: str) -> NetworkFacts:
        """See `AddressBook.find`."""
        try:
            parsed = ip_address(address)
        except ValueError as error:
            raise MalformedError("address", str(error)) from error
        place = bisect_right(self._firsts[parsed.version], int(parsed)) - 1
        if place < 0:
            return UNKNOWN
        part = self._ranges[parsed.version][place]
        return part.facts if int(parsed) <= part.last else UNKNOWN


def _read_row(cells: list[str], number: int) -> tuple[IPv4Network | IPv6Network, NetworkFacts]:
    what = f"address book, row {number}"
    if len(cells) != len(_HEADER):
        raise MalformedError(what, f"{len(cells)} cells, {len(_HEADER)} columns")
    prefix, asn, name, kind, region = cells
    if not (asn.isascii() and asn.isdigit()) or not name or kind not in NETWORK_CLASSES:
        raise MalformedError(what, "asn is no number, name is empty or class is unknown")
    try:
        network = ip_network(prefix)
    except ValueError as error:
        raise MalformedError(what, str(error)) from error
    return network, NetworkFacts(int(asn), name, cast("NetworkClass", kind), region)


def _flatten(
    pairs: list[tuple[IPv4Network | IPv6Network, NetworkFacts]],
) -> list[_Range]:
    """Cut prefixes that lie inside one another into ranges that do not overlap, in order."""
    spans = sorted(
        (
            (int(prefix.network_address), -int(prefix.broadcast_address), facts)
            for prefix, facts in dict(pairs).items()
        ),
        key=lambda span: span[:2],
    )
    ranges: list[_Range] = []
    open_spans: list[tuple[int, NetworkFacts]] = []
    position = 0
    for first, minus_last, facts in [*spans, (1 << 128, 0, UNKNOWN)]:
        while open_spans and open_spans[-1][0] < first:
            last, outer = open_spans.pop()
            if position <= last:
                ranges.append(_Range(position, last, outer))
                position = last + 1
        if open_spans and position < first:
            ranges.append(_Range(position, first - 1, open_spans[-1][1]))
        position = max(position, first)
        open_spans.append((-minus_last, facts))
    return ranges
