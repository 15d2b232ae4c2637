"""A report as it was known at a register: the same bytes, whatever was done since."""

import datetime as dt
import json
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from pipeline import cli, config, corrections, decisions, ledger, reporting, statement_previews
from pipeline.corrections import statements
from pipeline.domain import frames
from pipeline.ledger import payment_parts, reads
from pipeline.ledger.audit import Subject, audit
from pipeline.ledger.export import export
from pipeline.ledger.known import bank, known
from pipeline.ledger.known.past import past
from pipeline.ledger.reading import snapshot
from pipeline.reports import bank_reconciliation
from pipeline.statements import Choice, Form
from tests.ledger.loading import take
from tests.prepared import parking
from tests.reports.company import CARD, FOLLOWS, company, holds, invoice, mt940, night, ofx

DAY = dt.date(2026, 3, 31)
REPORTS: dict[str, Callable[..., dict[str, Any]]] = {
    "bank-reconciliation": reporting.bank_reconciliation,
    "trial-balance": reporting.trial_balance,
    "aging": reporting.aging,
    "night": reporting.night,
}


def pages(settings: config.Settings, at: int | None = None) -> dict[str, str]:
    return {
        name: json.dumps(make(settings, DAY, at), sort_keys=True) for name, make in REPORTS.items()
    }


def papers(settings: config.Settings, at: int) -> dict[str, bytes]:
    """What is behind some balances, and the statement that a customer gets."""
    with ledger.open(settings.ledger) as book, tempfile.TemporaryDirectory() as folder:
        behind = {
            f"{subject.text}: {name}": data
            for subject in (Subject("AR"), Subject("", "customer", "10"))
            for name, data in audit(book, subject, DAY, at)
        }
        form, choice = Form("balance_forward", dt.date(2026, 3, 1)), Choice(customers=("10",))
        statement_previews.write(settings, DAY, Path(folder), form, choice, as_known_at=at)
        return behind | {file.name: file.read_bytes() for file in Path(folder).glob("*.pdf")}


class Archive:
    """What each report said when its register was the last one, and says again."""

    def __init__(self, settings: config.Settings) -> None:
        self.settings, self.kept = settings, dict[int, dict[str, str]]()
        self.papers = dict[int, dict[str, bytes]]()

    def file(self) -> None:
        with ledger.open(self.settings.ledger) as book:
            register = reads.register_head(book)["no"]
        self.kept.setdefault(register, pages(self.settings, register))
        for number, before in self.kept.items():
            again = pages(self.settings, number)
            assert [n for n in REPORTS if again[n] != before[n]] == [], f"register {number}"
        if register not in self.papers:
            self.papers[register] = papers(self.settings, register)
        holds(self.settings)

    def stays(self) -> None:
        """The papers of every register are given again, byte for byte."""
        for number, before in self.papers.items():
            again = papers(self.settings, number)
            changed = [n for n in before | again if again.get(n) != before.get(n)]
            assert changed == [], f"register {number}"


def reversed_and_unapplied(settings: config.Settings) -> None:
    corrections.reverse(settings, ["HB/12/1"], "anna", "of another customer")
    corrections.unapply(settings, "RE-2026-0001", "anna", "for another invoice")


def undone(settings: config.Settings, number: str, account: str = "HB") -> None:
    for who in ("anna", "berta"):
        statements.undo(settings, account, number, who, "a line of it was wrong")


def test_no_report_of_the_past_changes(url: str, tmp_path: Path) -> None:
    settings = company(url, tmp_path / "books")
    archive, inbox = Archive(settings), tmp_path / "inbox"
    days = [dt.date(2026, 3, day) for day in (2, 3, 4, 5)]
    balance = 100_000
    for number, day in enumerate(days, 10):
        lines = [invoice(2 * number - 19), (7_500, "wer weiss")]
        night(settings, inbox, mt940(number, day, balance, lines))
        balance += 17_500
        archive.file()
    take(settings, tmp_path, "customers", "no,name\n10,Neuer Name KG\n")  # with no register
    archive.file()
    with ledger.open(settings.ledger) as book:
        item = int(export(book, "exceptions")["id"][0])
    decisions.apply(settings, item, decisions.Wish(accounts=(("bank_fees", ""),)), "anna")
    archive.file()
    reverse = (-10_000, "RUECKLASTSCHRIFT RE-2026-0003")
    night(settings, inbox, mt940(14, dt.date(2026, 3, 6), balance, [reverse, invoice(20)]))
    archive.file()
    reversed_and_unapplied(settings)
    archive.file()
    accounts = "no,name,currency,iban\nHB,Hansebank AG,EUR,DE38500400000123456700\nNEW,Neu,EUR,\n"
    take(settings, tmp_path, "bank-accounts", accounts)
    invoices = (
        "party_type,party_no,document_type,document_no,posting_date,currency,amount\n"
        "customer,11,invoice,RE-2026-0099,2026-03-02,EUR,55.00\n"  # late, into the same days
    )
    take(settings, tmp_path, "ledger-entries", invoices)
    archive.file()
    archive.stays()
    assert len(archive.kept) >= 7
    first, last = min(archive.kept), max(archive.kept)
    assert "Neuer Name KG" in archive.kept[last]["aging"]
    assert "Neuer Name KG" not in pages(settings, first)["aging"]
    letters = [archive.papers[number]["statement-10-2026-03-31.pdf"] for number in (first, last)]
    assert letters[0] != letters[1], "another name, another balance"
    assert '"NEW"' not in pages(settings, last - 1)["bank-reconciliation"]


