"""What people write on an item without deciding it: who takes care, and remarks."""

import datetime as dt

from pipeline import ledger
from pipeline.config import Settings
from pipeline.decisions.carrying_out import note_of
from pipeline.decisions.items import Receipt, as_seen, item_of
from pipeline.domain.errors import UsageError
from pipeline.ledger import attention, decisions


def assign(settings: Settings, number: int, actor: str, to: str) -> Receipt:
    """Say who takes care of an item."""
    with ledger.open(settings.ledger) as book:
        item = item_of(book, number)
        changed = item["assigned_to"] != to
        if changed:
            decisions.assign(book, note_of("assign", actor, "", {"to": to}), number, to)
    return {"exception": number, "action": "assign", "assigned_to": to, "changed": changed}


def later(settings: Settings, number: int, actor: str, until: str, reason: str = "") -> Receipt:
    """Put an item off until a day (ISO date), on which it is in the list again; empty ends that."""
    with ledger.open(settings.ledger) as book:
        item_of(book, number)
        _check_until(until, attention.today(book))
        changed = attention.put_off_until(book, number) != until
        if changed:
            note = note_of("later", actor, reason, {"to": until})
            attention.put_off(book, note, number, until)
    return {"exception": number, "action": "later", "until": until, "changed": changed}


def _check_until(until: str, today: str) -> None:
    try:
        right = not until or (dt.date.fromisoformat(until).isoformat() == until > today)
    except ValueError:
        right = False
    if not right:
        raise UsageError(f"later: found {until!r}, expected a day after {today}, YYYY-MM-DD")


def comment(settings: Settings, number: int, actor: str, text: str) -> Receipt:
    """Note something about an item; the same note of the same person is kept once."""
    if not text.strip():
        raise UsageError("the comment is empty; expected a text")
    with ledger.open(settings.ledger) as book:
        item = item_of(book, number)
        known = [
            row
            for row in decisions.history(book, item["line_id"])
            if (row["action"], row["actor"], row["reason"]) == ("comment", actor, text)
        ]
        if not known:
            decisions.record(book, note_of("comment", actor, text, {}), as_seen(item, ""))
    return {"exception": number, "action": "comment", "changed": not known}
