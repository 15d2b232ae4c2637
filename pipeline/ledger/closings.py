"""The chain of closed statements: what may close, read set-based; closing, in one transaction."""

from collections.abc import Mapping, Sequence
from typing import Any

import polars as pl
from sqlalchemy import Connection

from pipeline.ledger.connection import Ledger, insert
from pipeline.ledger.reads import UNSETTLED

_SCHEMA = {
    "statement_id": pl.Int64,
    **dict.fromkeys(("bank_account_no", "statement_no", "page", "currency"), pl.String),
    "from_date": pl.Date,
    "to_date": pl.Date,
    **dict.fromkeys(("opening", "closing", "complete"), pl.Int64),
    **dict.fromkeys(("status", "reason", "noted", "numbering", "last_no"), pl.String),
    "last_date": pl.Date,
    **dict.fromkeys(("last_ord", "last_closing"), pl.Int64),
}
_RECEIVED = "s.status IN ('received', 'held') AND s.kind = 'booked'"
_AFTER_CUTOVER = (
    "(s.to_date IS NULL OR b.last_statement_date IS NULL OR s.to_date > b.last_statement_date)"
)
_ASSUMED = (
    "(SELECT CAST(sum(p.amount) AS BIGINT) FROM posting p"
    " JOIN journal_entry j ON j.no = p.journal_entry_no WHERE"
    " p.bank_account_no = b.bank_account_no AND p.gl_account = b.gl_account"
    " AND j.kind = 'opening')"
)


def statements_to_reconcile(ledger: Ledger, bank_account: str | None = None) -> pl.DataFrame:
    """Booked statements not yet closed, of one bank account or of all, held ones too.

    ``net`` counts lines after the cut-over, ``before`` those up to it, ``booked`` what their
    postings moved on the bank's G/L account; ``open_lines`` lists lines that nothing settles.
    ``last_ord`` 0 and ``last_closing`` (the cut-over balance, else null) where none is closed.
    """
    statements = ledger.frame(
        "SELECT s.id, s.bank_account_no, s.statement_no, s.page, s.currency, s.from_date,"
        " s.to_date, CASE WHEN substr(s.format, 1, 3) = 'ofx' THEN NULL ELSE s.opening END,"
        " s.closing, s.complete, s.status, s.reason, s.waits_for,"
        " b.statement_numbering, coalesce(p.statement_no, b.last_statement_no),"
        " coalesce(p.to_date, b.last_statement_date), coalesce(c.ord, 0),"
        f" coalesce(c.closing, b.last_statement_balance, {_ASSUMED})"
        " FROM statement s JOIN bank_account b ON b.bank_account_no = s.bank_account_no"
        " LEFT JOIN (SELECT bank_account_no, max(ord) AS ord FROM closed_statement"
        " GROUP BY bank_account_no) k ON k.bank_account_no = s.bank_account_no"
        " LEFT JOIN closed_statement c ON c.bank_account_no = k.bank_account_no AND c.ord = k.ord"
        " LEFT JOIN statement p ON p.id = c.statement_id"
        f" WHERE {_RECEIVED} AND {_AFTER_CUTOVER} ORDER BY s.bank_account_no, s.to_date, s.id",
        _SCHEMA,
    )
    if bank_account is not None:
        statements = statements.filter(pl.col("bank_account_no") == bank_account)
    for part in (_sums(ledger), _booked(ledger), _open_lines(ledger)):
        statements = statements.join(part, on="statement_id", how="left", maintain_order="left")
    return statements.with_columns(
        pl.col("net", "before", "booked").fill_null(0), pl.col("open_lines").fill_null([])
    )


def _sums(ledger: Ledger) -> pl.DataFrame:
    return ledger.frame(
        "SELECT l.statement_id,"
        " CAST(sum(CASE WHEN l.before_cutover = 0 THEN l.amount ELSE 0 END) AS BIGINT),"
        " CAST(sum(CASE WHEN l.before_cutover = 0 THEN 0 ELSE l.amount END) AS BIGINT),"
        " min(coalesce(l.booking_date, l.value_date)) FROM statement s"
        f" JOIN statement_line l ON l.statement_id = s.id WHERE {_RECEIVED}"
        " GROUP BY l.statement_id ORDER BY l.statement_id",
        {
            **dict.fromkeys(("statement_id", "net", "before"), pl.Int64),
            "first_booking": pl.Date,
        },
    )


def _booked(ledger: Ledger) -> pl.DataFrame:
    return ledger.frame(
        "SELECT l.statement_id, CAST(sum(p.amount) AS BIGINT) FROM statement s"
        " JOIN bank_account b ON b.bank_account_no = s.bank_account_no"
        " JOIN statement_line l ON l.statement_id = s.id"
        " JOIN journal_entry j ON j.line_id = l.line_id"
        " JOIN posting p ON p.journal_entry_no = j.no AND p.gl_account = b.gl_account"
        f" WHERE {_RECEIVED} GROUP BY l.statement_id ORDER BY l.statement_id",
        dict.fromkeys(("statement_id", "booked"), pl.Int64),
    )


def _open_lines(ledger: Ledger) -> pl.DataFrame:
    lines = ledger.frame(
        "SELECT l.statement_id, l.line_no FROM statement s JOIN statement_line l"
        f" ON l.statement_id = s.id WHERE {_RECEIVED} AND l.amount <> 0"
        f" AND l.before_cutover = 0 AND {UNSETTLED} ORDER BY l.statement_id, l.line_no",
        dict.fromkeys(("statement_id", "line_no"), pl.Int64),
    )
    grouped = lines.group_by("statement_id", maintain_order=True)
    return grouped.agg(pl.col("line_no").alias("open_lines"))


def close_statements(
    ledger: Ledger,
    closing: Sequence[Mapping[str, Any]],
    waiting: Sequence[Mapping[str, Any]],
    actor: str,
) -> int:
    """Close statements in chain order and note what the others wait for; returns how many closed.

    One transaction. An account whose chain went on in the meantime (another run) is left as it
    is: the next run sees it.
    """
    changed = [row for row in waiting if row["waits_for"] != row["noted"]]
    if not closing and not changed:
        return 0
    with ledger.transaction() as connection:
        sql = "SELECT bank_account_no, max(ord) FROM closed_statement GROUP BY bank_account_no"
        last = {row[0]: int(row[1]) for row in connection.exec_driver_sql(sql)}
        rows = []
        for row in closing:
            number, ordinal = row["bank_account_no"], row["ord"]
            if last.get(number, 0) == ordinal - 1:
                last[number] = ordinal
                rows.append(
                    (row["statement_id"], number, ordinal, ordinal - 1 if ordinal > 1 else None,
                     row["opening"], row["closing"], actor)
                )  # fmt: skip
        columns = (
            "statement_id",
            "bank_account_no",
            "ord",
            "prev_ord",
            "opening",
            "closing",
            "actor",
        )
        insert(connection, "closed_statement", columns, rows)
        connection.exec_driver_sql(
            "UPDATE statement SET status = 'reconciled', waits_for = '' WHERE status = 'received'"
            " AND id IN (SELECT statement_id FROM closed_statement)"
        )
        _note(connection, changed)
    return len(rows)


def _note(connection: Connection, changed: Sequence[Mapping[str, Any]]) -> None:
    if not changed:
        return
    mark = "?" if connection.dialect.name == "sqlite" else "%s"
    connection.exec_driver_sql(
        f"UPDATE statement SET waits_for = {mark} WHERE id = {mark} AND status = 'received'",
        [(row["waits_for"], row["statement_id"]) for row in changed],
    )