def test_what_a_customer_is_asked_for_later_is_not_behind_a_balance_of_then(
    url: str, tmp_path: Path
) -> None:
    settings = company(url, tmp_path / "books")
    with ledger.open(settings.ledger) as book:
        register = reads.register_head(book)["no"]
        entry = book.rows("SELECT id FROM entry WHERE document_no = 'RE-2026-0001'")[0][0]
        before = dict(audit(book, Subject("", "customer", "10"), DAY, register))
        part = ("RF18539007547034", "customer", "10", "EUR", entry, 10_000)
        rows = pl.DataFrame([part], schema=frames.PAYMENT_PARTS, orient="row")
        payment_parts.store(book, rows, "anna")
        assert dict(audit(book, Subject("", "customer", "10"), DAY, register)) == before
        now = dict(audit(book, Subject("", "customer", "10"), DAY))
    assert b"RF18539007547034" in now["payment-parts.csv"]
    assert b"payment-parts.csv: " in now["READ-ME.txt"]


def test_on_postgresql_what_was_left_of_each_entry_is_not_looked_for_in_all_applications(
    postgres: str, tmp_path: Path
) -> None:
    settings = company(postgres, tmp_path / "books")
    with ledger.open(settings.ledger) as book:
        point = known(book, DAY, 1)
        with snapshot(book.engine) as books:
            tables = past(books, point)._tables
        plan = book.rows(f"EXPLAIN WITH {tables} SELECT sum(remaining_amount) FROM entry")
    assert [row[0] for row in plan if "CTE Scan on application" in row[0]] == []


def test_an_ofx_statement_that_is_closed_again_from_another_balance_changes_no_old_report(
    url: str, tmp_path: Path
) -> None:
    """Two files without a balance come late: what was closed from 1,000.00 begins at 1,050.00."""
    settings = parking(company(url, tmp_path / "books", FOLLOWS, CARD), "nightly")
    archive, inbox = Archive(settings), tmp_path / "inbox"

    def file(day: int, cents: int, text: str, balance: int | None = None) -> str:
        on = dt.date(2026, 3, day)
        return ofx((on, on), [(on, cents, text)], balance)

    night(settings, inbox, file(3, 10_000, "A"), file(5, 15_000, "B", 125_000))
    archive.file()
    with ledger.open(settings.ledger) as book:
        numbers = [row[0] for row in book.rows(
            "SELECT s.statement_no FROM closed_statement c JOIN statement s ON s.id ="
            " c.statement_id WHERE c.bank_account_no = 'CARD' ORDER BY c.ord DESC"
        )]  # fmt: skip
    assert len(numbers) == 2
    night(settings, inbox, mt940(10, dt.date(2026, 3, 2), 100_000, [invoice(1)]))
    archive.file()
    knew_both_closed = max(archive.kept)
    for number in numbers:
        undone(settings, number, "CARD")
        archive.file()
    night(settings, inbox, file(2, 5_000, "C"), file(4, -5_000, "D"))
    archive.file()
    archive.stays()
    with ledger.open(settings.ledger) as book:
        openings = book.rows(
            "SELECT opening FROM statement_chain WHERE undoes_ord IS NULL AND statement_id ="
            " (SELECT min(statement_id) FROM statement_chain WHERE bank_account_no = 'CARD')"
            " ORDER BY ord"
        )
        then = bank.statements(book, known(book, DAY, knew_both_closed))
    closed = then.filter(bank_account_no="CARD").sort("ord").select("opening", "closing")
    assert closed.rows() == [(100_000, 110_000), (110_000, 125_000)]
    assert [row[0] for row in openings] == [100_000, 105_000]


def test_a_bank_reconciliation_as_pdf_is_the_same_bytes_each_time(
    sqlite_two_nights: config.Settings, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    words = ["--ledger", sqlite_two_nights.ledger, "report", "bank-reconciliation", "--as-of",
             "2026-10-30", "--format", "pdf"]  # fmt: skip
    found = []
    for name in ("one", "two"):
        assert cli.main([*words, "-o", str(tmp_path / name)]) == 0
        found.append((tmp_path / name).read_bytes())
    assert found[0] == found[1]
    assert found[0].startswith(b"%PDF-")
    report = reporting.bank_reconciliation(sqlite_two_nights, dt.date(2026, 10, 31))
    assert bank_reconciliation.pdf(report, "") != found[0]
    assert cli.main(words) == 2
    assert "--format pdf: expected -o FILE" in capsys.readouterr().err
