"""Figures of the queue: how much posts itself, how much waits and for how long, by what."""

from typing import Any

from pipeline.ledger.connection import Ledger

Row = dict[str, Any]
_OF = "(SELECT id FROM statement WHERE to_date >= :first AND status {} ('received', 'reconciled'))"
_LINES = (
    "SELECT coalesce(l.booking_date, l.value_date) AS day, count(*) AS lines, 0 AS asked, 0 AS"
    " waits FROM statement_line l WHERE l.before_cutover = 0 AND l.statement_id IN"
    f" {_OF.format('IN')} GROUP BY coalesce(l.booking_date, l.value_date)"
)
_ITEMS = (
    "SELECT x.opened_on, 0, count(*), sum(CASE WHEN x.status = 'open' THEN 1 ELSE 0 END) FROM"
    " exception_item x WHERE x.opened_on >= :first AND x.line_id NOT IN (SELECT l.line_id FROM"
    f" statement_line l WHERE l.statement_id IN {_OF.format('NOT IN')}) GROUP BY x.opened_on"
)
"""Counted apart from the lines: each by an index of its own, and few statements are left out."""


def by_day(ledger: Ledger, most: int) -> list[Row]:
    """The last days with lines: ``day, lines, straight`` (never an exception) and ``waits``.

    Lines of older statements are not looked at, so that it costs the same in large books.
    """
    days = "SELECT DISTINCT to_date FROM statement WHERE to_date IS NOT NULL ORDER BY 1 DESC"
    recent = ledger.rows(f"{days} LIMIT {int(most)}")
    if not recent:
        return []
    sql = (
        f"SELECT day, {_whole('lines')} AS lines, {_whole('lines - asked')} AS straight,"
        f" {_whole('waits')} AS waits FROM ({_LINES} UNION ALL {_ITEMS}) q WHERE day >= :first"
        f" GROUP BY day HAVING sum(lines) > 0 ORDER BY day DESC LIMIT {int(most)}"
    )
    first = recent[-1][0] if len(recent) == most else ""  # else no statement is older
    return ledger.records(sql, first=first)[::-1]


def _whole(what: str) -> str:
    """A sum as a whole number: that of PostgreSQL is a decimal."""
    return f"CAST(sum({what}) AS BIGINT)"


def by_age(ledger: Ledger) -> list[Row]:
    """Open items by the day of their line: ``opened_on, items``."""
    sql = (
        f"SELECT opened_on, {_whole('items')} AS items FROM queue_total GROUP BY opened_on"
        " ORDER BY opened_on"
    )
    return ledger.records(sql)


def by_account_and_reason(ledger: Ledger) -> list[Row]:
    """Open items: ``bank_account_no, reason, items``, the most first."""
    sql = (
        f"SELECT bank_account_no, reason, {_whole('items')} AS items FROM queue_total GROUP BY"
        " bank_account_no, reason ORDER BY 3 DESC, 1, 2"
    )
    return ledger.records(sql)


def runs(ledger: Ledger, most: int) -> list[Row]:
    """The last registers: ``no, kind, actor, reason, journal_entries``."""
    sql = (
        "SELECT r.no, r.kind, r.actor, r.reason, (SELECT count(*) FROM journal_entry j WHERE"
        f" j.register_no = r.no) AS journal_entries FROM register r ORDER BY r.no DESC"
        f" LIMIT {int(most)}"
    )
    return ledger.records(sql)
