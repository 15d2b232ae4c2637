"""Which statements should be here: expected through, received through, missing since.

``statement_frequency`` says when one is due; the latest booking date of the ledger says what day it
is. Banking days are Monday to Friday, since no calendar of holidays fits all banks.
"""

import calendar
import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from pipeline.domain.days import banking_days
from pipeline.reports.balances import Chain

Row = dict[str, Any]
_ONE = dt.timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Coverage:
    """What one bank account lacks; ``missing_since`` is the day for which a statement is due."""

    expected_through: dt.date | None
    received_through: dt.date | None
    missing_since: dt.date | None
    banking_days: int
    """How many have passed since then."""


def cover(account: Row, chain: Chain, as_of: dt.date) -> Coverage:
    """What is here and what is missing on ``as_of``; nothing is due without a frequency."""
    received = max((link["to_date"] for link in chain.links), default=None)
    received = received or account["last_statement_date"]
    frequency = account["statement_frequency"]
    if frequency == "none":
        return Coverage(None, received, None, 0)
    due = _due(account, received, frequency)
    gaps = [_next_banking_day(day) for day in _before_gaps(account, chain)]
    late = [day for day in (due, *gaps) if day and day <= _until(account, as_of)]
    missing = min(late, default=None)
    passed = banking_days(missing, as_of) if missing else 0
    return Coverage(_expected(frequency, account, as_of), received, missing, passed)


def _until(account: Row, as_of: dt.date) -> dt.date:
    closed = account["closed_on"]
    return min(closed, as_of) if closed else as_of


def _due(account: Row, received: dt.date | None, frequency: str) -> dt.date | None:
    """The day on which the next statement must close; None where none ever came or is known."""
    if received is None:
        return account["active_from"] and _banking_day(account["active_from"])
    if frequency == "weekly":
        return _banking_day(received + 7 * _ONE)
    if frequency == "monthly":
        return _banking_day(_month_end(_next_banking_day(received)))
    return _next_banking_day(received)


def _expected(frequency: str, account: Row, as_of: dt.date) -> dt.date:
    """The last day by which a statement must have closed."""
    until = _until(account, as_of)
    if frequency == "monthly":
        end = _month_end(until)
        while _banking_day(end) > until:
            end = end.replace(day=1) - _ONE
        return end
    if frequency == "weekly":
        return until - 6 * _ONE
    while until.weekday() > 4:
        until -= _ONE
    return until


def _before_gaps(account: Row, chain: Chain) -> Sequence[dt.date]:
    """The last day that is covered before each gap in the balances."""
    days = []
    before = account["last_statement_date"]
    for link in chain.links:
        if link["gap"] and before:
            days.append(before)
        before = link["to_date"]
    return days


def _month_end(day: dt.date) -> dt.date:
    return day.replace(day=calendar.monthrange(day.year, day.month)[1])


def _banking_day(day: dt.date) -> dt.date:
    """The day itself, or the Monday after a weekend."""
    while day.weekday() > 4:
        day += _ONE
    return day


def _next_banking_day(day: dt.date) -> dt.date:
    return _banking_day(day + _ONE)
