import csv
import hashlib
import io
from dataclasses import replace

import pytest
from openpyxl import Workbook

from dauys.core.errors import MalformedError
from dauys.core.ids import ContestId, RegisterNumber
from dauys.identity.kazakhstan.numbering import NationalNumbers
from dauys.identity.numbering import Category
from dauys.identity.register import (
    ColumnMapping,
    ImportReport,
    Notice,
    Problem,
    RareWeight,
    RegisterCount,
    RegisterRules,
    RegisterVoter,
    Table,
    diff_registers,
    import_register,
    problem_text,
    rare_weights,
    read_table,
    register_commitment,
    report_csv,
    suggest_mapping,
)
from dauys.identity.register.problems import TEXTS

HEADER = "ИИН/БИН;Наименование;Категория;Регион;Телефон;Участок\n"
PERSON = "900101300017;Әбділдина Жансая;ИП;Караганда;8 701 234 56 78;12\n"
COMPANY = "080540010396;ТОО «Сынақ»;ТОО;Туркестан;;\n"
KARAGANDA, TURKESTAN = ContestId("karaganda"), ContestId("turkestan")
RULES = RegisterRules(
    {
        "Караганда": KARAGANDA,
        "Қарағанды": KARAGANDA,
        "Туркестан": TURKESTAN,
        "Түркістан": TURKESTAN,
    },
    NationalNumbers(),
)


def imported(text: str, rules: RegisterRules = RULES) -> ImportReport:
    table = read_table(text.encode(), "register.csv")
    return import_register(table, suggest_mapping(table.columns), rules)


def codes(report: ImportReport) -> list[tuple[int, str, str]]:
    return [(problem.row, problem.column, problem.code) for problem in report.problems]


# --------------------------------------------------------------------------- files


def test_a_register_is_imported() -> None:
    report = imported(HEADER + PERSON + COMPANY)
    assert report.problems == ()
    assert report.voters == (
        RegisterVoter(
            register_number=RegisterNumber(1),
            number="900101300017",
            name="Әбділдина Жансая",
            category="entrepreneur",
            region="Караганда",
            contest=KARAGANDA,
            weight=1,
            phone="+77012345678",
            precinct="12",
            household=None,
        ),
        RegisterVoter(
            register_number=RegisterNumber(2),
            number="080540010396",
            name="ТОО «Сынақ»",
            category="company",
            region="Туркестан",
            contest=TURKESTAN,
            weight=1,
            phone=None,
            precinct=None,
            household=None,
        ),
    )
    assert report.counts == (
        RegisterCount(KARAGANDA, "entrepreneur", 1, 1),
        RegisterCount(TURKESTAN, "company", 1, 1),
    )
    assert report.notices == (Notice("no_phone", 1),)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "kz1048"])
@pytest.mark.parametrize("separator", [";", ",", "\t", "|"])
def test_every_spreadsheets_csv_is_read(encoding: str, separator: str) -> None:
    text = (HEADER + PERSON).replace(";", separator).replace("\n", "\r\n")
    table = read_table(text.encode(encoding), "register.csv")
    assert table.columns[:2] == ("ИИН/БИН", "Наименование")
    assert table.rows[0][:2] == ("900101300017", "Әбділдина Жансая")


def test_russian_of_windows_is_read() -> None:
    table = read_table("ИИН;ФИО\n900101300017;Ёлкин Пётр №1\n".encode("cp1251"), "a.csv")
    assert table.rows == (("900101300017", "Ёлкин Пётр №1"),)


def workbook(*rows: tuple[str | int | None, ...]) -> bytes:
    book = Workbook()
    assert book.active is not None
    for row in rows:
        book.active.append(row)
    target = io.BytesIO()
    book.save(target)
    return target.getvalue()


def test_a_spreadsheet_gives_what_its_csv_gives() -> None:
    data = workbook(
        *(tuple(line.split(";")) for line in (HEADER.strip(), PERSON.strip(), COMPANY.strip()))
    )
    table = read_table(data, "register.xlsx")
    report = import_register(table, suggest_mapping(table.columns), RULES)
    assert report == imported(HEADER + PERSON + COMPANY)


