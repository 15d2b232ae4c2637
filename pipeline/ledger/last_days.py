"""How far the books have come: a last day, by what is meant by it.

Never the clock's. A statement that is held, refused or only announced may say any day: nothing of
it counts.
"""

import datetime as dt

from pipeline.domain import days
from pipeline.ledger.connection import Ledger

_DAY = "coalesce(l.booking_date, l.value_date)"
_IN_THE_BOOKS = "status IN ('received', 'reconciled')"
COVERED = f"SELECT max(to_date) FROM statement WHERE {_IN_THE_BOOKS}"


def covered(ledger: Ledger) -> dt.date | None:
    """Through when the banks have told: the last closing day of a statement, from which ages count.

    With a statement without lines the day moves on. None where nothing came.
    """
    return _day(ledger, COVERED)


def booked(ledger: Ledger) -> dt.date | None:
    """The last booking date of a line of a statement in the books; None where there is none."""
    return _day(
        ledger,
        f"SELECT max({_DAY}) FROM statement_line l WHERE l.statement_id IN (SELECT id FROM"
        f" statement WHERE {_IN_THE_BOOKS})",
    )


def decided(ledger: Ledger) -> dt.date | None:
    """The last booking date of which lines were asked about or posted; a proposal decides none."""
    both = " UNION ALL ".join(
        f"SELECT max({_DAY}) AS day FROM {table} d JOIN statement_line l ON l.line_id = d.line_id"
        for table in ("exception_item", "journal_entry")
    )
    return _day(ledger, f"SELECT max(day) FROM ({both}) t")


def known(ledger: Ledger, feeds: int, register: int) -> dt.date:
    """``booked`` as it was known then, with what was posted of lines by then.

    ``feeds``: the last event of a statement that counts. Where no line came it is the last posting
    date, and ``days.NONE`` where nothing is posted.
    """
    of_lines = (
        f"SELECT max(day) FROM (SELECT max({_DAY}) AS day"
        " FROM statement_line l JOIN (SELECT statement_id, max(id) AS id FROM statement_event"
        f" WHERE id <= {feeds} GROUP BY statement_id) m ON m.statement_id = l.statement_id JOIN"
        " statement_event w ON w.id = m.id WHERE w.new_status IN ('received', 'reconciled')"
        " UNION ALL SELECT max(j.posting_date) FROM journal_entry j WHERE"
        " j.line_id IS NOT NULL AND j.reverses_no IS NULL AND j.kind <> 'release'"
        f" AND j.register_no <= {register}) AS q"
    )
    posted = "SELECT max(posting_date) FROM journal_entry"
    return _day(ledger, of_lines) or _day(ledger, posted) or days.NONE


def _day(ledger: Ledger, sql: str) -> dt.date | None:
    found = ledger.rows(sql)[0][0]
    return dt.date.fromisoformat(found) if found else None
