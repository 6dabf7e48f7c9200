"""From rows of text to a register: every voter checked, every bad row named.

Nothing is stored here: a dry run is an import whose report is thrown away. The same file
and rules always give the same report.
"""

from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from dauys.core.contests import MAX_WEIGHT
from dauys.core.errors import MalformedError
from dauys.core.ids import ContestId, RegisterNumber
from dauys.identity.email import normalise_address
from dauys.identity.numbering import Category, Number, Numbering
from dauys.identity.register.mapping import ColumnMapping, fold
from dauys.identity.register.problems import Problem, masked, shortened
from dauys.identity.register.table import Row, Table
from dauys.identity.register.voters import RegisterVoter

Progress = Callable[[int, int], None]
"""Told rows done and rows in all."""

PROGRESS_EVERY: Final = 1_000
MAX_TEXT: Final = 300
_MASKED: Final = ("number", "phone", "email")


@dataclass(frozen=True, slots=True)
class RegisterRules:
    """What this election takes. Names are compared without case and punctuation."""

    regions: Mapping[str, ContestId]
    """Every name under which a region may stand in the file, and its contest."""
    numbering: Numbering
    one_phone_one_voter: bool = True
    """Nor do two voters have one e-mail address."""
    strict: bool = True
    """Check dates and check digits of numbers; off only for invented registers."""


@dataclass(frozen=True, slots=True)
class RegisterCount:
    """Voters of a category in a contest, and their weight; the manifest publishes these."""

    contest: ContestId
    category: str
    voters: int
    weight: int


@dataclass(frozen=True, slots=True)
class Notice:
    """Something about `rows` rows that does not keep them out.

    `no_phone`, `no_email`: no code can be sent to these so. `shared_phone`, `shared_email`:
    theirs is another voter's too.
    `zeros_restored`: a spreadsheet had cut the zeros off their number. `empty_row`.
    """

    code: str
    rows: int


@dataclass(frozen=True, slots=True)
class ImportReport:
    """What an import came to. `voters` and `problems` are in the order of the file.

    A voter's register number is the place of its row below the column names, from 1; rows that
    were not taken leave gaps.
    """

    voters: tuple[RegisterVoter, ...]
    problems: tuple[Problem, ...]
    counts: tuple[RegisterCount, ...]
    notices: tuple[Notice, ...]


def import_register(
    table: Table,
    mapping: ColumnMapping,
    rules: RegisterRules,
    progress: Progress = lambda done, total: None,  # noqa: ARG005 - named by the signature
) -> ImportReport:
    """Check all rows of `table`. Raises MalformedError only if `mapping` does not fit it."""
    importer = _Importer(table, mapping, rules)
    total = len(table.rows)
    for place, row in enumerate(table.rows, start=1):
        importer.take(place, row)
        if place % PROGRESS_EVERY == 0:
            progress(place, total)
    progress(total, total)
    return importer.report()


