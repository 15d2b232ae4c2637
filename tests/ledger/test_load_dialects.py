"""Exports of other programs, as ``[load.KIND]`` of the settings describes them."""

import tomllib
from pathlib import Path
from typing import Any

import pytest

from pipeline import config, ledger
from pipeline.defaults import LOAD, LOADED
from pipeline.domain.errors import LoadError, UsageError
from pipeline.ledger.load import KINDS, load
from tests.ledger import loading

KANZLEI = """
[load.customers]
encoding = "windows-1252"
columns = { no = "Konto", name = "Name", city = "Ort", ibans = "IBAN" }
[load.ledger-entries]
encoding = "windows-1252"
decimal = ","
dates = "%d.%m.%Y"
skip_rows = 1
constants = { party_type = "customer", currency = "EUR" }
negative = { "S/H" = "H" }
[load.ledger-entries.columns]
party_no = "Konto"
document_type = "Art"
document_no = "Belegfeld 1"
posting_date = "Datum"
due_date = "Fälligkeit"
amount = "Betrag"
[load.ledger-entries.values]
document_type = { Rechnung = "invoice", Gutschrift = "credit_memo" }
"""
CUSTOMERS = (
    "Konto;Name;Straße;Ort;IBAN\n"
    '10010;"Möbel ""Nord""\nGmbH";Speicherstraße;Köln;DE75370501980000001102\n'
    "10020;Brandt & Söhne KG;Am Wall;Bremen;\n;;;;\n\n"
)
ENTRIES = (
    "Offene Posten zum 31.10.2026\nKonto;Belegfeld 1;Art;Datum;Fälligkeit;Betrag;S/H\n"
    "10010;RE-1;Rechnung;01.10.2026;31.10.2026;1.190,00;S\n"
    "10020;RE-2;Rechnung;20.10.2026;20.11.2026;1000;S\n"
    "10020;GS-1;Gutschrift;21.10.2026;;12,5;H\n"
)


def taken(url: str, folder: Path, kind: str, content: bytes, said: str = "") -> dict[str, Any]:
    settings = folder / "lettrage.toml"
    settings.write_text(said or KANZLEI, encoding="utf-8")
    found = folder / f"{kind}.csv"
    found.write_bytes(content)
    with ledger.open(url) as book:
        return load(book, kind, found, config.read(settings, url, {}), actor="tester")


def refused(url: str, folder: Path, kind: str, content: bytes, said: str = "") -> str:
    with pytest.raises((LoadError, UsageError)) as error:
        taken(url, folder, kind, content, said)
    return str(error.value)


@pytest.fixture
def books(tmp_path: Path) -> str:
    return loading.company(f"sqlite:///{tmp_path / 'ledger.db'}", tmp_path).ledger


def rows(url: str, sql: str) -> list[tuple[Any, ...]]:
    with ledger.open(url) as book:
        return [tuple(row) for row in book.rows(sql)]


def test_what_a_tax_adviser_exports_is_loaded_as_it_came(books: str, tmp_path: Path) -> None:
    done = taken(books, tmp_path, "customers", CUSTOMERS.encode("windows-1252"))
    assert (done["rows"], done["columns left out"]) == (2, ["Straße"])
    done = taken(books, tmp_path, "ledger-entries", ENTRIES.encode("windows-1252"))
    assert done["new"] == 3
    assert "warnings" not in done
    assert rows(
        books, "SELECT document_no, posting_date, due_date, amount FROM entry ORDER BY 1"
    ) == [
        ("GS-1", "2026-10-21", None, -1250),
        ("RE-1", "2026-10-01", "2026-10-31", 119000),
        ("RE-2", "2026-10-20", "2026-11-20", 100000),
    ]
    again = taken(books, tmp_path, "ledger-entries", ENTRIES.encode("windows-1252"))
    assert again["new"] == 0


