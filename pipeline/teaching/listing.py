"""The mappings as people see them, each with where it comes from."""

from typing import Any

from pipeline import ledger
from pipeline.config import Settings
from pipeline.ledger import mappings
from pipeline.teaching import words

Row = dict[str, Any]


def listing(settings: Settings, *, history: bool = False) -> list[Row]:
    """What stands, by number; with ``history`` every state of every mapping, removed ones too.

    ``also_paid_for`` are parties that the payer of a mapping paid for by naming their documents.
    """
    with ledger.open(settings.ledger) as book:
        rows = mappings.states(book, newest=not history)
        others = mappings.paid_for_others(book)
    kept = [row for row in rows if history or row["action"] != "remove"]
    return [
        shown(row, settings) | {"also_paid_for": others.get(row["mapping_no"], [])} for row in kept
    ]


def shown(row: Row, settings: Settings) -> Row:
    """One state in words; ``exception`` is the item of the decision that taught it, else None.

    ``exception_prepared_by`` prepared that decision where ``actor`` accepted it.
    """
    names = ("kind", "pattern", "target_type", "target_no", "side", "action", "actor",
             "prepared_by", "reason", "recorded_at", "exception",
             "exception_prepared_by")  # fmt: skip
    found = {"mapping": row["mapping_no"], **{name: row[name] for name in names}}
    return found | {
        "limit": words.limit(row),
        "state": words.state(row, two_people=settings.two_people),
    }
