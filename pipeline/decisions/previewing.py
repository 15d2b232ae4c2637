"""What a decision would post, before anybody makes it: by the same functions, without a write."""

from dataclasses import dataclass
from typing import Any

import polars as pl

from pipeline import books, ledger
from pipeline.config import Settings
from pipeline.decisions.carrying_out import beyond_limits, digest, journal
from pipeline.decisions.deciding import cancelling, waits_as, written_off
from pipeline.decisions.explaining import explain
from pipeline.decisions.items import Row, item_of, line_of, proposal_of
from pipeline.decisions.wish import Wish


@dataclass(frozen=True, slots=True)
class Preview:
    """The postings of a decision, by ``frames.POSTINGS`` (debit > 0, minor units)."""

    postings: list[Row]
    posting_dates: list[Any]
    needs_approval: str = ""
    """The limit that it passes, so that a second person decides; else empty."""
    digest: str = ""
    """What the decision takes as ``shown``, so that it posts this or nothing."""


def of_wish(settings: Settings, number: int, wish: Wish) -> Preview:
    """What ``apply`` would post; UsageError says what is unknown, ambiguous or left over."""
    with books.opened(settings) as book:
        line = line_of(book, item_of(book, number))
        found = explain(book, line, wish, settings)
        over = beyond_limits(book, line, found, settings)
        return _of_rows(book, [line], [found.rows], settings, over)


def of_proposal(settings: Settings, number: int, rank: int) -> Preview:
    """What ``accept`` would post."""
    with books.opened(settings) as book:
        item = item_of(book, number)
        line = line_of(book, item)
        head, rows = proposal_of(book, item, line, rank)
        waiting = waits_as(book, line, rows) if rank == 1 else None
        over = "" if waiting else written_off(book, line, head, rows, settings, {})
        return _of_rows(book, [line], [rows], settings, over)


def of_pair(settings: Settings, number: int, pair: int) -> Preview:
    """What ``dismiss`` would post."""
    with books.opened(settings) as book:
        lines = [line_of(book, item_of(book, one)) for one in (number, pair)]
        return _of_rows(book, lines, cancelling(lines, settings), settings, "")


def _of_rows(
    book: ledger.Ledger, lines: list[Row], rows: list[list[Row]], settings: Settings, over: str
) -> Preview:
    ids = [line["line_id"] for line in lines]
    made = journal(book, ids, rows, [("manual", "manual")] * len(ids), settings)
    days = made.journal_entries["posting_date"].unique().sort().to_list()
    moved = made.postings.filter(pl.col("amount") != 0).sort("key", "seq")
    return Preview(moved.to_dicts(), days, over, digest(made, rows))
