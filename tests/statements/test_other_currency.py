"""Money in one currency settles an entry of another: the statement says what it came as."""

import datetime as dt
from pathlib import Path

import polars as pl
import pytest

from pipeline import corrections, ledger
from pipeline.ledger import as_of, reads
from pipeline.statements import Form, compose
from tests.posting.golden_case import played

DAY = dt.date(2026, 10, 31)
WHO = {"no": "C1", "name": "Nordlicht GmbH", "name_2": "", "language": "en-GB", "country": "DE"}


@pytest.mark.parametrize("style", ["balance_forward", "activity"])
def test_an_invoice_in_dollars_was_paid_in_euros(url: str, tmp_path: Path, style: str) -> None:
    """The customer sent 1,000.00 USD of which the bank made 930.00 EUR: both amounts are told."""
    settings = played("currency-stated", url, tmp_path)

    def told(number: str, lines: str = "each") -> list[str]:
        with ledger.open(settings.ledger) as book:
            head = reads.register_head(book)["no"]
            entries = as_of.customer_entries(book, DAY, head, [number])
            moved = as_of.customer_movements(book, DAY, head, [number])
        form = Form(style, template="own", templates={"own": {"lines": lines}})
        data = compose(WHO | {"no": number}, entries, moved, DAY, form, "", "0" * 64)
        (section,) = data["currencies"]
        assert section["currency"] == "USD", "euros are no section of their own"
        rows = section["account"][1:-1] if style == "balance_forward" else section["activity"]
        return [row["type"] for row in rows]

    assert told("C1") == ["Invoice", "Payment of 930.00 EUR"]
    assert told("C2") == ["Invoice", "Invoice", "Payment of 279.01 EUR"]
    assert told("C1", "by_kind") == ["Invoice", "Payment of 930.00 EUR"], "one is told whole"
    corrections.unapply(settings, "RE-2026-1001", "anna", "paid for another invoice")
    assert told("C1") == ["Invoice", "Payment of 930.00 EUR"]


def test_open_items_say_what_was_paid_otherwise(url: str, tmp_path: Path) -> None:
    """An un-applied payment says what it came as, an invoice what of it was paid in euros."""
    settings = played("currency-stated-unapplied", url, tmp_path)
    with ledger.open(settings.ledger) as book:
        head = reads.register_head(book)["no"]
        entries = as_of.customer_entries(book, DAY, head)
        paid = as_of._paid_otherwise(book, DAY, head, [2])
    data = compose(WHO, entries, (), DAY, Form(), "", "0" * 64)
    (section,) = data["currencies"]
    assert [row["type"] for row in section["credits"]] == ["Payment of 1,302.00 EUR"]
    assert [(row["document"], row["notes"]) for row in section["owed"]] == [("RE-2026-1001", [])]
    assert paid == {2: '[["EUR", 37200, 40000]]'}
    partly = entries.filter(pl.col("amount") > 0).with_columns(paid_otherwise=pl.lit(paid[2]))
    (row,) = compose(WHO, partly, (), DAY, Form(), "", "")["currencies"][0]["owed"]
    assert row["notes"] == ["of this 400.00 paid by 372.00 EUR"]
