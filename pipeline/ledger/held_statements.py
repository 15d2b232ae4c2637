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

_BY_PEOPLE = (
    "s.status = 'refused' AND EXISTS (SELECT 1 FROM statement_refusal f WHERE f.statement_id ="
    " s.id)"
)
_SHOWN = (
    "SELECT s.id, s.status, s.sha256, coalesce(s.bank_account_no, '') AS bank_account_no,"
    " s.account, s.statement_no, s.from_date, s.to_date, s.currency, s.opening, s.closing, s.net,"
    f" s.line_count, s.reason, s.detail, {_LAST} AS seen, coalesce((SELECT q.actor FROM request q"
    f" WHERE q.kind = '{KIND}' AND q.subject = CASE s.status WHEN 'held' THEN 'refuse/' ELSE"
    f" 'restore/' END || CAST(s.id AS TEXT) AND q.seen = CAST({_LAST} AS TEXT) ORDER BY q.id LIMIT"
    " 1), '') AS asked_by FROM statement s"
)
_ORDER = "ORDER BY s.bank_account_no, s.to_date, s.id"


def listed(ledger: Ledger) -> list[Row]:
    """Statements that are held: nothing of them is posted, a person or the bank must act.

    ``asked_by``: who asked that it be refused, as it stands; empty for nobody.
    """
    return ledger.records(f"{_SHOWN} WHERE s.status = 'held' {_ORDER}")


def refused(ledger: Ledger) -> list[Row]:
    """Statements that people refused, as ``listed``: ``asked_by`` asked that it wait again."""
    return ledger.records(f"{_SHOWN} WHERE {_BY_PEOPLE} {_ORDER}")


def one(ledger: Ledger, number: int) -> Row | None:
    """A statement that is held, or that people refused, as ``listed``, by its id."""
    sql = f"{_SHOWN} WHERE s.id = :number AND (s.status = 'held' OR {_BY_PEOPLE})"
    found = ledger.records(sql, number=number)
    return found[0] if found else None


def lines(ledger: Ledger, number: int, most: int) -> list[Row]:
    """The first lines of a statement: ``line_no, day, amount, counterparty_name, text``."""
    sql = (
        "SELECT line_no, coalesce(booking_date, value_date) AS day, amount, counterparty_name, text"
        " FROM statement_line WHERE statement_id = :number ORDER BY line_no LIMIT :most"
    )
    return ledger.records(sql, number=number, most=most)


def history(ledger: Ledger, number: int) -> list[Row]:
    """Who asked, and who carried it out: ``recorded_at, actor, action, done, reason``."""
    sql = (
        "SELECT CAST(seen AS BIGINT) AS state, 0 AS done, id, recorded_at, actor, CASE subject WHEN"
        " :refuse THEN 'refuse' ELSE 'restore' END AS action, reason FROM request WHERE kind ="
        f" '{KIND}' AND subject IN (:refuse, :restore) UNION ALL SELECT after_event, 1, id,"
        " recorded_at, second_actor, action, reason FROM statement_refusal WHERE statement_id ="
        " :number ORDER BY 1, 2, 3"
    )
    asked = {action: f"{action}/{number}" for action in MOVES}
    return ledger.records(sql, number=number, **asked)


def named(ledger: Ledger, action: str, account: str, number: str, sha256: str) -> list[Row]:
    """The statements that an action may be about: ``id, sha256, seen``.

    ``account`` is its number, or as the file names it; ``sha256`` how the hash of their file
    begins, or empty. Those that came broken cannot be restored: nobody refused them.
    """
    sql = (
        f"SELECT s.id, s.sha256, {_LAST} AS seen FROM statement s WHERE s.status = :status AND"
        " :account IN (s.bank_account_no, s.account) AND s.statement_no = :number AND"
        " substr(s.sha256, 1, length(:sha256)) = :sha256 AND (s.status = 'held' OR"
        f" {_BY_PEOPLE}) ORDER BY s.id"
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
