"""Corrections are reversals: the exact negation of a stored journal, never an edit."""

import datetime as dt
import hashlib

import polars as pl

from pipeline.domain import frames
from pipeline.posting.journal import Journal


def reverse(journal: Journal, posting_date: dt.date, reason: str) -> Journal:
    """The journal that undoes ``journal`` on ``posting_date``: all of it negated.

    The targets of ``journal.applications`` must name stored entries (no ``new_entry``).
    """

    def new_key(name: str) -> pl.Expr:
        return pl.col(name).map_elements(
            lambda key: hashlib.sha256(f"reverse|{key}".encode()).hexdigest(), pl.String
        )

    entries = journal.journal_entries.with_columns(
        pl.col("key").alias("reverses_key"),
        new_key("key").alias("key"),
        new_key("payload_hash").alias("payload_hash"),
        pl.lit(posting_date).alias("posting_date"),
        pl.lit("reversal").alias("kind"),
        pl.lit(reason).alias("reason"),
    )
    amounts = ("applied_amount", "entry_amount", "discount_amount", "difference_amount")
    return Journal(
        frames.conform(entries, frames.JOURNAL_ENTRIES),
        journal.postings.with_columns(new_key("key").alias("key"), -pl.col("amount")),
        frames.empty(frames.NEW_ENTRIES),
        journal.applications.with_columns(
            new_key("key").alias("key"), *[-pl.col(name) for name in amounts]
        ),
        journal.refused.clear(),
    )
