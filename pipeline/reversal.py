"""Stored journal entries negated: what reversals by people and of own transfers are made of."""

import datetime as dt
from collections.abc import Mapping

import polars as pl

from pipeline import ledger, posting
from pipeline.ledger import corrections, values


def journal(
    book: ledger.Ledger, days: Mapping[int, dt.date], reason: str
) -> tuple[posting.Journal, list[int]]:
    """The journal that undoes entries (number -> day of its reversal), and the lines behind them.

    LedgerError as ``posting.reverse``.
    """
    found = corrections.journals_of(book, sorted(days))
    created, numbers = found.pop("created"), found.pop("numbers")
    worth = values.of_journals(book, days)
    stored = posting.Journal(**found, refused=pl.DataFrame(), values=worth)
    dated = numbers.with_columns(
        pl.col("no").replace_strict(days, return_dtype=pl.Date).alias("day")
    )
    undone = posting.reverse(stored, created, dated.select("key", "day"), reason)
    return undone, found["applications"]["line_id"].drop_nulls().unique().to_list()