def test_numbers_that_a_spreadsheet_took_for_amounts_are_read() -> None:
    data = workbook(
        ("ИИН/БИН", "Наименование", "Категория", "Регион", "Телефон"),
        (900101300017, "Жансая", "ИП", "Караганда", 77012345678),
        (80540010396, "ТОО", "ТОО", "Караганда", None),
    )
    table = read_table(data, "register.xlsx")
    report = import_register(table, suggest_mapping(table.columns), RULES)
    assert [voter.number for voter in report.voters] == ["900101300017", "080540010396"]
    assert report.voters[0].phone == "+77012345678"
    assert Notice("zeros_restored", 1) in report.notices


def test_zeros_are_not_restored_into_a_wrong_number() -> None:
    report = imported(HEADER + COMPANY.replace("080540010396", "80540010395"))
    assert codes(report) == [(2, "ИИН/БИН", "not_twelve_digits")]


@pytest.mark.parametrize(
    ("data", "filename", "why"),
    [
        (b"", "a.csv", "empty"),
        (b"\xef\xbb\xbf\r\n", "a.csv", "empty"),
        (HEADER.encode(), "a.csv", "empty"),
        ((HEADER + ";;;;;\n\n").encode(), "a.csv", "empty"),
        (PERSON.encode(), "a.csv", "no_header"),
        ("список\nизбирателей\n".encode(), "a.csv", "no_header"),
        (b"\x98\x98;\x98", "a.csv", "bad_encoding"),
        ("ИИН;ФИО\n1;2".encode("utf-16-le"), "a.csv", "bad_encoding"),
        ((HEADER + '"' + "x" * 200_000).encode(), "a.csv", "unclosed_quote"),
        (b"PK\x03\x04rubbish", "a.xlsx", "unreadable"),
        (b"\xd0\xcf\x11\xe0rubbish", "a.xls", "unreadable"),
        (HEADER.encode(), "a.xlsx", "unreadable"),
    ],
)
def test_a_file_that_is_no_register_is_refused_by_name(
    data: bytes, filename: str, why: str
) -> None:
    with pytest.raises(MalformedError) as fault:
        read_table(data, filename)
    assert (fault.value.what, fault.value.why) == ("register file", why)


def test_a_stray_cell_in_the_far_corner_ends_no_server() -> None:
    book = Workbook()
    book.worksheets[0].append(["ИИН", "Наименование"])
    book.worksheets[0].cell(900_000, 16_384, "x")
    refused_as_too_large(book)


def test_a_text_that_thousands_of_cells_share_is_not_written_out() -> None:
    book = Workbook(write_only=True)
    sheet = book.create_sheet()
    sheet.append(["x" * 32_000] * 9_000)
    refused_as_too_large(book)


def test_no_more_rows_are_read_than_a_register_may_have() -> None:
    book = Workbook()
    book.worksheets[0].append(["ИИН", "Наименование"])
    book.worksheets[0].cell(1_048_576, 1, "x")
    refused_as_too_large(book)


def refused_as_too_large(book: Workbook) -> None:
    target = io.BytesIO()
    book.save(target)
    assert len(target.getvalue()) < 2**20
    with pytest.raises(MalformedError) as fault:
        read_table(target.getvalue(), "a.xlsx")
    assert fault.value.why == "too_large"


def test_a_title_above_the_columns_does_not_shift_the_lines() -> None:
    report = imported("Список избирателей;;;;;\n\n" + HEADER + PERSON + "bad;;;;;\n")
    assert [voter.register_number for voter in report.voters] == [1]
    assert {problem.row for problem in report.problems} == {5}


def test_columns_without_a_name_or_with_the_same_have_one_each() -> None:
    table = read_table(b"a;;a;a\n1;2;3;4;5\n", "a.csv")
    assert table.columns == ("a", "B", "a (2)", "a (3)", "E")
    assert table.rows == (("1", "2", "3", "4", "5"),)


