"""What the interface says about files that are loaded (section 6, Loads), sentence by sentence."""

import datetime as dt
from pathlib import Path

import polars as pl
import pytest

from pipeline import cli, config, ledger
from pipeline.domain.errors import LoadError, UsageError
from pipeline.ledger.load import load
from tests.ledger.loading import HEADER, PARTIES, entries, stored, take

ROW = "customer,C1,invoice,R1,2026-10-01,EUR,100.00"


def refused(settings: config.Settings, folder: Path, kind: str, text: str) -> str:
    """The text of a refusal, which took nothing: not one row, not one register."""
    tables = ("party", "bank_account", "entry", "bank_entry", "register", "entry_tax", "rate")
    count = "SELECT " + ", ".join(f"(SELECT count(*) FROM {table})" for table in tables)
    before = stored(settings, count)
    with pytest.raises(LoadError) as error:
        take(settings, folder, kind, text)
    assert stored(settings, count) == before
    return str(error.value)


def test_every_bad_row_of_a_file_is_named_with_what_stands_there_and_what_was_expected(
    company: config.Settings, tmp_path: Path
) -> None:
    head = f"{HEADER},remaining_amount,discount_amount,due_date,instalment,on_hold,description"
    long = "x" * 10_001
    rows = {
        2: ("customer,C1,invoice,R1,2026-10-01,EUR,100.00,100.01,,,,,",
            "remaining_amount: found '100.01', expected an amount from 0 to 100.00"),
        3: ("customer,C1,invoice,R2,2026-10-01,EUR,100.00,-1.00,,,,,",
            "remaining_amount: found '-1.00', expected an amount from 0 to 100.00"),
        4: ("customer,C1,invoice,R3,2026-10-01,EUR,100.00,,100.01,,,,",
            "discount_amount: found '100.01', expected at most 100.00"),
        5: ("customer,C1,invoice,R4,01.10.2026,EUR,100.00,,,,,,",
            "posting_date: found '01.10.2026', expected a date YYYY-MM-DD"),
        6: ("customer,C1,invoice,R5,2026-10-01,EUR,100.00,,,2026-02-30,,,",
            "due_date: found '2026-02-30', expected a date YYYY-MM-DD"),
        7: ("customer,C1,invoice,R6,2026-10-01,XXX,100.00,,,,,,",
            "currency: found 'XXX', expected an ISO 4217 currency"),
        8: ('customer,C1,invoice,R7,2026-10-01,EUR,"100,00",,,,,,',
            "amount: found '100,00', expected a decimal with '.'"),
        9: ("customer,C1,invoice,R8,2026-10-01,EUR,100.005,,,,,,",
            "amount: found '100.005', expected a decimal with '.' and the currency's digits"),
        10: ("customer,C9,invoice,R9,2026-10-01,EUR,100.00,,,,,,",
             "party_no: found 'C9', expected a party that is loaded"),
        11: ("supplier,C1,invoice,R10,2026-10-01,EUR,100.00,,,,,,",
             "party_type: found 'supplier', expected one of customer, vendor"),
        12: ("customer,C1,bill,R11,2026-10-01,EUR,100.00,,,,,,",
             "document_type: found 'bill', expected one of invoice"),
        13: ("customer,C1,invoice,,2026-10-01,EUR,100.00,,,,,,",
             "document_no: found '', expected a value"),
        14: ("customer,C1,invoice,R12,2026-10-01,EUR,100.00,,,,first,,",
             "instalment: found 'first', expected a whole number"),
        15: ("customer,C1,invoice,R\x0713,2026-10-01,EUR,100.00,,,,,,",
             "document_no: found 'U+0007', expected no control characters"),
        16: (f"customer,C1,invoice,R14,2026-10-01,EUR,100.00,,,,,,{long}",
             "description: found '10001 characters', expected at most 10,000 characters"),
        17: ("customer,C1,invoice,R15,2026-10-01,EUR,1e2,,,,,,",
             "amount: found '1e2', expected a decimal"),
        18: ("customer,C1,invoice,R16,2026-10-01", "fields: found '5', expected 13 fields"),
    }  # fmt: skip
    text = "\n".join([head, *(row for row, _ in rows.values())]) + "\n"
    said = refused(company, tmp_path, "ledger-entries", text).splitlines()
    assert said[0] == "ledger-entries.csv: 17 bad rows, nothing was loaded"
    for number, (_, expected) in rows.items():
        assert [line for line in said if f"row {number}: {expected}" in line], expected


def test_identical_rows_of_one_key_count_once_and_differing_ones_refuse_the_file(
    company: config.Settings, tmp_path: Path
) -> None:
    said = refused(
        company, tmp_path, "ledger-entries", f"{HEADER}\n{ROW}\n{ROW}\n{ROW.replace('100', '90')}\n"
    )
    assert "row 2: party_type party_no document_type document_no instalment" in said
    assert "row 4: " in said
    done = take(company, tmp_path, "ledger-entries", f"{HEADER}\n{ROW}\n{ROW}00\n\n{ROW}\n")
    assert done["rows"] == 1
    assert stored(company, "SELECT amount FROM entry") == [(10000,)]


