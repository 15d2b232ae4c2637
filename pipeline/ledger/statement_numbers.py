"""Numbers of statements: without a gap for each customer, and revisions of the same day and style.

What is asked is asked of a part of a run, some thousand letters at a time.
"""

import datetime as dt
import hashlib
from collections.abc import Sequence

from sqlalchemy import Connection

from pipeline.ledger.bulk import placeholder

CHANGED = "books_changed"
"""Why a statement was withheld before it left: it is not what the books say any more."""
NO_WAY = ("no_address", "invalid_address", "suppressed_address")
"""Why no mail can go to a customer."""
COMPOSED = (
    "EXISTS (SELECT 1 FROM statement_run_event c WHERE c.run_no = s.run_no AND c.action ="
    " 'composed')"
)
"""Whether the run of a statement ``s`` was composed: else it was told to nobody."""
_LEFT_OUT = f"d.state = 'failed' OR (d.state = 'suppressed' AND d.reason IN {(CHANGED, *NO_WAY)})"
Revision = tuple[int, str, int]
"""Its number, the hash of its content, and whether it came (1), or a person stopped it."""


def last(connection: Connection, customers: Sequence[str]) -> dict[str, int]:
    """The last number of each of some customers who have one."""
    if not customers:
        return {}
    found = connection.exec_driver_sql(
        "SELECT customer_no, max(number) FROM customer_statement WHERE"
        f" {among(connection, customers)} GROUP BY customer_no",
        tuple(customers),
    )
    return {row[0]: row[1] for row in found}


def before(
    connection: Connection, as_of: dt.date, customers: Sequence[str]
) -> dict[tuple[str, str, str], Revision]:
    """By customer, unit and style the last revision as of a day.

    None comes of a run that was never composed: it may never be asked for in its words again.
    """
    if not customers:
        return {}
    found = connection.exec_driver_sql(
        "SELECT customer_no, unit, style, revision, content_sha256, CASE WHEN EXISTS (SELECT 1 FROM"
        f" delivery d WHERE d.statement_id = s.id AND NOT ({_LEFT_OUT})) AND {COMPOSED} THEN 1"
        f" ELSE 0 END FROM customer_statement s WHERE {among(connection, customers)} AND as_of ="
        f" '{as_of}' ORDER BY revision",
        tuple(customers),
    )
    return {(row[0], row[1], row[2]): (row[3], row[4], row[5]) for row in found}


def among(connection: Connection, customers: Sequence[str]) -> str:
    """The condition of being one of some customers, who are its values."""
    sign = placeholder(connection)
    return f"customer_no IN ({', '.join([sign] * len(customers))})"


def message_id(method: str, content: str, customer_no: str, number: int, domain: str) -> str:
    """The Message-ID of a mail: always the same for the same statement; empty on paper.

    ``content`` is the hash of what the customer is told.
    """
    if method != "email":
        return ""
    digest = hashlib.sha256(f"{content}|{customer_no}|{number}".encode()).hexdigest()
    return f"<statement.{digest[:40]}@{domain}>"
