"""The chain of closed statements: what may close, read set-based; closing, in one transaction."""

from collections.abc import Mapping, Sequence
from typing import Any

import polars as pl
from sqlalchemy import Connection, text

from pipeline.domain.errors import LedgerError
from pipeline.ledger.bulk import placeholder
from pipeline.ledger.connection import Ledger, insert, now
from pipeline.ledger.reads import UNSETTLED
from pipeline.ledger.requests import Request

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
_LAST = "SELECT bank_account_no, max(ord) AS ord FROM statement_chain GROUP BY bank_account_no"
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
    ``last_ord`` is the last place of the chain's log, ``last_closing`` the closing of the last
    statement that stands; 0, and the cut-over balance, else null, where there is none.
    """
    statements = ledger.frame(
        "SELECT s.id, s.bank_account_no, s.statement_no, s.page, s.currency, s.from_date,"
        " s.to_date, CASE WHEN substr(s.format, 1, 3) = 'ofx' THEN NULL ELSE s.opening END,"
        " s.closing, s.complete, s.status, s.reason, s.waits_for,"
        " b.statement_numbering, coalesce(p.statement_no, b.last_statement_no),"
        " coalesce(p.to_date, b.last_statement_date), coalesce(g.ord, 0),"
        f" coalesce(c.closing, b.last_statement_balance, {_ASSUMED})"
        " FROM statement s JOIN bank_account b ON b.bank_account_no = s.bank_account_no"
        " LEFT JOIN (SELECT bank_account_no, max(ord) AS ord FROM closed_statement"
        " GROUP BY bank_account_no) k ON k.bank_account_no = s.bank_account_no"
        " LEFT JOIN closed_statement c ON c.bank_account_no = k.bank_account_no AND c.ord = k.ord"
        f" LEFT JOIN ({_LAST}) g ON g.bank_account_no = s.bank_account_no"
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
        last = {row[0]: int(row[1]) for row in connection.exec_driver_sql(_LAST)}
        at = now(connection)
        rows = []
        for row in closing:
            number, ordinal = row["bank_account_no"], row["ord"]
            if last.get(number, 0) == ordinal - 1:
                last[number] = ordinal
                rows.append(
                    (row["statement_id"], number, ordinal, ordinal - 1 if ordinal > 1 else None,
                     row["opening"], row["closing"], actor, at)
                )  # fmt: skip
        columns = (
            "statement_id",
            "bank_account_no",
            "ord",
            "prev_ord",
            "opening",
            "closing",
            "actor",
            "recorded_at",
        )
        insert(connection, "statement_chain", columns, rows)
        connection.exec_driver_sql(
            "UPDATE statement SET status = 'reconciled', waits_for = '' WHERE status = 'received'"
            " AND id IN (SELECT statement_id FROM closed_statement)"
        )
        _note(connection, changed)
    return len(rows)


def _note(connection: Connection, changed: Sequence[Mapping[str, Any]]) -> None:
    if not changed:
        return
    mark = placeholder(connection)
    connection.exec_driver_sql(
        f"UPDATE statement SET waits_for = {mark} WHERE id = {mark} AND status = 'received'",
        [(row["waits_for"], row["statement_id"]) for row in changed],
    )


def standing(ledger: Ledger, account: str, statement_no: str) -> list[dict[str, Any]]:
    """Closed statements of this number, the latest first, as they stand in the chain.

    ``statement_id, bank_account_no, statement_no, to_date, ord, opening, closing``, and ``later``:
    how many were closed after it.
    """
    names = ("statement_id", "bank_account_no", "statement_no", "to_date", "ord", "opening",
             "closing", "later")  # fmt: skip
    sql = text(
        "SELECT c.statement_id, c.bank_account_no, s.statement_no, coalesce(s.to_date, ''), c.ord,"
        " c.opening, c.closing, (SELECT count(*) FROM closed_statement n WHERE n.bank_account_no ="
        " c.bank_account_no AND n.ord > c.ord) FROM closed_statement c JOIN statement s ON s.id ="
        " c.statement_id WHERE c.bank_account_no = :account AND s.statement_no = :number"
        " ORDER BY c.ord DESC"
    )
    with ledger.reading() as connection:
        found = connection.execute(sql, {"account": account, "number": statement_no})
        return [dict(zip(names, row, strict=True)) for row in found]


def undo(ledger: Ledger, row: Mapping[str, Any], request: Request, actor: str, reason: str) -> None:
    """Take the last closing of an account back, as ``request`` asked: its lines stay posted.

    LedgerError where the chain went on meanwhile; the database checks the rest.
    """
    with ledger.transaction() as connection:
        last = {found[0]: int(found[1]) for found in connection.exec_driver_sql(_LAST)}
        number = last[row["bank_account_no"]]
        if number != row["last_ord"]:
            raise LedgerError("statements were closed or undone meanwhile; nothing was written")
        columns = ("statement_id", "bank_account_no", "ord", "prev_ord", "opening", "closing",
                   "undoes_ord", "actor", "second_actor", "reason", "request_id",
                   "recorded_at")  # fmt: skip
        insert(connection, "statement_chain", columns, [
            (row["statement_id"], row["bank_account_no"], number + 1, number, row["closing"],
             row["opening"], row["ord"], request.actor, actor, reason, request.number,
             now(connection)),
        ])  # fmt: skip
        connection.execute(
            text("UPDATE statement SET status = 'received' WHERE id = :number"),
            {"number": row["statement_id"]},
        )


def last_place(ledger: Ledger, account: str) -> int:
    """The last place of an account in the log of its chain; 0 before any."""
    found = {row[0]: int(row[1]) for row in ledger.rows(_LAST)}
    return found.get(account, 0)
