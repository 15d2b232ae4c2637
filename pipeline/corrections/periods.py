"""Closing and re-opening periods: close refuses with its list, re-opening takes two people."""

import datetime as dt
from typing import Any

from pipeline import books, ledger, reporting
from pipeline.config import Settings
from pipeline.corrections import two_people
from pipeline.domain import money
from pipeline.domain.errors import UsageError
from pipeline.ledger import periods, posted, requests

Receipt = dict[str, Any]


def listed(settings: Settings) -> Receipt:
    """How far the books are closed, every closing and re-opening, and what is asked for."""
    with ledger.open(settings.ledger) as book:
        closed, state = posted.closed_through(book), periods.state(book)
        asked = [
            {"through": request.subject, "by": request.actor, "reason": request.reason,
             "at": request.recorded_at}
            for request in requests.of_kind(book, "reopen")
            if request.seen == state
        ]  # fmt: skip
        names = ("action", "closed_through", "actor", "second_actor", "reason", "recorded_at")
        events = [{name: row[name] for name in names} for row in periods.events(book)]
    return {"closed_through": _text(closed), "events": events, "reopening_asked": asked}


def close(settings: Settings, through: dt.date, actor: str, reason: str = "") -> Receipt:
    """Close the books through a day: nothing is posted on it or before it from then on.

    Refused with every obstacle named (``problems``); the same day again changes nothing.
    """
    with books.opened(settings) as book:
        closed = posted.closed_through(book)
        if closed == through:
            return {"closed_through": _text(closed), "changed": False}
        if closed and closed > through:
            raise UsageError(
                f"--through {through}: the books are closed through {closed}; expected a later day"
            )
        checked = periods.seen(book)
        problems = [*_unsettled(book, through), *reporting.not_tied(book, settings, through)]
        if problems:
            return {"closed_through": _text(closed), "changed": False, "problems": problems}
        periods.record(book, "close", through, actor, reason, checked=checked)
    return {"closed_through": _text(through), "changed": True}


def reopen(settings: Settings, through: dt.date, actor: str, reason: str) -> Receipt:
    """Open what is later than ``through`` again: the first person asks, the second does it.

    A request stands until something is closed or opened again.
    """
    if not reason.strip():
        raise UsageError("--reason: is empty; expected why it is opened again")
    with books.opened(settings) as book:
        closed = posted.closed_through(book)
        if closed is None or closed <= through:
            raise UsageError(
                f"--through {through}: the books are closed through {_text(closed) or 'no day'};"
                " expected an earlier day, after which they are open again"
            )
        wanted = two_people.Wanted(
            "reopen", through.isoformat(), periods.state(book), actor, reason
        )
        request = two_people.first(book, wanted)
        if request is None:
            return {"closed_through": _text(closed), **two_people.asked(wanted)}
        periods.record(book, "reopen", through, request.actor, reason, second=actor,
                       request=request.number)  # fmt: skip
    return {"closed_through": _text(through), "requested_by": request.actor, "done": True}


def _unsettled(book: ledger.Ledger, through: dt.date) -> list[str]:
    found = []
    for row in periods.not_reconciled(book, through).to_dicts():
        number = f"{row['bank_account_no']}: statement {row['statement_no']} of {row['to_date']}"
        if row["status"] == "held":
            found.append(f"{number} is held: {row['reason']}")
        else:
            why = f": waits for {row['waits_for']}" if row["waits_for"] else ""
            found.append(f"{number} is not reconciled{why}")
    for row in periods.not_posted(book, through).to_dicts():
        named = f"{row['bank_account_no']}/{row['statement_no']}/{row['line_no']}"
        amount = f"{money.text(row['amount'], row['currency'])} {row['currency']}"
        why = f": {row['reason']}" if row["reason"] else ""
        found.append(f"{named}: {amount} of {row['day']} is not posted{why}")
    return found


def _text(day: dt.date | None) -> str:
    return day.isoformat() if day else ""
