"""Entries and movements in sums: one line for all of a kind of document.

The books hold documents, not what an invoice lists: a statement has a line for each of them, or
for each kind.
"""

from collections.abc import Sequence
from itertools import groupby
from typing import Any

from pipeline.statements.language import Language

Row = dict[str, Any]


def entries(rows: Sequence[Row], words: Language) -> list[Row]:
    """A row for each document type, with the sums of ``amount`` and ``remaining_amount``.

    A type of which all are of one date keeps it, as its due date.
    """
    return [
        _summed(own, words, "remaining_amount") | {name: _one(own, name) for name in _DATES}
        for own in _grouped(rows, "document_type")
    ]


def movements(rows: Sequence[Row], words: Language) -> list[Row]:
    """A row for each kind of movement; what is charged and what is credited stand apart."""
    own = [part for side in (True, False) for part in _grouped(
        [row for row in rows if (row["amount"] > 0) is side], "kind")]  # fmt: skip
    return [
        _summed(part, words) | {name: _one(part, name) for name in ("day", "entry_id")}
        for part in own
    ]


_DATES = ("posting_date", "due_date")


def _grouped(rows: Sequence[Row], name: str) -> list[list[Row]]:
    ordered = sorted(rows, key=lambda row: row[name])  # stable: rows keep their order in a kind
    return [list(part) for _, part in groupby(ordered, key=lambda row: row[name])]


def _summed(rows: list[Row], words: Language, *sums: str) -> Row:
    if len(rows) == 1:
        return rows[0]
    said = {name: sum(row[name] for row in rows) for name in ("amount", *sums)}
    number = words.say("documents", count=len(rows))
    return rows[0] | said | {"document_no": number, "instalment": 0, "paid_currency": None}


def _one(rows: list[Row], name: str) -> Any:
    """What all rows have; None where they differ."""
    found = {row[name] for row in rows}
    return found.pop() if len(found) == 1 else None