def test_american_dates_and_dollars(books: str, tmp_path: Path) -> None:
    said = """
[load.ledger-entries]
decimal = "."
dates = "%m/%d/%Y"
constants = { party_type = "customer", currency = "USD" }
values = { document_type = { Invoice = "invoice", "Credit Memo" = "credit_memo" } }
[load.ledger-entries.columns]
party_no = "Customer"
document_no = "Num"
posting_date = "Date"
amount = "Open Balance"
document_type = "Transaction Type"
"""
    text = (
        "Customer,Date,Transaction Type,Num,Terms,Open Balance\n"
        'C1,10/01/2026,Invoice,1021,Net 30,"$1,459.02"\nC1,10/02/2026,Invoice,1022,Net 30,59\n'
        'C1,10/03/2026,Credit Memo,7,,"(1,000.50)"\nC1,10/04/2026,Credit Memo,8,,-$3.00\n'
    )
    assert taken(books, tmp_path, "ledger-entries", text.encode(), said)["new"] == 4
    amounts = rows(books, "SELECT document_no, amount FROM entry ORDER BY 1")
    assert amounts == [("1021", 145902), ("1022", 5900), ("7", -100050), ("8", -300)]


@pytest.mark.parametrize(
    "amount", ["1190.00", "1.19", "1,190.00", "1.190,00,00", "11.90,00", "1e3", "12,-", "EUR 5,00"]
)
def test_a_number_that_is_not_written_so_refuses_the_file(
    books: str, tmp_path: Path, amount: str
) -> None:
    taken(books, tmp_path, "customers", CUSTOMERS.encode("windows-1252"))
    text = ENTRIES.replace("1.190,00", f'"{amount}"')
    found = refused(books, tmp_path, "ledger-entries", text.encode("windows-1252"))
    assert "1 bad row, nothing was loaded" in found
    assert f"row 3: amount: found '{amount}', expected a number with ',' before" in found


def test_a_date_of_another_order_is_named_with_both_that_are_right(
    books: str, tmp_path: Path
) -> None:
    taken(books, tmp_path, "customers", CUSTOMERS.encode("windows-1252"))
    text = ENTRIES.replace("01.10.2026", "10/01/2026")
    found = refused(books, tmp_path, "ledger-entries", text.encode("windows-1252"))
    assert (
        "row 3: posting_date: found '10/01/2026', expected a date %d.%m.%Y or YYYY-MM-DD" in found
    )


def test_a_year_of_two_digits_is_not_read_as_one_of_four(books: str, tmp_path: Path) -> None:
    taken(books, tmp_path, "customers", CUSTOMERS.encode("windows-1252"))
    text = ENTRIES.replace("01.10.2026", "01.10.26")
    found = refused(books, tmp_path, "ledger-entries", text.encode("windows-1252"))
    assert "row 3: posting_date: found '01.10.26', expected a date %d.%m.%Y" in found


def test_three_digits_behind_a_point_may_be_thousands_where_nothing_tells_it(
    books: str, tmp_path: Path
) -> None:
    head = loading.HEADER + "\n"
    rows_ = "customer,C1,invoice,R1,2026-10-01,{}\ncustomer,C1,invoice,R2,2026-10-01,{}\n"
    text = head + rows_.format("EUR,1.190", "KWD,1.190")
    found = refused(books, tmp_path, "ledger-entries", text.encode(), "[load]\n")
    assert "1 bad row" in found
    assert "row 2: amount: found '1.190', expected a decimal with the currency's digits" in found
    assert "decimal in [load.ledger-entries] of the settings" in found
    said = '[load.ledger-entries]\ndecimal = "{}"\n'
    taken(books, tmp_path, "ledger-entries", text.encode(), said.format("."))
    amounts = rows(books, "SELECT document_no, amount FROM entry ORDER BY 1")
    assert amounts == [("R1", 119), ("R2", 1190)]


def test_the_word_for_the_other_sign_holds_however_it_is_written(
    books: str, tmp_path: Path
) -> None:
    taken(books, tmp_path, "customers", CUSTOMERS.encode("windows-1252"))
    text = ENTRIES.replace("12,5;H", "12,5;h")
    taken(books, tmp_path, "ledger-entries", text.encode("windows-1252"))
    assert rows(books, "SELECT amount FROM entry WHERE document_no = 'GS-1'") == [(-1250,)]


def test_of_two_columns_of_one_name_none_is_chosen(books: str, tmp_path: Path) -> None:
    text = "Konto;Name;Ort;IBAN;Name\n10010;Nord;;;Sued\n"
    found = refused(books, tmp_path, "customers", text.encode())
    assert "[load.customers] columns: the file has two columns 'Name'" in found
    numbered = "row;Konto;Name;Ort;IBAN\n1;10010;Nord;;\n"
    done = taken(books, tmp_path, "customers", numbered.encode())
    assert done["columns left out"] == ["row of the file"]


