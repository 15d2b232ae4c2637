"""Which statements are missing, and since when: by the frequency that was agreed with the bank."""

import datetime as dt
from typing import Any

import pytest

from pipeline.reports.balances import Chain
from pipeline.reports.coverage import cover


def day(text: str) -> dt.date | None:
    return dt.date.fromisoformat(f"2026-{text}") if text else None


def account(frequency: str, **given: Any) -> dict[str, Any]:
    dates = dict.fromkeys(("last_statement_date", "active_from", "closed_on"))
    return {"statement_frequency": frequency, **dates, **given}


def chain(*closings: str, gap_before: str = "") -> Chain:
    links = [{"to_date": day(text), "gap": int(text == gap_before)} for text in closings]
    return Chain(0, False, links)


@pytest.mark.parametrize(
    ("frequency", "received", "as_of", "expected", "missing", "passed"),
    [
        ("daily", "10-28", "10-28", "10-28", "", 0),  # a Wednesday
        ("daily", "10-28", "10-29", "10-29", "10-29", 0),
        ("daily", "10-28", "10-31", "10-30", "10-29", 2),  # a Saturday asks for Friday's
        ("daily", "10-30", "10-31", "10-30", "", 0),
        ("daily", "10-30", "11-02", "11-02", "11-02", 0),
        ("daily", "10-30", "11-09", "11-09", "11-02", 5),
        ("weekly", "10-23", "10-29", "10-23", "", 0),
        ("weekly", "10-23", "10-30", "10-24", "10-30", 0),
        ("monthly", "09-30", "10-30", "09-30", "", 0),
        ("monthly", "09-30", "11-01", "09-30", "", 0),  # 31 October is a Saturday
        ("monthly", "09-30", "11-02", "10-31", "11-02", 0),
        ("monthly", "09-30", "11-09", "10-31", "11-02", 5),
        ("monthly", "10-30", "11-09", "10-31", "", 0),  # closed on the last banking day
        ("none", "01-31", "10-31", "", "", 0),
    ],
)
def test_a_statement_is_due_by_its_frequency(
    frequency: str, received: str, as_of: str, expected: str, missing: str, passed: int
) -> None:
    today = day(as_of)
    assert today
    found = cover(account(frequency), chain(received), today)
    assert (found.expected_through, found.received_through) == (day(expected), day(received))
    assert (found.missing_since, found.banking_days) == (day(missing), passed)


def test_a_gap_counts_from_the_day_after_the_last_balance_before_it() -> None:
    today = dt.date(2026, 10, 8)
    found = cover(account("daily"), chain("10-01", "10-07", "10-08", gap_before="10-07"), today)
    assert (found.missing_since, found.banking_days) == (day("10-02"), 4)
    cutover = account("daily", last_statement_date=day("09-30"))
    found = cover(cutover, chain("10-07", "10-08", gap_before="10-07"), today)
    assert found.missing_since == day("10-01")


def test_what_was_never_there_is_due_from_the_day_the_account_is_active() -> None:
    today = dt.date(2026, 10, 8)
    assert cover(account("daily"), chain(), today).missing_since is None
    new = account("daily", active_from=day("10-03"))  # a Saturday
    assert cover(new, chain(), today).missing_since == day("10-05")
    booked = account("daily", last_statement_date=day("10-05"))
    assert cover(booked, chain(), today).missing_since == day("10-06")


def test_a_closed_account_owes_nothing_after_its_last_day() -> None:
    closed = account("daily", closed_on=day("10-05"))
    assert cover(closed, chain("10-05"), dt.date(2026, 10, 30)).missing_since is None
    assert cover(closed, chain("10-02"), dt.date(2026, 10, 30)).missing_since == day("10-05")