# ------------------------------------------------------------------------- columns


@pytest.mark.parametrize(
    ("columns", "number_name_category_region_phone_precinct_household"),
    [
        (
            ("№", "ИИН/БИН", "Ф.И.О.", "Категория", "Область", "Моб. телефон", "Район", "Адрес"),
            ("ИИН/БИН", "Ф.И.О.", "Категория", "Область", "Моб. телефон", "Район", "Адрес"),
        ),
        (
            ("ЖСН/БСН", "Аты-жөні", "Санаты", "Өңір", "Ұялы телефон", "Учаске", "Мекенжайы"),
            ("ЖСН/БСН", "Аты-жөні", "Санаты", "Өңір", "Ұялы телефон", "Учаске", "Мекенжайы"),
        ),
        (
            ("Name", "IIN", "Region", "Type", "Phone number"),
            ("IIN", "Name", "Type", "Region", "Phone number", None, None),
        ),
        (
            ("Наименование региона", "Наименование", "БИН", "ОПФ"),
            ("БИН", "Наименование", "ОПФ", "Наименование региона", None, None, None),
        ),
        (("x", "y"), (None,) * 7),
    ],
)
def test_columns_are_recognised_in_three_languages(
    columns: tuple[str, ...],
    number_name_category_region_phone_precinct_household: tuple[str | None, ...],
) -> None:
    suggested = suggest_mapping(columns)
    assert suggested == ColumnMapping(*number_name_category_region_phone_precinct_household)


@pytest.mark.parametrize(
    ("mapping", "why"),
    [
        (ColumnMapping(), "number_missing"),
        (ColumnMapping(number="a"), "name_missing"),
        (ColumnMapping(number="a", name="z"), "unknown_column"),
        (ColumnMapping(number="a", name="a"), "column_twice"),
    ],
)
def test_a_mapping_that_does_not_fit_is_refused(mapping: ColumnMapping, why: str) -> None:
    table = Table(("a", "b"), (("1", "2"),), header_line=1)
    with pytest.raises(MalformedError) as fault:
        import_register(table, mapping, RULES)
    assert fault.value.why == why


def test_one_region_and_one_category_need_no_columns() -> None:
    rules = RegisterRules(
        {"Союз": ContestId("council")},
        NationalNumbers(categories=(Category("member", "person", ("член",)),)),
    )
    report = imported("ИИН;ФИО\n900101300017;Жансая\n080540010396;ТОО\n", rules)
    assert [(v.contest, v.category) for v in report.voters] == [("council", "member")]
    assert codes(report) == [(3, "", "empty")]


# ---------------------------------------------------------------------------- rows


@pytest.mark.parametrize(
    ("line", "column", "code"),
    [
        (PERSON.replace("0017", "0018"), "ИИН/БИН", "bad_check_digit"),
        (PERSON.replace("900101300017", "000000000000"), "ИИН/БИН", "bad_date"),
        (PERSON.replace("900101300017", "90010130001O"), "ИИН/БИН", "not_twelve_digits"),
        (PERSON.replace("900101300017", ""), "ИИН/БИН", "not_twelve_digits"),
        (PERSON.replace("Әбділдина Жансая", " "), "Наименование", "empty"),
        (PERSON.replace("Әбділдина", "Ә" * 301), "Наименование", "too_long"),
        (PERSON.replace("Әбділдина", '"Ә\nб"'), "Наименование", "line_break"),
        (PERSON.replace(";ИП;", ";ПИ;"), "Категория", "unknown_category"),
        (PERSON.replace(";ИП;", ";;"), "Категория", "empty"),
        (PERSON.replace(";ИП;", ";ТОО;"), "Категория", "category_needs_organisation"),
        (COMPANY.replace(";ТОО;", ";ИП;"), "Категория", "category_needs_person"),
        (PERSON.replace("Караганда", "Москва"), "Регион", "unknown_region"),
        (PERSON.replace("Караганда", ""), "Регион", "empty"),
        (PERSON.replace("8 701", "8 7172"), "Телефон", "not_a_number"),
        (PERSON.replace("8 701 234 56 78", "+7 916 123-45-67"), "Телефон", "not_kazakhstan"),
        (PERSON.replace("8 701 234 56 78", "8 7172 12 34 56"), "Телефон", "not_mobile"),
    ],
)
def test_a_bad_row_is_named_with_its_reason(line: str, column: str, code: str) -> None:
    report = imported(HEADER + line)
    found = codes(report)
    assert report.voters == ()
    if code != "not_a_number":
        assert found == [(2, column, code)]
    else:
        assert found[0][:2] == (2, column)