def test_a_column_that_the_file_has_not_is_named_with_those_that_it_has(
    books: str, tmp_path: Path
) -> None:
    text = CUSTOMERS.replace("Konto", "Kontonummer").encode("windows-1252")
    found = refused(books, tmp_path, "customers", text)
    assert "[load.customers] columns: the file has no column 'Konto'; it has Kontonummer" in found
    said = '[load.customers]\nconstants = { langauge = "de" }\n'
    assert "'langauge' is no column of customers" in refused(
        books, tmp_path, "customers", b"no,name\n1,A\n", said
    )


def test_semicolons_need_no_setting_and_numbers_are_never_guessed(
    books: str, tmp_path: Path
) -> None:
    plain = "[load]\n"
    done = taken(books, tmp_path, "customers", b'no;name\nC8;"Acht; GmbH"\n', plain)
    assert done["new"] == 1
    head = loading.HEADER.replace(",", ";")
    row = "customer;C1;invoice;R1;01.10.2026;EUR;1.190,00"
    found = refused(books, tmp_path, "ledger-entries", f"{head}\n{row}\n".encode(), plain)
    assert "row 2: amount: found '1.190,00'" in found
    assert "dates and decimal in [load.ledger-entries] of the settings" in found


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        (b"", "the file is empty"),
        (b"PK\x03\x04rest", "it is a spreadsheet or a zip archive; expected CSV"),
        (b"%PDF-1.7\n", "it is a PDF; expected CSV"),
        ("no,name\nC9,Müller\n".encode("utf-16"), "encoding in [load.customers] of the settings"),
        ("no,name\nC9,Müller\n".encode("latin-1"), "line 2: found byte 0xfc, expected UTF-8"),
        (b'no,name\nC8,"A\nB"\nC9,A, B\n', "row 3: found 3 fields, expected 2 as in the header"),
        (b'no,name\nC9,"\n' + b"x" * 200_000 + b'"\n', "found '200000 characters'"),
        (b'no,name\nC8,A\nC9,"Secret" B\n', "row 3: a quote does not end where its field ends"),
        (b'no,name\nC8,A\nC9,"Secret\nC7,B\n', "row 3: a quote does not end where its field"),
    ],
)
def test_what_is_no_table_says_what_it_is_and_what_to_do(
    books: str, tmp_path: Path, content: bytes, expected: str
) -> None:
    found = refused(books, tmp_path, "customers", content, "[load]\n")
    assert expected in found
    assert "Secret" not in found


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        ('[load.custmers]\ndecimal = ","\n', "did you mean customers?"),
        ('[load.customers]\ndecimals = ","\n', "did you mean decimal?"),
        ('[load.customers]\ndecimal = ";"\n', "as decimal ',' or '.'"),
        ('[load.customers]\nencoding = "windows"\n', 'as encoding an encoding such as "windows'),
        ('[load.customers]\nseparator = ";;"\n', 'as separator one sign such as ";"'),
        ("[load.customers]\ncolumns = { no = 1 }\n", "as columns a table of texts"),
        ('[load.customers]\nvalues = { no = "x" }\n', "as values a table of texts"),
        ("[load]\ncustomers = 1\n", "expected a table"),
    ],
)
def test_a_wrong_word_in_the_settings_is_named(tmp_path: Path, said: str, expected: str) -> None:
    path = tmp_path / "lettrage.toml"
    path.write_text(said)
    with pytest.raises(UsageError) as error:
        config.read(path, None, {})
    assert expected in str(error.value)


def test_the_settings_know_each_kind_and_the_examples_of_the_documentation_are_settings() -> None:
    assert set(LOADED) == set(KINDS)
    text = (Path(__file__).parents[2] / "docs" / "loading.md").read_text("utf-8")
    for example in text.split("```toml\n")[1:]:
        said = tomllib.loads(example.split("```")[0])
        assert set(said) == {"load"}
        for kind, words in said["load"].items():
            assert set(words) <= set(LOAD), kind
            named = {*words.get("columns", {}), *words.get("constants", {})}
            assert named <= set(KINDS[kind].columns), kind
