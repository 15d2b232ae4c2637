"""Loading the books: bad rows named and nothing taken, twice as once, what others settled."""

from pathlib import Path

import polars as pl
import pytest

from pipeline import config, ledger
from pipeline.domain.errors import LoadError
from pipeline.ledger.load import load
from pipeline.ledger.verify import verify

HEADER = "party_type,party_no,document_type,document_no,posting_date,currency,amount"


@pytest.fixture
def book(url: str) -> config.Settings:
    """A company with a bank account, one customer and one vendor."""
    settings = config.Settings(ledger=url)
    ledger.init(url)
    return settings


def take(settings: config.Settings, folder: Path, kind: str, text: str, **more: bool) -> dict:
    file = folder / f"{kind}.csv"
    file.write_text(text, "utf-8")
    with ledger.open(settings.ledger) as found:
        receipt = load(found, kind, file, settings, actor="tester", **more)
        assert [c.invariant for c in verify(found) if c.violations] == []
    return receipt


def parties(settings: config.Settings, folder: Path) -> None:
    take(settings, folder, "bank-accounts", "no,name,currency\nB,Bank,EUR\n")
    take(
        settings,
        folder,
        "customers",
        "no,name,ibans,aliases\nC1,Müller GmbH,de05 3705 0198 0000 0011 01; ,M;MG\nC2,Zwei,,\n",
    )
    take(settings, folder, "vendors", "no,name\nV1,Papier\n")  # fmt: skip


def entries(count: int, amount: str = "100.00", *, first: int = 1) -> str:
    rows = [
        f"customer,C1,invoice,R{n},2026-10-01,EUR,{amount}" for n in range(first, first + count)
    ]
    return "\n".join([HEADER, *rows]) + "\n"


def stored(settings: config.Settings, sql: str) -> list[tuple]:
    with ledger.open(settings.ledger) as found:
        return [tuple(row) for row in found.rows(sql)]


def test_parties_are_taken_once_and_then_changed(book: config.Settings, tmp_path: Path) -> None:
    parties(book, tmp_path)
    parties(book, tmp_path)
    sql = "SELECT party_type, party_no, name FROM party ORDER BY 1, 2"
    assert stored(book, sql) == [("customer", "C1", "Müller GmbH"), ("customer", "C2", "Zwei"),
                                 ("vendor", "V1", "Papier")]  # fmt: skip
    assert stored(book, "SELECT iban FROM party_iban") == [("DE05370501980000001101",)]
    assert stored(book, "SELECT alias FROM party_alias ORDER BY 1") == [("M",), ("MG",)]
    take(book, tmp_path, "customers", "no,name\nC1,Müller AG\n")
    assert stored(book, sql)[0] == ("customer", "C1", "Müller AG")


def test_every_bad_row_is_named_and_nothing_is_taken(book: config.Settings, tmp_path: Path) -> None:
    parties(book, tmp_path)
    text = entries(1) + (
        "customer,C1,invoice,R7,2026-02-30,EUR,10.00\n"
        "customer,C1,invoice,R8,2026-10-01,EUR,1e5\n"
        "customer,C1,invoice,R9,2026-10-01,XXX,10.00\n"
    )
    with pytest.raises(LoadError) as refused:
        take(book, tmp_path, "ledger-entries", text)
    for row, name in (("3", "posting_date"), ("4", "amount"), ("5", "currency")):
        assert f"row {row}: {name}: found" in str(refused.value)
    assert stored(book, "SELECT count(*) FROM entry") == [(0,)]


def test_the_same_entries_again_change_nothing(book: config.Settings, tmp_path: Path) -> None:
    parties(book, tmp_path)
    take(book, tmp_path, "ledger-entries", entries(3))
    head = stored(book, "SELECT max(register_no) FROM register_seal")
    take(book, tmp_path, "ledger-entries", "\ufeff" + entries(3))
    assert stored(book, "SELECT max(register_no) FROM register_seal") == head


def test_parquet_is_taken_as_csv_is(book: config.Settings, tmp_path: Path) -> None:
    parties(book, tmp_path)
    file = tmp_path / "entries.parquet"
    pl.read_csv(entries(3).encode(), infer_schema=False).write_parquet(file)
    with ledger.open(book.ledger) as found:
        load(found, "ledger-entries", file, book, actor="tester")
    assert stored(book, "SELECT sum(remaining_amount) FROM entry")[0][0] == 30000


def test_a_snapshot_closes_what_the_source_no_longer_has_open(
    book: config.Settings, tmp_path: Path
) -> None:
    parties(book, tmp_path)
    take(book, tmp_path, "ledger-entries", entries(20))
    receipt = take(book, tmp_path, "ledger-entries", entries(19), snapshot=True)
    assert receipt["settled_outside"] == 1
    left = "SELECT document_no FROM entry WHERE remaining_amount = 0"
    assert stored(book, left) == [("R20",)]


def test_a_snapshot_that_would_close_too_much_is_refused(
    book: config.Settings, tmp_path: Path
) -> None:
    parties(book, tmp_path)
    take(book, tmp_path, "ledger-entries", entries(20))
    with pytest.raises(LoadError, match="3 of 20 open entries"):
        take(book, tmp_path, "ledger-entries", entries(17), snapshot=True)
    receipt = take(book, tmp_path, "ledger-entries", entries(17), snapshot=True, allow_closing=True)
    assert receipt["settled_outside"] == 3


def test_a_smaller_remaining_amount_is_settled_outside_and_a_changed_one_is_a_conflict(
    book: config.Settings, tmp_path: Path
) -> None:
    parties(book, tmp_path)
    take(book, tmp_path, "ledger-entries", entries(2))
    part = f"{HEADER},remaining_amount\ncustomer,C1,invoice,R1,2026-10-01,EUR,100.00,40.00\n"
    take(book, tmp_path, "ledger-entries", part)
    assert stored(book, "SELECT remaining_amount FROM entry WHERE document_no = 'R1'") == [(4000,)]
    receipt = take(book, tmp_path, "ledger-entries", entries(1, "90.00", first=2))
    assert len(receipt["problems"]) == 1
    hold = "SELECT on_hold FROM entry WHERE document_no = 'R2'"
    assert stored(book, hold) == [("source_conflict",)]
