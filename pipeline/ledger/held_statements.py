"""Held statements: what waits, and that two people refuse one or let it wait again, as a log.

``refuse`` is for one that never will be ours, ``restore`` takes that back. Its lines are kept, and
none of them is ever posted while it is refused.
"""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Connection

from pipeline.ledger.bulk import insert, placeholder
from pipeline.ledger.connection import Ledger, next_id, now
from pipeline.ledger.refusal_rules import KIND
from pipeline.ledger.requests import Request

MOVES = {"refuse": ("held", "refused"), "restore": ("refused", "held")}
"""What a statement is before each action, and after it."""
Row = dict[str, Any]
_COLUMNS = ("id", "statement_id", "action", "actor", "second_actor", "reason", "request_id",
            "after_event", "recorded_at")  # fmt: skip
_LAST = "(SELECT max(e.id) FROM statement_event e WHERE e.statement_id = s.id)"


def listed(ledger: Ledger) -> list[Row]:
    """Statements that are held: nothing of them is posted, a person or the bank must act.

    ``refusal_asked_by``: who asked that it be refused, as it stands; empty for nobody.
    """
    sql = (
        "SELECT s.id, coalesce(s.bank_account_no, '') AS bank_account_no, s.account,"
        " s.statement_no, s.from_date, s.to_date, s.currency, s.opening, s.closing, s.net,"
        " s.line_count, s.reason, s.detail, coalesce((SELECT q.actor FROM request q WHERE q.kind ="
        f" '{KIND}' AND q.subject = 'refuse/' || CAST(s.id AS TEXT) AND q.seen = CAST({_LAST} AS"
        " TEXT) ORDER BY q.id LIMIT 1), '') AS refusal_asked_by FROM statement s WHERE s.status ="
        " 'held'"
        " ORDER BY s.bank_account_no, s.to_date, s.id"
    )
    return ledger.records(sql)


def named(ledger: Ledger, action: str, account: str, number: str, sha256: str) -> list[Row]:
    """The statements that an action may be about: ``id, sha256, seen``.

    ``account`` is its number, or as the file names it; ``sha256`` how the hash of their file
    begins, or empty. Those that came broken cannot be restored: nobody refused them.
    """
    sql = (
        f"SELECT s.id, s.sha256, {_LAST} AS seen FROM statement s WHERE s.status = :status AND"
        " :account IN (s.bank_account_no, s.account) AND s.statement_no = :number AND"
        " substr(s.sha256, 1, length(:sha256)) = :sha256 AND (s.status = 'held' OR EXISTS (SELECT 1"
        " FROM statement_refusal f WHERE f.statement_id = s.id)) ORDER BY s.id"
    )
    wanted = {"status": MOVES[action][0], "account": account, "number": number, "sha256": sha256}
    return ledger.records(sql, **wanted)


def record(
    connection: Connection,
    action: str,
    agreed: Sequence[tuple[Row, Request]],
    actor: str,
    reason: str,
) -> None:
    """Write what each request asked of its statement, carried out by ``actor``.

    The database refuses it where a statement is no longer as both people saw it.
    """
    mark, time = placeholder(connection), now(connection)
    first = next_id(connection, "statement_refusal")
    rows = [
        (first + place, row["id"], action, request.actor, actor, reason, request.number,
         row["seen"], time)
        for place, (row, request) in enumerate(agreed)
    ]  # fmt: skip
    insert(connection, "statement_refusal", _COLUMNS, rows)
    connection.exec_driver_sql(
        f"UPDATE statement SET status = {mark} WHERE id = {mark}",
        [(MOVES[action][1], row["id"]) for row, _ in agreed],
    )
