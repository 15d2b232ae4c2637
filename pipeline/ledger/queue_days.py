"""How many items waited on each day, and since when: kept whenever the queue is written anew.

An item does not know when it left the queue, and the books of today not how long it was.
"""

from typing import Any

from sqlalchemy import Connection

from pipeline.ledger import last_days
from pipeline.ledger.bulk import insert, placeholder
from pipeline.ledger.connection import Ledger

Row = dict[str, Any]
_COLUMNS = ("day", "bank_account_no", "reason", "items", "oldest")
_NOW = (
    "SELECT bank_account_no, reason, CAST(sum(items) AS BIGINT), min(nullif(opened_on, '')) FROM"
    " queue_total GROUP BY bank_account_no, reason ORDER BY bank_account_no, reason"
)
_NOTHING = ("", "", 0, None)


def keep(connection: Connection) -> None:
    """Keep what waits now as that of the last day of the books; the same again writes nothing."""
    day = connection.exec_driver_sql(last_days.COVERED).scalar()
    if day is None:
        return
    waits = [tuple(row) for row in connection.exec_driver_sql(_NOW)] or [_NOTHING]
    of_day = f"FROM queue_day WHERE day = {placeholder(connection)}"
    sql = f"SELECT {', '.join(_COLUMNS[1:])} {of_day} ORDER BY bank_account_no, reason"
    if [tuple(row) for row in connection.exec_driver_sql(sql, (day,))] == waits:
        return
    connection.exec_driver_sql(f"DELETE {of_day}", (day,))
    insert(connection, "queue_day", _COLUMNS, [(day, *row) for row in waits])


def last(ledger: Ledger, most: int, bank_account: str = "", reason: str = "") -> list[Row]:
    """The last days that were kept, oldest first: ``day, items, oldest`` (an ISO date, or None).

    Of one bank account or one reason where it is named: zero on days on which none of it waited.
    """
    values = {"account": bank_account, "reason": reason, "most": most}
    mine = "(:account IN ('', bank_account_no) AND :reason IN ('', reason))"
    sql = (
        f"SELECT day, CAST(sum(CASE WHEN {mine} THEN items ELSE 0 END) AS BIGINT) AS items,"
        f" min(CASE WHEN {mine} THEN oldest END) AS oldest FROM queue_day GROUP BY day ORDER BY"
        " day DESC LIMIT :most"
    )
    return ledger.records(sql, **values)[::-1]