def test_a_byte_order_mark_is_skipped_and_exact_zeros_are_exact(
    company: config.Settings, tmp_path: Path
) -> None:
    text = "\ufeff" + f"{HEADER}\n{ROW}00\n" + "customer,C1,invoice,R2,2026-10-01,JPY,70.0\n"
    take(company, tmp_path, "ledger-entries", text)
    sql = "SELECT document_no, amount FROM entry ORDER BY 1"
    assert stored(company, sql) == [("R1", 10000), ("R2", 70)]


def test_unknown_columns_suggest_the_nearest_and_missing_ones_are_named(
    company: config.Settings, tmp_path: Path
) -> None:
    text = HEADER.replace("document_no", "documentno").replace("amount", "ammount")
    said = refused(company, tmp_path, "ledger-entries", f"{text}\n")
    assert "unknown column 'documentno'; did you mean 'document_no'?" in said
    assert "unknown column 'ammount'; did you mean 'amount'?" in said
    assert "column 'document_no' is missing" in said


def test_an_account_number_with_wrong_check_digits_is_refused(
    company: config.Settings, tmp_path: Path
) -> None:
    good = "DE05 3705 0198 0000 0011 01"
    bad = "DE06370501980000001101"
    said = refused(company, tmp_path, "customers", f"no,name,ibans\nC8,A,{good};{bad}\nC9,B,{bad}")
    assert "row 2: ibans" in said
    assert "row 3: ibans" in said
    assert "DE06" not in said  # accounts of people are not repeated
    text = f"no,name,currency,iban\nX,Bank,EUR,{bad}\n"
    assert "row 2: iban" in refused(company, tmp_path, "bank-accounts", text)


def test_two_bank_accounts_may_not_have_one_account_id(
    company: config.Settings, tmp_path: Path
) -> None:
    head = "no,name,currency,account_id\n"
    text = f"{head}X,Eins,EUR,1234/ 567\nY,Zwei,EUR,99; 1234/567\n"
    said = refused(company, tmp_path, "bank-accounts", text)
    assert "row 3: account_id: found '1234/567'" in said
    take(company, tmp_path, "bank-accounts", f"{head}X,Eins,EUR,1234/567\n")
    said = refused(company, tmp_path, "bank-accounts", f"{head}Y,Zwei,EUR,1234/567\n")
    assert "X has it" in said
    take(company, tmp_path, "bank-accounts", f"{head}X,Eins,EUR,\nY,Zwei,EUR,1234/567\n")
    assert stored(company, "SELECT * FROM bank_account_id") == [("1234/567", "Y")]


def test_odd_orders_of_dates_are_warned_of_and_taken(
    company: config.Settings, tmp_path: Path
) -> None:
    head = f"{HEADER},due_date,discount_date,discount_tolerance_date"
    row = f"{ROW},2026-09-01,2026-10-10,2026-10-05"
    done = take(company, tmp_path, "ledger-entries", f"{head}\n{row}\n")
    assert done["new"] == 1
    assert len(done["warnings"]) == 3
    assert "row 2: due_date: found '2026-09-01', expected none before posting_date 2026-10-01" in (
        done["warnings"][-1] + done["warnings"][-2]
    )


def test_odd_signs_are_warned_of_and_taken(company: config.Settings, tmp_path: Path) -> None:
    """A credit memo of 100 that nobody is owed, a vendor who owes us; a refund has either sign."""
    rows = (
        "customer,C1,credit_memo,G1,2026-10-01,EUR,100.00",
        "customer,C1,credit_memo,G2,2026-10-01,EUR,-100.00",
        "vendor,V1,invoice,R1,2026-10-01,JPY,238",
        "vendor,V1,payment,P1,2026-10-01,EUR,38.00",
        "customer,C1,refund,F1,2026-10-01,EUR,-5.00",
        "customer,C1,refund,F2,2026-10-01,EUR,5.00",
    )
    done = take(company, tmp_path, "ledger-entries", "\n".join([HEADER, *rows]))
    assert done["new"] == 6
    assert done["warnings"] == [
        "ledger-entries.csv, row 2: amount: found '100.00', expected an amount below 0 for a"
        " customer credit_memo",
        "ledger-entries.csv, row 4: amount: found '238', expected an amount below 0 for a vendor"
        " invoice",
    ]
    head = "bank_account_no,entry_no,posting_date,amount,entry_type\n"
    checks = f"{head}B,1,2026-10-30,40.00,check\nB,2,2026-10-30,-1.00,direct_debit\n"
    assert take(company, tmp_path, "bank-entries", checks)["warnings"] == [
        "bank-entries.csv, row 2: amount: found '40.00', expected an amount below 0 for a check"
    ]


