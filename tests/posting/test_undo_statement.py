"""That a statement is reconciled is undone by two people; its lines may be reversed then."""

import datetime as dt
from pathlib import Path
from typing import Any

import pytest

from pipeline import config, corrections, decisions, ledger, reporting, steps
from pipeline.corrections import statements
from pipeline.domain.errors import LedgerError, UsageError
from pipeline.ledger import reads
from pipeline.ledger.export import export
from pipeline.ledger.verify import verify
from tests.posting.golden_case import FOLDER, THEN, given

RECEIPT = (FOLDER / "receipt-in-full.md").read_text("utf-8").partition(THEN)[0]
_NEXT = (
    ":20:G2\n:25:DE38500400000123456700\n:28C:2/1\n:60F:C261029EUR1000,00\n"
    ":61:2610301030D12,00NCHGNONREF//G2\n:86:808?20Kontofuehrung\n:62F:C261030EUR988,00\n-\n"
)


@pytest.fixture
def books(url: str, tmp_path: Path) -> config.Settings:
    """Two statements of an account, one after another, both reconciled."""
    settings = given(RECEIPT, url, tmp_path)
    (tmp_path / "inbox" / "next.sta").write_text(_NEXT, "ascii")
    steps.nightly(settings, [tmp_path / "inbox"], "tester")
    assert standing(settings) == {"1": "reconciled", "2": "reconciled"}
    return settings


def standing(settings: config.Settings) -> dict[str, str]:
    with ledger.open(settings.ledger) as book:
        rows = export(book, "statements").filter(bank_account_no="BANK")
    return dict(rows.select("statement_no", "status").rows())


def holds(settings: config.Settings) -> None:
    with ledger.open(settings.ledger) as book:
        assert [(c.invariant, c.ids) for c in verify(book) if c.violations] == []
    assert steps.night_report(settings)["problems"] == []


def undo(settings: config.Settings, number: str, who: str) -> dict[str, Any]:
    return statements.undo(settings, "BANK", number, who, "the receipt was for another invoice")


def test_only_the_last_statement_is_undone_and_two_people_do_it(books: config.Settings) -> None:
    with pytest.raises(LedgerError, match="statement 1 of BANK: 1 statement was closed after it"):
        undo(books, "1", "anna")
    assert undo(books, "2", "anna")["done"] is False
    assert undo(books, "2", "anna")["done"] is False, "one alone does not suffice"
    assert standing(books)["2"] == "reconciled"
    assert undo(books, "2", "berta") == {
        "bank_account": "BANK", "statement": "2", "status": "received", "requested_by": "anna",
        "done": True,
    }  # fmt: skip
    assert standing(books) == {"1": "reconciled", "2": "posted"}, "all its lines are still posted"
    holds(books)
    with pytest.raises(UsageError, match="statement 2 of BANK is not reconciled"):
        undo(books, "2", "berta")
    assert steps.reconcile(books)["reconciled"] == 1, "nothing was changed: it closes again"
    assert undo(books, "2", "berta")["done"] is False, "the request of before is used up"
    holds(books)


def test_a_report_of_the_past_does_not_know_what_was_undone_later(books: config.Settings) -> None:
    with ledger.open(books.ledger) as book:
        head = reads.register_head(book)["no"]
    before = reporting.bank_reconciliation(books, dt.date(2026, 10, 30), head)
    for who in ("anna", "berta"):
        undo(books, "2", who)
    assert reporting.bank_reconciliation(books, dt.date(2026, 10, 30), head) == before


def test_a_line_of_an_undone_statement_is_reversed_decided_anew_and_closed_again(
    books: config.Settings, tmp_path: Path
) -> None:
    with pytest.raises(LedgerError, match="lettrage undo-statement BANK 1"):
        corrections.reverse(books, ["BANK/1/1"], "anna", "paid for another invoice")
    for number in ("2", "1"):
        for who in ("anna", "berta"):
            undo(books, number, who)
    corrections.reverse(books, ["BANK/1/1"], "anna", "paid for another invoice")
    holds(books)
    steps.nightly(books, [tmp_path / "inbox"], "tester")
    assert standing(books) == {"1": "received", "2": "posted"}, "the line of 1 asks first"
    decisions.accept(books, 1, "berta", reason="it was right after all")
    assert standing(books) == {"1": "reconciled", "2": "reconciled"}
    with ledger.open(books.ledger) as book:
        log = book.rows("SELECT ord, undoes_ord, opening, closing FROM statement_chain WHERE"
                        " bank_account_no = 'BANK' ORDER BY ord")  # fmt: skip
    assert [tuple(row) for row in log] == [
        (1, None, 0, 100000),
        (2, None, 100000, 98800),
        (3, 2, 98800, 100000),
        (4, 1, 100000, 0),
        (5, None, 0, 100000),
        (6, None, 100000, 98800),
    ]
    holds(books)
