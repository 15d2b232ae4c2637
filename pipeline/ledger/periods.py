"""Closed periods: the log of closings and re-openings, and what stands against a closing."""

import datetime as dt
from typing import Any

import polars as pl
from sqlalchemy import Connection

from pipeline.domain.errors import LedgerError
from pipeline.ledger.connection import Ledger, insert, next_id, now
from pipeline.ledger.reads import LEFT

_T, _N = pl.String, pl.Int64
_COLUMNS = ("id", "closed_through", "action", "actor", "second_actor", "reason", "after_register",
            "request_id", "recorded_at")  # fmt: skip
_EVENTS = f"SELECT {', '.join(_COLUMNS)} FROM period_event ORDER BY id"


def events(ledger: Ledger) -> list[dict[str, Any]]:
    """Every closing and re-opening, oldest first."""
    numbers = ("id", "after_register", "request_id")
    schema = {name: _N if name in numbers else _T for name in _COLUMNS}
    return ledger.frame(_EVENTS, schema).to_dicts()


def state(ledger: Ledger) -> str:
    """What a person sees who closes or re-opens: the number of the last event, 0 before any."""
    return str(ledger.rows("SELECT coalesce(max(id), 0) FROM period_event")[0][0])


def seen(ledger: Ledger) -> tuple[int, int]:
    """Last register and last statement event: what a closing was checked against."""
    return _seen(ledger.rows(_SEEN)[0])


_SEEN = (
    "SELECT (SELECT value FROM counter WHERE name = 'register'),"
    " (SELECT coalesce(max(id), 0) FROM statement_event)"
)


def _seen(row: Any) -> tuple[int, int]:
    return int(row[0]), int(row[1])


def record(
    ledger: Ledger,
    action: str,
    through: dt.date,
    actor: str,
    reason: str,
    *,
    second: str = "",
    request: int | None = None,
    checked: tuple[int, int] | None = None,
) -> None:
    """Write a closing, or a re-opening by two people; the database has the last word.

    LedgerError where something was posted or received since it was ``checked``.
    """
    with ledger.transaction() as connection:
        _unchanged(connection, checked)
        sql = "SELECT value FROM counter WHERE name = 'register'"
        register = connection.exec_driver_sql(sql).scalar()
        row = (next_id(connection, "period_event"), through.isoformat(), action, actor, second,
               reason, register, request, now(connection))  # fmt: skip
        insert(connection, "period_event", _COLUMNS, [row])


def _unchanged(connection: Connection, checked: tuple[int, int] | None) -> None:
    if checked is not None and _seen(connection.exec_driver_sql(_SEEN).one()) != checked:
        raise LedgerError(
            "something was posted or received while the period was checked; nothing was closed,"
            " close it again"
        )


def not_reconciled(ledger: Ledger, through: dt.date) -> pl.DataFrame:
    """Booked statements that close by that day and are held or not reconciled yet.

    ``bank_account_no, statement_no, to_date, status, reason, waits_for``; held ones of no known
    date or account too.
    """
    names = ("bank_account_no", "statement_no", "to_date", "status", "reason", "waits_for")
    sql = (
        "SELECT coalesce(s.bank_account_no, s.account), s.statement_no, coalesce(s.to_date, ''),"
        " s.status, s.reason, s.waits_for FROM statement s LEFT JOIN bank_account b ON"
        " b.bank_account_no = s.bank_account_no WHERE s.kind = 'booked' AND s.status IN"
        " ('received', 'held') AND (s.to_date IS NULL AND s.status = 'held' OR s.to_date <="
        f" '{through}') AND (b.last_statement_date IS NULL OR s.to_date IS NULL OR s.to_date >"
        " b.last_statement_date) ORDER BY 1, 3, s.id"
    )
    return ledger.frame(sql, dict.fromkeys(names, _T))


def not_posted(ledger: Ledger, through: dt.date) -> pl.DataFrame:
    """Lines booked by that day that nothing explains; parked ones are posted.

    ``bank_account_no, statement_no, line_no, day, amount, currency, reason``.
    """
    day = "coalesce(l.booking_date, l.value_date)"
    sql = (
        f"SELECT s.bank_account_no, s.statement_no, l.line_no, {day}, l.amount, s.currency,"
        " coalesce(x.reason, '') FROM statement_line l JOIN statement s ON s.id = l.statement_id"
        " LEFT JOIN exception_item x ON x.line_id = l.line_id AND x.status = 'open' WHERE"
        f" l.line_id IN ({LEFT}) AND l.amount <> 0 AND coalesce({day}, '') <= '{through}'"
        " ORDER BY 1, 4, s.id, l.line_no"
    )
    names = ("bank_account_no", "statement_no", "line_no", "day", "amount", "currency", "reason")
    return ledger.frame(sql, {name: _N if name in ("line_no", "amount") else _T for name in names})