def test_all_faults_of_a_row_are_told_at_once() -> None:
    report = imported(HEADER + "1;;x;y;z;\n")
    assert [column for _, column, _ in codes(report)] == [
        *("Наименование", "ИИН/БИН", "Категория", "Регион", "Телефон")
    ]


def test_a_voter_listed_twice_is_taken_once_and_the_first_line_is_named() -> None:
    report = imported(HEADER + PERSON + COMPANY + PERSON.replace("Караганда", "Туркестан"))
    assert [voter.register_number for voter in report.voters] == [1, 2]
    assert report.problems == (Problem(4, "ИИН/БИН", "duplicate_number", "90•••17", first_row=2),)


def test_two_voters_with_one_phone_are_one_too_many() -> None:
    text = HEADER + PERSON + COMPANY.replace(";;", ";+77012345678;")
    report = imported(text)
    assert [voter.register_number for voter in report.voters] == [1]
    assert report.problems == (Problem(3, "Телефон", "duplicate_phone", "+7•••78", first_row=2),)
    weaker = imported(text, replace(RULES, one_phone_one_voter=False))
    assert len(weaker.voters) == 2
    assert weaker.notices == (Notice("shared_phone", 1),)


def test_register_numbers_are_places_in_the_file_and_bad_rows_leave_gaps() -> None:
    report = imported(HEADER + "bad;;;;;\n" + PERSON + ";;;;;\n" + COMPANY)
    assert [voter.register_number for voter in report.voters] == [2, 4]
    assert Notice("empty_row", 1) in report.notices


def test_names_of_regions_are_compared_as_people_write_them() -> None:
    for region in ("караганда", " КАРАГАНДА ", "Караганда.", "қарағанды"):
        assert imported(HEADER + PERSON.replace("Караганда", region)).voters[0].contest == KARAGANDA


def test_the_same_file_gives_the_same_report() -> None:
    text = HEADER + PERSON + COMPANY + "bad;;;;;\n"
    assert imported(text) == imported(text)


def test_progress_is_told_to_the_end() -> None:
    rows = tuple((f"{n}", "x") for n in range(2500))
    told: list[tuple[int, int]] = []
    import_register(
        Table(("ИИН", "ФИО"), rows, 1),
        ColumnMapping(number="ИИН", name="ФИО"),
        RULES,
        lambda done, total: told.append((done, total)),
    )
    assert told == [(1000, 2500), (2000, 2500), (2500, 2500)]


# --------------------------------------------------------------------- the report


def test_every_code_has_words_in_three_languages() -> None:
    for code, texts in TEXTS.items():
        assert set(texts) == {"kk", "ru", "en"}
        for locale in texts:
            problem = Problem(2, "a", code, "b", first_row=7)
            text = problem_text(problem, locale)
            assert text
            assert "{" not in text


def test_the_report_names_rows_and_tells_no_number() -> None:
    report = imported(HEADER + PERSON + PERSON)
    text = report_csv(report.problems, "ru")
    assert list(csv.reader(io.StringIO(text), delimiter=";")) == [
        ["Строка", "Столбец", "Значение", "Ошибка"],
        ["3", "ИИН/БИН", "90•••17", "такой номер уже есть в строке 2"],
    ]
    assert "900101300017" not in text


