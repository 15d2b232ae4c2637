"""What people write on an item without deciding it: who takes care, and remarks."""

from pipeline import ledger
from pipeline.config import Settings
from pipeline.decisions.carrying_out import note_of
from pipeline.decisions.items import Receipt, as_seen, item_of
from pipeline.domain.errors import UsageError
from pipeline.ledger import decisions


def assign(settings: Settings, number: int, actor: str, to: str) -> Receipt:
    """Say who takes care of an item."""
    with ledger.open(settings.ledger) as book:
        item = item_of(book, number)
        changed = item["assigned_to"] != to
        if changed:
            decisions.assign(book, note_of("assign", actor, "", {"to": to}), number, to)
    return {"exception": number, "action": "assign", "assigned_to": to, "changed": changed}


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