class _Importer:
    """Working memory of one import: what earlier rows have said."""

    def __init__(self, table: Table, mapping: ColumnMapping, rules: RegisterRules) -> None:
        self._places = mapping.places(table.columns)
        self._columns = table.columns
        self._header_line = table.header_line
        self._rules = rules
        self._regions = {fold(name): (name, contest) for name, contest in rules.regions.items()}
        self._categories = {
            fold(name): category
            for category in rules.numbering.categories
            for name in (category.id, *category.names)
        }
        self._words = {**rules.numbering.words.rows, **rules.numbering.phones.words.rows}
        self._readers = {"phone": rules.numbering.phones.parse, "email": normalise_address}
        self._voters: list[RegisterVoter] = []
        self._problems: list[Problem] = []
        self._notices: Counter[str] = Counter()
        self._lines_of_numbers: dict[str, int] = {}
        self._lines_of_addresses: dict[str, int] = {}

    def take(self, place: int, row: Row) -> None:
        """Check the row at `place` below the column names, from 1."""
        if not any(row):
            self._notices["empty_row"] += 1
            return
        cells = {field: row[column] for field, column in self._places.items()}
        faults = _Faults(self._header_line + place)
        _require_plain(cells, faults)
        number = self._number(cells["number"], faults)
        category = self._category(cells.get("category"), number, faults)
        region = self._region(cells.get("region"), faults)
        weight = _weight(cells.get("weight"), faults)
        phone = self._address("phone", cells.get("phone", ""), number, faults)
        email = self._address("email", cells.get("email", ""), number, faults)
        if faults.found or number is None or category is None or region is None:
            self._problems.extend(self._problem(cells, faults))
            return
        if phone is None and ("phone" in cells or "email" not in cells):
            self._notices["no_phone"] += 1
        if email is None and "email" in cells:
            self._notices["no_email"] += 1
        self._voters.append(
            RegisterVoter(
                register_number=RegisterNumber(place),
                number=number.digits,
                name=" ".join(cells["name"].split()),
                category=category.id,
                region=region[0],
                contest=region[1],
                weight=weight,
                phone=phone,
                precinct=cells.get("precinct") or None,
                household=cells.get("household") or None,
                email=email,
            )
        )

    def report(self) -> ImportReport:
        """What all rows taken came to."""
        counts = Counter((voter.contest, voter.category) for voter in self._voters)
        weights: Counter[tuple[ContestId, str]] = Counter()
        for voter in self._voters:
            weights[voter.contest, voter.category] += voter.weight
        return ImportReport(
            voters=tuple(self._voters),
            problems=tuple(self._problems),
            counts=tuple(
                RegisterCount(*key, voters, weights[key]) for key, voters in sorted(counts.items())
            ),
            notices=tuple(Notice(code, rows) for code, rows in sorted(self._notices.items())),
        )

    # Each check returns what it read, or None after it has told `faults` why not.

    def _number(self, cell: str, faults: "_Faults") -> Number | None:
        try:
            number, restored = self._rules.numbering.parse_cell(cell, strict=self._rules.strict)
        except MalformedError as error:
            faults.add("number", error.why)
            return None
        first = self._lines_of_numbers.setdefault(number.digits, faults.line)
        if first != faults.line:
            faults.add("number", "duplicate_number", first)
            return None
        if restored:
            self._notices["zeros_restored"] += 1
        return number

    def _category(
        self, cell: str | None, number: Number | None, faults: "_Faults"
    ) -> Category | None:
        if cell is None and number is None:
            return None  # the number's fault says it all
        if cell is None:  # no such column: the number's kind must leave one choice
            kinds = self._rules.numbering.categories
            fitting = [c for c in kinds if number and c.kind == number.kind]
            category = fitting[0] if len(fitting) == 1 else None
        else:
            category = self._categories.get(fold(cell))
        if category is None:
            faults.add("category", "unknown_category" if cell else "empty")
        elif number is not None and category.kind != number.kind:
            faults.add("category", f"category_needs_{category.kind}")
        return category

    def _region(self, cell: str | None, faults: "_Faults") -> tuple[str, ContestId] | None:
        if cell is None and len(self._regions) == 1:
            return next(iter(self._regions.values()))
        region = self._regions.get(fold(cell or ""))
        if region is None:
            faults.add("region", "unknown_region" if cell else "empty")
        return region

    def _address(
        self, field: str, cell: str, number: Number | None, faults: "_Faults"
    ) -> str | None:
        """Where codes may go: a `phone`, or an `email`."""
        if not cell:
            return None
        try:
            address = self._readers[field](cell)
        except MalformedError as error:
            faults.add(field, error.why)
            return None
        if number is None:  # a mistyped or repeated voter is nobody else
            return address
        first = self._lines_of_addresses.setdefault(address, faults.line)
        if first != faults.line:
            if self._rules.one_phone_one_voter:
                faults.add(field, f"duplicate_{field}", first)
            else:
                self._notices[f"shared_{field}"] += 1
        return address

    def _problem(self, cells: dict[str, str], faults: "_Faults") -> Iterator[Problem]:
        for field, code, first in faults.found:
            value = cells.get(field, "")
            yield Problem(
                row=faults.line,
                column=self._columns[self._places[field]] if field in self._places else "",
                code=code,
                value=masked(value) if field in _MASKED and value else shortened(value),
                first_row=first,
                words=self._words.get(code),
            )


class _Faults:
    """Faults of one row: field, code, and the line of the first with the same value."""

    def __init__(self, line: int) -> None:
        self.line = line
        self.found: list[tuple[str, str, int | None]] = []

    def add(self, field: str, code: str, first: int | None = None) -> None:
        self.found.append((field, code, first))


def _weight(cell: str | None, faults: _Faults) -> int:
    """How many votes the voter has; 1 where the file has no such column."""
    if cell is None:
        return 1
    # Spreadsheets group the digits of large numbers by spaces of some sort.
    digits = "".join(cell.split())
    plain = digits.isascii() and digits.isdigit() and len(digits) <= len(str(MAX_WEIGHT))
    if plain and 1 <= int(digits) <= MAX_WEIGHT:
        return int(digits)
    faults.add("weight", "not_a_weight" if cell else "empty")
    return 1


def _require_plain(cells: dict[str, str], faults: _Faults) -> None:
    for field, value in cells.items():
        if "\n" in value or "\r" in value:
            faults.add(field, "line_break")
        elif len(value) > MAX_TEXT:
            faults.add(field, "too_long")
    if not cells["name"]:
        faults.add("name", "empty")