@pytest.mark.parametrize("cell", ["=HYPERLINK(1)", "+1", "-1", "@SUM(1)"])
def test_the_report_runs_no_formula_of_a_stranger(cell: str) -> None:
    report = imported(HEADER + PERSON.replace("Караганда", cell))
    rows = list(csv.reader(io.StringIO(report_csv(report.problems, "en")), delimiter=";"))
    assert rows[1][2] == f"'{cell}"


# ------------------------------------------------------------ commitment and diff


def test_the_commitment_is_that_of_protocol_section_9() -> None:
    voters = imported(HEADER + PERSON + COMPANY).voters
    salt = bytes(range(32))
    text = (
        "dauys register v1\n"
        + salt.hex()
        + "\n"
        + '[1,"900101300017","karaganda","entrepreneur",1,"+77012345678",""]\n'
        + '[2,"080540010396","turkestan","company",1,"",""]\n'
    )
    expected = hashlib.sha256(text.encode()).hexdigest()
    assert register_commitment(voters, salt) == expected
    assert register_commitment(reversed(voters), salt) == expected
    assert register_commitment(voters, b"\x00" * 32) != expected
    with pytest.raises(ValueError, match="32 bytes"):
        register_commitment(voters, b"")


WEIGHED = HEADER.replace("\n", ";Доля голосов\n")


def weighed(*cells: str) -> ImportReport:
    """A register in which the two voters of the header's example have these weights."""
    rows = (PERSON, COMPANY)
    text = "".join(row.replace("\n", f";{cell}\n") for row, cell in zip(rows, cells, strict=False))
    return imported(WEIGHED + text)


def test_weights_are_taken_from_their_column_and_counted() -> None:
    report = weighed("3", "1 200")
    assert [voter.weight for voter in report.voters] == [3, 1200]
    assert [(count.voters, count.weight) for count in report.counts] == [(1, 3), (1, 1200)]
    before = weighed("3", "1").voters
    [changed] = diff_registers(before, report.voters).changed
    assert changed.fields == ("weight",)
    salt = bytes(32)
    assert register_commitment(before, salt) != register_commitment(report.voters, salt)


@pytest.mark.parametrize(
    ("cell", "code"),
    [
        ("", "empty"),
        ("0", "not_a_weight"),
        ("-2", "not_a_weight"),
        ("1.5", "not_a_weight"),
        ("10000001", "not_a_weight"),
        ("٣", "not_a_weight"),
        ("много", "not_a_weight"),
    ],
)
def test_a_weight_that_is_none_keeps_the_row_out(cell: str, code: str) -> None:
    report = weighed(cell, "2")
    assert [voter.weight for voter in report.voters] == [2]
    assert [(p.column, p.code, p.row) for p in report.problems] == [("Доля голосов", code, 2)]


def test_a_weight_that_few_share_says_who_somebody_is() -> None:
    weights = {KARAGANDA: {1: 30, 5: 3, 700: 1}, TURKESTAN: {4: 2}}
    assert rare_weights(weights, 20) == (
        RareWeight(KARAGANDA, 5, 3),
        RareWeight(KARAGANDA, 700, 1),
    )
    assert rare_weights(weights, 1) == ()


def test_a_second_import_shows_what_it_would_change() -> None:
    old = imported(HEADER + PERSON + COMPANY).voters
    moved = PERSON.replace("8 701 234 56 78", "8 702 234 56 78")
    new = imported(HEADER + ";;;;;\n" + moved + "000740000728;Ассоциация;ОЮЛ;Туркестан;;\n").voters
    diff = diff_registers(old, new)
    assert [voter.number for voter in diff.added] == ["000740000728"]
    assert [voter.number for voter in diff.removed] == ["080540010396"]
    assert [(change.new.number, change.fields) for change in diff.changed] == [
        ("900101300017", ("phone",))
    ]
    assert diff_registers(old, old) == diff_registers((), ())
