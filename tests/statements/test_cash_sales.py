"""A cash sale is paid at once: its customer is told of it, and nothing of it is ever open."""

import datetime as dt
import json
from pathlib import Path
from typing import Any

import pytest

from pipeline import config, ledger, statement_previews
from pipeline.ledger import as_of, reads
from pipeline.ledger.export import export
from pipeline.ledger.verify import verify
from pipeline.statements import Choice, Form
from tests.ledger import loading

DAY = dt.date(2026, 10, 31)
CUSTOMERS = "no,name,language\nA,Nordlicht Bau GmbH,en\nB,Sommer KG,en\n"
ENTRIES = (
    "party_type,party_no,document_type,document_no,posting_date,currency,amount,remaining_amount,"
    "project\n"
    "customer,A,invoice,RE-1,2026-10-02,EUR,100.00,100.00,Bridge\n"
    "customer,A,cash_sale,KA-1,2026-10-05,EUR,49.00,0,Bridge\n"
    "customer,B,cash_sale,KA-2,2026-10-06,EUR,20.00,,\n"
    "customer,B,cash_sale,KA-3,2026-11-02,EUR,5.00,0,\n"
)


@pytest.fixture
def books(url: str, tmp_path: Path) -> config.Settings:
    settings = config.Settings(ledger=url)
    ledger.init(url)
    loading.take(settings, tmp_path, "customers", CUSTOMERS)
    assert loading.take(settings, tmp_path, "ledger-entries", ENTRIES)["cash_sales"] == 3
    return settings


def told(
    settings: config.Settings, folder: Path, form: Form, choice: Choice | None = None, **more: Any
) -> dict[str, Any]:
    """What each customer is told, by the name of its file."""
    statement_previews.write(settings, DAY, folder, form, choice, formats=("json",), **more)
    return {path.name.split("-")[1]: json.loads(path.read_text()) for path in folder.iterdir()}


def rows(said: dict[str, Any]) -> list[tuple[str, str, str]]:
    (section,) = said["currencies"]
    return [(row["document_type"], row["amount"], row.get("balance", "")) for row in section["rows"]
            if "amount" in row]  # fmt: skip


def test_it_is_two_movements_and_never_open(books: config.Settings, tmp_path: Path) -> None:
    balance = told(books, tmp_path / "balance", Form("balance_forward"))
    assert rows(balance["A"]) == [
        ("invoice", "100.00", "100.00"),
        ("cash_sale", "49.00", "149.00"), ("paid_at_once", "-49.00", "100.00"),
    ]  # fmt: skip
    assert balance["A"]["currencies"][0]["balance"] == "100.00", "what is open is what moved"
    activity = told(books, tmp_path / "activity", Form("activity"))
    assert rows(activity["B"]) == [("cash_sale", "20.00", ""), ("paid_at_once", "-20.00", "")]
    opened = told(books, tmp_path / "open", Form("open_item"))
    assert list(opened) == ["A"]
    assert [row["document_type"] for row in opened["A"]["currencies"][0]["rows"]] == ["invoice"]
    with ledger.open(books.ledger) as book:
        assert export(book, "entries")["document_no"].to_list() == ["RE-1"], "no part of the books"
        assert [c.invariant for c in verify(book) if c.violations] == []


def test_whoever_paid_at_once_was_active(books: config.Settings, tmp_path: Path) -> None:
    active = Choice(without_activity=False)
    november = Form("activity", dt.date(2026, 10, 6))
    assert list(told(books, tmp_path / "activity", november, active)) == ["B"]


def test_it_is_of_its_project(books: config.Settings, tmp_path: Path) -> None:
    said = told(books, tmp_path / "projects", Form("activity", per="project"))
    assert said["A+project"]["project"] == "Bridge"
    assert [kind for kind, _, _ in rows(said["A+project"])][1:] == ["cash_sale", "paid_at_once"]


def test_loaded_again_it_is_there_once_and_another_amount_is_named(
    books: config.Settings, tmp_path: Path
) -> None:
    with ledger.open(books.ledger) as book:
        head = reads.register_head(book)["no"]
    again = loading.take(books, tmp_path, "ledger-entries", ENTRIES)
    assert "cash_sales" not in again
    other = ENTRIES.replace("EUR,49.00,0", "EUR,94.00,0").replace("KA-2", "KA-4")
    found = loading.take(books, tmp_path, "ledger-entries", other)
    assert (found["cash_sales"], found["problems"]) == (1, [
        "ledger-entries.csv, row 3: cash_sale KA-1: found 94.00 EUR on 2026-10-05, expected 49.00"
        " EUR on 2026-10-05, as it was told",
    ])  # fmt: skip
    with ledger.open(books.ledger) as book:
        assert reads.register_head(book)["no"] == head, "nothing was posted"
        assert as_of.cash_sales(book, DAY)["amount"].to_list() == [
            4900, -4900, 2000, -2000, 2000, -2000,
        ]  # fmt: skip


def test_what_the_source_says_is_owed_stays_owed_and_is_asked_about(
    books: config.Settings, tmp_path: Path
) -> None:
    """A debt is never hidden: such a row is an entry, and whoever loads it is told."""
    head = ENTRIES.splitlines()[0]
    row = f"{head}\ncustomer,A,cash_sale,KA-9,2026-10-07,EUR,30.00,30.00,\n"
    found = loading.take(books, tmp_path, "ledger-entries", row)
    assert (found["new"], found["warnings"]) == (1, [
        "ledger-entries.csv, row 2: remaining_amount: found '30.00', expected nothing: a cash sale"
        " is paid at once",
    ])  # fmt: skip


def test_as_it_was_known_before_it_was_loaded_it_is_not_told(
    books: config.Settings, tmp_path: Path
) -> None:
    head = ENTRIES.splitlines()[0]
    later = f"{head}\ncustomer,A,cash_sale,KA-5,2026-10-08,EUR,7.00,0,\n"
    loading.take(books, tmp_path, "ledger-entries", later)
    more = f"{head}\ncustomer,A,invoice,RE-2,2026-10-09,EUR,1.00,1.00,\n"
    loading.take(books, tmp_path, "ledger-entries", more)
    then = told(books, tmp_path / "then", Form("activity"), as_known_at=1)
    assert "7.00" not in str(then)
    assert "7.00" in str(told(books, tmp_path / "now", Form("activity"), as_known_at=2))
