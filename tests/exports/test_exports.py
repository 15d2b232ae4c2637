"""What is exported: columns of the interface, sums that add up, journals other programs accept."""

import datetime as dt
import re
import subprocess
import sys
from decimal import Decimal
from pathlib import Path

import polars as pl
import pytest

from pipeline import config, ledger
from pipeline.ledger.export import COLUMNS, export, journal, write

# The interface, section 4, written out again: what stands here keeps its name and place.
CONTRACT = {
    "lines": "bank_account_no statement_no line_no bank_reference booking_date value_date amount"
    " currency counterparty_name counterparty_account text status party_type party_no"
    " applied_amount unapplied_amount confidence rule reason probability",
    "statements": "bank_account_no statement_no from_date to_date currency opening closing"
    " line_count net difference status reason waits_for file_sha256 file_name",
    "exceptions": "id bank_account_no statement_no line_no bank_reference reason status opened_on"
    " age_days assigned_to remaining currency candidates hint",
    "entries": "party_type party_no document_type document_no instalment posting_date due_date"
    " currency amount remaining_amount open on_hold letter",
    "bank-entries": "bank_account_no entry_no posting_date amount currency entry_type document_no"
    " check_no status statement_no line_no",
    "gl": "posting_date gl_account amount currency amount_company kind bank_account_no statement_no"
    " line_no party_type party_no document_no rate_missing",
}
APPLIED = (
    "bank_account_no statement_no line_no bank_reference booking_date value_date line_amount"
    " currency party_type party_no document_type document_no instalment applied_amount entry_amount"
    " discount_amount difference_amount difference_kind gl_account confidence rule status letter"
)
CONTRACT |= {
    "applications": f"{APPLIED} letter_date fx_amount_company entry_currency",
    "proposals": f"{APPLIED} rank probability explanation reason evidence entry_currency",
}


@pytest.fixture
def books(two_nights: config.Settings) -> config.Settings:
    return two_nights


def exported(settings: config.Settings, kind: str, **options: object) -> pl.DataFrame:
    with ledger.open(settings.ledger) as book:
        return export(book, kind, **options)  # type: ignore[arg-type]


def test_every_export_has_the_columns_of_the_interface(books: config.Settings) -> None:
    assert set(CONTRACT) <= set(COLUMNS)
    for kind, names in CONTRACT.items():
        found = exported(books, kind)
        assert found.columns == names.split(), kind
        assert found.height > 0, kind


def test_applied_and_unapplied_make_the_line(books: config.Settings) -> None:
    lines = exported(books, "lines")
    rows = exported(books, "applications")
    line_key = ("bank_account_no", "statement_no", "line_no")
    undone = set(rows.filter(pl.col("status") == "reversed").select(line_key).rows())
    applied: dict[tuple[object, ...], Decimal] = {}
    for *line, amount in rows.select(
        "bank_account_no", "statement_no", "line_no", "applied_amount"
    ).rows():
        applied[tuple(line)] = applied.get(tuple(line), Decimal(0)) + Decimal(amount)
    for row in lines.to_dicts():
        key = (row["bank_account_no"], row["statement_no"], row["line_no"])
        if key not in undone:  # a return un-applies the entry; the line itself stays explained
            assert applied.get(key, Decimal(0)) == Decimal(row["applied_amount"]), key
        sums = Decimal(row["applied_amount"]) + Decimal(row["unapplied_amount"])
        assert sums == Decimal(row["amount"]), key


def test_a_closed_group_has_one_letter_in_both_exports(books: config.Settings) -> None:
    entries = exported(books, "entries")
    assert set(entries.filter(pl.col("letter") != "")["open"]) == {"false"}
    lump = entries.filter((pl.col("party_no") == "10040") & (pl.col("letter") != ""))
    assert set(lump["letter"]) == {"AA"}
    assert len(lump) == 4, "two invoices, the credit memo, the payment"
    applied = exported(books, "applications").filter(pl.col("party_no") == "10040")
    assert applied["letter"].to_list() == ["AA"] * 3


def test_exceptions_age_to_a_given_day(books: config.Settings) -> None:
    ages = exported(books, "exceptions", as_of=dt.date(2026, 11, 30))
    for row in ages.to_dicts():
        opened = dt.date.fromisoformat(row["opened_on"])
        assert row["age_days"] == (dt.date(2026, 11, 30) - opened).days


def test_since_leaves_out_what_is_before(books: config.Settings) -> None:
    found = exported(books, "lines", since=dt.date(2026, 10, 30))
    assert 0 < found.height < exported(books, "lines").height
    assert min(found["booking_date"].to_list()) >= "2026-10-30"


def test_csv_text_is_no_formula_and_amounts_stay_numbers(tmp_path: Path) -> None:
    frame = pl.DataFrame({"text": ["=1+1", "-x", "plain"], "amount": ["-5.00", "1.00", "2.00"]})
    write(frame, "csv", tmp_path / "f.csv")
    assert (tmp_path / "f.csv").read_text("utf-8") == (
        "text,amount\n'=1+1,-5.00\n'-x,1.00\nplain,2.00\n"
    )


def _journal(settings: config.Settings, form: str, file: Path, **options: object) -> Path:
    with ledger.open(settings.ledger) as book:
        file.write_text(journal(book, form, settings, **options), "utf-8")  # type: ignore[arg-type]
    return file


def _check(command: list[str]) -> subprocess.CompletedProcess[str]:
    return subprocess.run(command, capture_output=True, text=True, check=False)


def test_beancount_accepts_the_journal_and_its_balances_are_real(
    books: config.Settings, tmp_path: Path
) -> None:
    check = str(Path(sys.executable).parent / "bean-check")
    file = _journal(books, "beancount", tmp_path / "j.beancount")
    good = _check([check, str(file)])
    assert good.returncode == 0, good.stderr
    text = file.read_text("utf-8")
    balances = re.findall(r"^\S+ balance Assets:\S+  -?([0-9.]+) ~ 0", text, re.MULTILINE)
    assert len(balances) >= 4
    cent = balances[0][:-1] + str((int(balances[0][-1]) + 1) % 10)
    file.write_text(text.replace(f"  {balances[0]} ~ 0", f"  {cent} ~ 0"), "utf-8")
    assert _check([check, str(file)]).returncode == 1, "one cent too many is found"


def test_beancount_accepts_a_journal_that_begins_later(
    books: config.Settings, tmp_path: Path
) -> None:
    file = _journal(books, "beancount", tmp_path / "j.beancount", since=dt.date(2026, 10, 30))
    found = _check([str(Path(sys.executable).parent / "bean-check"), str(file)])
    assert found.returncode == 0, found.stderr
    assert "carried_forward" in file.read_text("utf-8")
