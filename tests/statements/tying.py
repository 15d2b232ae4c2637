"""What must hold of every customer's account on every day, whatever was done to the books."""

import datetime as dt
from collections.abc import Iterable

import polars as pl

from pipeline.ledger import Ledger, as_of, reads

_BY = ["party_no", "currency"]


def not_tied(book: Ledger, days: Iterable[dt.date]) -> list[tuple[object, ...]]:
    """Customers whose movements do not sum up to their open entries as of one of ``days``."""
    head = reads.register_head(book)["no"]
    found: list[tuple[object, ...]] = []
    for day in days:
        opened = (
            as_of.customer_entries(book, day, head)
            .group_by(_BY)
            .agg(pl.col("remaining_amount").sum().alias("open"))
        )
        moved = as_of.customer_movements(book, day, head).group_by(_BY).agg(pl.col("amount").sum())
        both = opened.join(moved, on=_BY, how="full", coalesce=True).fill_null(0)
        found += both.filter(pl.col("open") != pl.col("amount")).sort(_BY).rows()
    return found


def late_not_tied(book: Ledger, day: dt.date, before: int, after: int) -> list[object]:
    """Customers whose balance as stated and what came late are not what it is now.

    As stated by the registers until ``before``, now by those until ``after``.
    """
    moved = as_of.customer_movements(book, day, after, after_register=before)
    parts = [
        as_of.customer_entries(book, day, before).select(*_BY, amount="remaining_amount"),
        moved.select(*_BY, "amount"),
        as_of.customer_entries(book, day, after).select(*_BY, amount=-pl.col("remaining_amount")),
    ]
    sums = pl.concat(parts).group_by(_BY).agg(pl.col("amount").sum())
    return list(sums.filter(pl.col("amount") != 0).sort(_BY).rows())


def days_of(book: Ledger) -> list[dt.date]:
    """Every day on which something is dated, and the one before the first."""
    rows = book.rows(
        "SELECT posting_date FROM entry UNION SELECT posting_date FROM journal_entry ORDER BY 1"
    )
    days = [dt.date.fromisoformat(row[0]) for row in rows]
    return [days[0] - dt.timedelta(days=1), *days] if days else []
