"""Reads for applying what stands open with a party: payments on account, credit memos."""

import datetime as dt
from collections.abc import Collection
from typing import Any

import polars as pl

from pipeline.domain import frames
from pipeline.ledger import chosen
from pipeline.ledger.connection import Ledger
from pipeline.ledger.reading import listed


def left_by(ledger: Ledger, line_id: int) -> pl.DataFrame:
    """Open entries that the posting of a line left with parties (``frames.ENTRIES``)."""
    sql = (
        "SELECT e.id FROM entry e JOIN journal_entry j ON j.no = e.journal_entry_no WHERE"
        f" j.line_id = {int(line_id)} AND e.remaining_amount <> 0"
    )
    return chosen.entries(ledger, [int(row[0]) for row in ledger.rows(sql)])


def source(ledger: Ledger, entry_id: int) -> dict[str, Any]:
    """``line_id, line, value_date, currency`` of the line that left an entry.

    Null and empty where none did.
    """
    schema = {"line_id": pl.Int64, "line": pl.String, "value_date": pl.Date, "currency": pl.String}
    sql = (
        "SELECT j.line_id, coalesce(s.bank_account_no || '/' || s.statement_no || '/' || l.line_no,"
        " ''), coalesce(l.value_date, l.booking_date), coalesce(s.currency, '') FROM entry e JOIN"
        " journal_entry j ON j.no = e.journal_entry_no LEFT JOIN statement_line l ON l.line_id ="
        f" j.line_id LEFT JOIN statement s ON s.id = l.statement_id WHERE e.id = {int(entry_id)}"
    )
    return ledger.frame(sql, schema).row(0, named=True)


def booked(ledger: Ledger, entries: Collection[int]) -> dt.date:
    """The first day on which all of ``entries`` stand in the books, each at its own date."""
    sql = (
        "SELECT max(CASE WHEN j.posting_date > e.posting_date THEN j.posting_date ELSE"
        " e.posting_date END) FROM entry e JOIN journal_entry j ON j.no = e.journal_entry_no WHERE"
        f" e.id IN ({listed(entries)})"
    )
    return dt.date.fromisoformat(ledger.rows(sql)[0][0])


def times(ledger: Ledger, entry_id: int) -> int:
    """How often the money of an entry was applied by hand before, what was undone since too."""
    sql = (
        "SELECT count(*) FROM application a JOIN journal_entry j ON j.no = a.journal_entry_no WHERE"
        f" j.kind = 'application' AND a.entry_id = {int(entry_id)}"
    )
    return int(ledger.rows(sql)[0][0])


def applied_by(ledger: Ledger, word: str) -> list[int]:
    """Journal entries that apply a document of this number to another one, no line behind them."""
    sql = (
        "SELECT DISTINCT j.no FROM journal_entry j JOIN application a ON a.journal_entry_no = j.no"
        " JOIN entry e ON e.id = a.entry_id WHERE j.kind = 'application' AND a.line_id IS NULL AND"
        " e.document_no = :no AND NOT EXISTS (SELECT 1 FROM journal_entry r WHERE"
        " r.reverses_no = j.no) ORDER BY j.no"
    )
    return [row["no"] for row in ledger.records(sql, no=word)]


def as_proposed(applied: pl.DataFrame) -> pl.DataFrame:
    """``applied`` (``frames.APPLIED``) as rows of a proposal (``frames.PROPOSED``)."""
    named = applied.with_columns(
        pl.lit("entry").alias("target"),
        pl.col("entry_id").alias("target_id"),
        pl.lit(1).alias("rank"),
    )
    return frames.conform(named, frames.PROPOSED)
