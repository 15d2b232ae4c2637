"""An invoice in dollars paid in euros: the ledger takes what the bank states and nothing else."""

from pathlib import Path
from typing import Any

import polars as pl
import pytest

from pipeline import booking, config, decisions, ledger, posting, review, steps
from pipeline.domain.errors import LedgerError
from pipeline.ledger import reads
from pipeline.ledger.export import export
from pipeline.ledger.verify import verify
from tests.ledger.behind_the_back import open_to_all, run, stripped, verified
from tests.posting.golden_case import given

STORY = """
```csv ledger-entries
party_type,party_no,document_type,document_no,posting_date,currency,amount,amount_company
customer,C1,invoice,RE-2026-1001,2026-10-20,USD,1000.00,950.00
customer,C1,invoice,RE-2026-1002,2026-10-20,CHF,1000.00,950.00
customer,C1,invoice,RE-2026-1003,2026-10-20,USD,1100.00,1045.00
```

```mt940 BANK
:61:2610291029C930,00NTRFNONREF//G1
/OCMT/USD1000,00/CHGS/EUR2,00/
:86:166?20SVWZ+RE-2026-1001?31DE05370501980000001101?32Nordlicht Moebel GmbH
```
"""


@pytest.fixture
def settings(url: str, tmp_path: Path) -> config.Settings:
    """Charges are stated beside the amount, so that the line asks."""
    found = given(STORY, url, tmp_path)
    steps.nightly(found, [tmp_path / "inbox"], "tester")
    return found


def posted(settings: config.Settings, document: str, **changed: int) -> None:
    """Post the line as if it paid a document by these amounts, past matching and its rules."""
    with ledger.open(settings.ledger) as book:
        line, entries = reads.open_lines(book), reads.open_entries(book)
        number = entries.filter(pl.col("document_no") == document)["entry_id"].item()
        row: dict[str, Any] = {
            "target": "entry", "target_id": number, "party_type": "customer", "party_no": "C1",
            "applied_amount": 93000, "entry_amount": 100000,
            "difference_kind": "tolerance" if "difference_amount" in changed else "", **changed,
        }  # fmt: skip
        head, rows = review.proposal(line["line_id"].item(), [row], "manual", "manual")
        journal = posting.post(line, head, rows, reads.bank_accounts(book), entries, settings)
        booking.write(book, journal, settings, kind="nightly", actor="berta")


@pytest.mark.parametrize(
    ("document", "changed"),
    [
        ("RE-2026-1001", {"entry_amount": 99999}),
        ("RE-2026-1003", {"entry_amount": 100001}),
        ("RE-2026-1002", {}),
        ("RE-2026-1003", {"entry_amount": 100100, "difference_amount": 100}),
    ],
    ids=["a cent less", "a cent more", "another currency", "a difference beside it"],
)
def test_what_the_bank_does_not_state_is_refused(
    settings: config.Settings, document: str, changed: dict[str, int]
) -> None:
    with pytest.raises(LedgerError, match="exchanged_otherwise"):
        posted(settings, document, **changed)
    with ledger.open(settings.ledger) as book:
        assert export(book, "lines")["status"].to_list() == ["proposed"]


def test_a_person_accepts_what_asked_and_verify_compares_it_with_the_line(
    settings: config.Settings,
) -> None:
    with ledger.open(settings.ledger) as book:
        (item,) = export(book, "exceptions").to_dicts()
    assert item["reason"] == "currency_differs"
    assert decisions.accept(settings, int(item["id"]), "anna")["status"] == "resolved"
    with ledger.open(settings.ledger) as book:
        assert [c.invariant for c in verify(book) if c.violations] == []
        row = export(book, "applications").row(0, named=True)
        assert (row["applied_amount"], row["currency"]) == ("930.00", "EUR")
        assert (row["entry_amount"], row["entry_currency"]) == ("1000.00", "USD")
        for change in ("original_amount = 99999", "original_currency = 'CHF'"):
            with open_to_all(book) as connection:
                run(connection, *stripped("statement_line", sqlite=book.sqlite),
                    f"UPDATE statement_line SET {change}")  # fmt: skip
                found = {c.invariant for c in verified(book, connection) if c.violations}
                assert "I18d" in found
