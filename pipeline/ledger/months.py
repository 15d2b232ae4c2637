"""Months of the bank accounts: which are complete, and what was said and done about them."""

import calendar

from pipeline.ledger.connection import Ledger, insert

_ACCOUNTS = (
    "SELECT b.bank_account_no, coalesce(b.active_from, ''), coalesce(b.closed_on, ''),"
    " coalesce(b.last_statement_date, ''), b.statement_frequency,"
    " coalesce((SELECT max(s.to_date) FROM closed_statement c JOIN statement s"
    " ON s.id = c.statement_id WHERE c.bank_account_no = b.bank_account_no), '')"
    " FROM bank_account b ORDER BY b.bank_account_no"
)
_CLOSING = (  # months in which statements close that are not reconciled
    "SELECT DISTINCT s.bank_account_no, substr(s.to_date, 1, 7) FROM statement s"
    " JOIN bank_account b ON b.bank_account_no = s.bank_account_no"
    " WHERE s.status IN ('received', 'held') AND s.kind = 'booked' AND s.to_date IS NOT NULL"
    " AND (b.last_statement_date IS NULL OR s.to_date > b.last_statement_date)"
)
_MONTHS = (
    "SELECT DISTINCT substr(s.to_date, 1, 7) FROM closed_statement c JOIN statement s"
    " ON s.id = c.statement_id ORDER BY 1"
)


def last_day(month: str) -> str:
    """The last day of a month, YYYY-MM to YYYY-MM-DD."""
    year, number = int(month[:4]), int(month[5:])
    return f"{month}-{calendar.monthrange(year, number)[1]:02}"


def complete_months(ledger: Ledger) -> list[str]:
    """Months (YYYY-MM) that are complete for every bank account active in them.

    All statements received that close in the month are reconciled, and one closes on its last
    day or a later one of the chain after it; or a person declared the month complete
    (interface, section 5). An account from which no statements are expected
    (``statement_frequency`` none) needs none.
    """
    declared = {row[0] for row in ledger.rows(_events("declared"))}
    waiting = {tuple(row) for row in ledger.rows(_CLOSING)}
    accounts = ledger.rows(_ACCOUNTS)
    months = _all_months([row[0] for row in ledger.rows(_MONTHS)] + sorted(declared))
    return [
        month
        for month in months
        if month in declared
        or (accounts and all(_complete(tuple(row), month, waiting) for row in accounts))
    ]


def obstacles(ledger: Ledger, month: str) -> list[str]:
    """What keeps a month from being complete: bank statements that wait, accounts not told yet."""
    waiting = ledger.rows(
        "SELECT s.bank_account_no, s.statement_no, s.status FROM statement s JOIN bank_account b ON"
        " b.bank_account_no = s.bank_account_no WHERE s.status IN ('received', 'held') AND s.kind ="
        f" 'booked' AND substr(s.to_date, 1, 7) = '{last_day(month)[:7]}' AND"
        " (b.last_statement_date IS NULL OR s.to_date > b.last_statement_date)"
        " ORDER BY s.bank_account_no, s.to_date, s.statement_no"
    )
    found = [
        f"bank account {account}: statement {number} is "
        + ("held" if status == "held" else "not reconciled")
        for account, number, status in waiting
    ]
    closing = {tuple(row) for row in ledger.rows(_CLOSING)}
    for row in map(tuple, ledger.rows(_ACCOUNTS)):
        if not _complete(row, month, closing) and (row[0], month) not in closing:
            until = max(row[5], row[3]) or "never"
            found.append(f"bank account {row[0]}: reconciled until {until}")
    return found


def _complete(account: tuple[str, ...], month: str, waiting: set[tuple[str, ...]]) -> bool:
    number, active_from, closed_on, cutover, frequency, closed_until = account
    end = last_day(month)
    if (active_from and active_from > end) or (closed_on and closed_on < f"{month}-01"):
        return True
    if (number, month) in waiting:
        return False
    return max(closed_until, cutover) >= min(end, closed_on or end) or frequency == "none"


def _all_months(found: list[str]) -> list[str]:
    """``found`` and the months between; a month without any statement may be complete too."""
    if not found:
        return []
    month, last, months = min(found), max(found), []
    while month <= last:
        months.append(month)
        year, number = int(month[:4]), int(month[5:])
        month = f"{year + number // 12:04}-{number % 12 + 1:02}"
    return months


def _events(action: str) -> str:
    return f"SELECT month, detail FROM month_event WHERE action = '{action}' ORDER BY month"


def events(ledger: Ledger, action: str) -> dict[str, str]:
    """Months with an event of this kind, each with its detail."""
    return {row[0]: row[1] for row in ledger.rows(_events(action))}


def to_announce(ledger: Ledger, batch_id: str = "") -> list[str]:
    """Months that are complete and that no other batch has announced."""
    known = events(ledger, "announced")
    return [month for month in complete_months(ledger) if known.get(month, batch_id) == batch_id]


def record(ledger: Ledger, month: str, action: str, actor: str, detail: str) -> str:
    """Record an event once; returns the detail that stands, that of the first who recorded it."""
    with ledger.transaction() as connection:
        rows = connection.exec_driver_sql(_events(action)).fetchall()
        known = {str(row[0]): str(row[1]) for row in rows}
        if month not in known:
            columns = ("month", "action", "actor", "detail")
            insert(connection, "month_event", columns, [(month, action, actor, detail)])
    return known.get(month, detail)
