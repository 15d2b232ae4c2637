"""The bank lines of the last days, whatever became of them."""

import datetime as dt
from typing import Any

import polars as pl

from pipeline.domain import frames
from pipeline.ledger import last_days
from pipeline.ledger.connection import Ledger

_SCHEMA: dict[str, Any] = {
    "line_id": pl.Int64, "booking_date": pl.Date, "amount": pl.Int64, "currency": pl.String,
    "bank_account_no": pl.String, "counterparty_name": pl.String,
    "counterparty_account": pl.String, "text": pl.String, "item": pl.Int64, "open": pl.Int64,
}  # fmt: skip


def lines(ledger: Ledger, back: dt.timedelta) -> pl.DataFrame:
    """Lines booked within ``back`` of the newest one: ``frames.LINES``, ``item`` and ``open``.

    Of ``frames.LINES`` what tells a payer is filled. ``item``: the exception of a line, 0 where it
    has none; ``open``: 1 while it waits.
    """
    day = "coalesce(l.booking_date, l.value_date)"
    newest = last_days.booked(ledger)
    first = newest - back if newest else dt.date.max
    sql = (
        f"SELECT l.line_id, {day}, l.amount, s.currency, s.bank_account_no, l.counterparty_name,"
        " l.counterparty_account, l.text, coalesce(x.id, 0), CASE WHEN x.status = 'open' THEN 1"
        " ELSE 0 END FROM statement_line l JOIN statement s ON s.id = l.statement_id LEFT JOIN"
        f" exception_item x ON x.line_id = l.line_id WHERE {day} >= '{first.isoformat()}'"
        " AND s.status IN ('received', 'reconciled') ORDER BY l.line_id"
    )
    found = ledger.frame(sql, _SCHEMA)
    whole = frames.conform(found.select(name for name in _SCHEMA if name in frames.LINES),
                           frames.LINES)  # fmt: skip
    return whole.with_columns(found["item"], found["open"])
