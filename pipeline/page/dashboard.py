"""The figures of the queue, with plots that the server draws: no script, no other host."""

import datetime as dt
from typing import Any

from fastapi import APIRouter, Request
from fastapi.responses import Response

from pipeline.ledger import figures, last_days, queue_days
from pipeline.ledger import queue as stored
from pipeline.page.context import Context
from pipeline.page.render import page

router = APIRouter()
Row = dict[str, Any]
_DAYS = 60
_RUNS = 20
_AGES = ((0, 1), (2, 5), (6, 10), (11, 30), (31, 90), (91, 10**6))
_WIDE, _HIGH, _BASE = 640, 150, 24


@router.get("/dashboard")
def shown(request: Request) -> Response:
    """How much posts itself and how much waits."""
    context: Context = request.app.state.context
    account, reason = (request.query_params.get(name, "") for name in ("account", "reason"))
    with context.books() as book:
        waited = queue_days.last(book, _DAYS, account, reason)
        accounts, reasons = stored.bank_accounts(book), stored.reasons(book)
        days, ages = figures.by_day(book, _DAYS), figures.by_age(book)
        where, runs = figures.by_account_and_reason(book), figures.runs(book, _RUNS)
        last_day = last_days.covered(book)
    lines, straight = sum(row["lines"] for row in days), sum(row["straight"] for row in days)
    return page(
        request, "dashboard.html", tab="dashboard", days=days, runs=runs, where=where[:20],
        waits=sum(row["items"] for row in ages), lines=lines,
        share=f"{straight * 100 // lines} %" if lines else "",
        account=account, reason_code=reason, accounts=accounts, reasons=reasons,
        waited=_waited(waited), rate=_columns(days), ages=_bars(_banded(ages, last_day)),
        wide=_WIDE, high=_HIGH, base=_BASE,
    )  # fmt: skip


def _columns(days: list[Row]) -> list[Row]:
    """A column a day in three parts: straight through, decided by people, waiting."""
    step = _WIDE // max(len(days), 1)
    most = max((row["lines"] for row in days), default=1)
    found = []
    for place, row in enumerate(days):
        people = row["lines"] - row["straight"] - row["waits"]
        foot = _HIGH
        parts = []
        for kind, count in (("straight", row["straight"]), ("people", people),
                            ("waits", row["waits"])):  # fmt: skip
            tall = count * (_HIGH - 10) // most
            foot -= tall
            parts.append({"kind": kind, "y": foot, "tall": tall, "count": count})
        found.append({"x": place * step + 2, "wide": max(min(step - 4, 60), 1), "parts": parts,
                      "day": row["day"], "lines": row["lines"]})  # fmt: skip
    return found


def _waited(days: list[Row]) -> list[Row]:
    """A column a day for how many waited, and one for how many days the oldest of them did."""
    ages = [_days(row["oldest"], row["day"]) if row["oldest"] else 0 for row in days]
    most, longest = max((row["items"] for row in days), default=0), max(ages, default=0)
    step = _WIDE // max(len(days), 1)
    return [{**row, "age": age, "x": place * step + 2, "wide": max(min(step - 4, 60), 1),
             "tall": row["items"] * (_HIGH - 10) // max(most, 1),
             "old": age * (_HIGH - 10) // max(longest, 1)}
            for place, (row, age) in enumerate(zip(days, ages, strict=True))]  # fmt: skip


def _days(first: str, last: str) -> int:
    """Days between two ISO dates, none where the first is later."""
    return max((dt.date.fromisoformat(last) - dt.date.fromisoformat(first)).days, 0)


def _banded(ages: list[Row], last_day: dt.date | None) -> list[Row]:
    """Open items by how many days they wait."""
    bands = [{"name": f"{low} - {high}" if high < 10**6 else f"> {low - 1}", "items": 0}
             for low, high in _AGES]  # fmt: skip
    for row in ages:
        if not (row["opened_on"] and last_day):
            continue
        days = _days(row["opened_on"], last_day.isoformat())
        for band, (low, high) in zip(bands, _AGES, strict=True):
            if low <= days <= high:
                band["items"] += row["items"]
    return bands


def _bars(bands: list[Row]) -> list[Row]:
    most = max((row["items"] for row in bands), default=0) or 1
    return [{**row, "y": place * 24, "wide": row["items"] * 420 // most}
            for place, row in enumerate(bands)]  # fmt: skip