def test_parquet_is_taken_as_csv_is_with_its_own_dates_numbers_and_lists(
    company: config.Settings, tmp_path: Path
) -> None:
    day = dt.date(2026, 10, 1)
    frame = pl.DataFrame(
        {
            "party_type": ["customer"] * 2, "party_no": ["C1"] * 2,
            "document_type": ["invoice"] * 2, "document_no": ["R1", "R2"],
            "posting_date": [day] * 2, "due_date": [dt.datetime(2026, 10, 31), None],  # noqa: DTZ001
            "currency": ["EUR"] * 2, "amount": [100.1, 0.07], "instalment": [1, None],
        }
    )  # fmt: skip
    found = tmp_path / "entries.parquet"
    frame.write_parquet(found)
    with ledger.open(company.ledger) as book:
        load(book, "ledger-entries", found, company, actor="tester")
    sql = "SELECT document_no, instalment, amount, due_date FROM entry ORDER BY 1"
    assert stored(company, sql) == [("R1", 1, 10010, "2026-10-31"), ("R2", 0, 7, None)]
    pl.DataFrame({"no": ["C7"], "name": ["S"], "aliases": [["a", "b"]]}).write_parquet(found)
    with ledger.open(company.ledger) as book:
        load(book, "customers", found, company, actor="tester")
    assert stored(company, "SELECT alias FROM party_alias ORDER BY 1") == [("a",), ("b",)]
    take(company, tmp_path, "ledger-entries", entries(1))


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (f"{HEADER}\n{ROW}\n".encode(), 0),
        (f"{HEADER}\n{ROW.replace('EUR', 'XXX')}\n".encode(), 1),  # read and refused
        (f"{HEADER};\n{ROW}\n".encode(), 1),
        (b"", 2),  # not understood as CSV
        (f"{HEADER}\n{ROW},more,fields\n".encode(), 2),
        (f"{HEADER}\n{ROW.replace('C1', 'Cé')}\n".encode("latin-1"), 2),
        (f"{HEADER}\n{ROW}\n".encode("utf-16"), 2),
        (None, 2),  # cannot be opened
    ],
)  # fmt: skip
def test_what_was_read_and_refused_exits_1_and_what_is_no_table_2(
    company: config.Settings, tmp_path: Path, content: bytes | None, code: int
) -> None:
    found = tmp_path / "entries.csv"
    if content is not None:
        found.write_bytes(content)
    call = ["--ledger", company.ledger, "load", "ledger-entries", str(found)]
    assert cli.main([*call, "--json"]) == code
    assert stored(company, "SELECT count(*) FROM entry") == [(1 if code == 0 else 0,)]
    take(company, tmp_path, "ledger-entries", entries(1))


def test_what_is_no_parquet_is_said_and_other_kinds_take_no_snapshot(
    company: config.Settings, tmp_path: Path
) -> None:
    found = tmp_path / "entries.parquet"
    found.write_bytes(b"PAR0")
    with ledger.open(company.ledger) as book, pytest.raises(UsageError, match="no readable"):
        load(book, "ledger-entries", found, company, actor="tester")
    with pytest.raises(UsageError, match="for ledger-entries"):
        take(company, tmp_path, "customers", PARTIES["customers"], snapshot=True)


def test_columns_that_a_later_file_lacks_keep_what_stands(
    company: config.Settings, tmp_path: Path
) -> None:
    text = "no,name,ibans,aliases,language,blocked\nC1,Müller,DE75370501980000001102,MG,de,1\n"
    take(company, tmp_path, "customers", text)
    take(company, tmp_path, "customers", "no,name\nC1,Müller AG\n")
    assert stored(company, "SELECT name, blocked, fields FROM party WHERE party_no = 'C1'") == [
        ("Müller AG", "1", '{"language": "de"}')
    ]
    assert len(stored(company, "SELECT iban FROM party_iban")) == 1
    take(company, tmp_path, "customers", "no,name,ibans,language\nC1,Müller AG,,\n")
    assert stored(company, "SELECT iban FROM party_iban") == []
    assert stored(company, "SELECT fields FROM party WHERE party_no = 'C1'") == [("{}",)]


def test_a_cut_row_is_found_behind_a_line_end_inside_quotes(
    company: config.Settings, tmp_path: Path
) -> None:
    whole = 'C7,"Zwei\nZeilen, ""GmbH""","Weg 1\r\nHof"\n'
    said = refused(company, tmp_path, "customers", f"no,name,address\n{whole}C8,Acht\n")
    assert "row 3: fields: found '2', expected 3 fields" in said
    take(company, tmp_path, "customers", f"no,name,address\n{whole}")
    names = "SELECT name FROM party WHERE party_no = 'C7'"
    assert stored(company, names) == [('Zwei\nZeilen, "GmbH"',)]
