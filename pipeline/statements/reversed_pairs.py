"""Movements that take each other back: what was posted, and the return or correction that undid it.

A payment and its return or reversal are such a pair, and the discount or difference that was given
with it and taken back. They come to nothing, so that totals and balances stay what they are.
"""

from collections import defaultdict
from collections.abc import Sequence
from typing import Any

Row = dict[str, Any]
_OF_DOCUMENTS = ("discount", "tolerance", "bank_charge", "rounding", "write_off", "external")
"""Kinds that are given up on one document; all others are documents and money themselves."""


def left_out(movements: Sequence[Row]) -> list[Row]:
    """Movements of one currency without the pairs among them, in their order.

    Both of a pair must be among them. The last is paired first: an un-application that was
    taken back itself goes with that, and what it un-applied stays.
    """
    posted: dict[tuple[Any, ...], list[int]] = defaultdict(list)
    for place, row in enumerate(movements):
        posted[_what(row, row["posted_no"], row["amount"])].append(place)
    gone: set[int] = set()
    undoing = [place for place, row in enumerate(movements) if row["undoes_no"] is not None]
    for place in sorted(undoing, key=lambda place: (-movements[place]["posted_no"], place)):
        row = movements[place]
        undone = posted[_what(row, row["undoes_no"], -row["amount"])]
        left = [other for other in undone if other not in gone]
        if left and place not in gone:
            gone |= {place, left[0]}
    return [row for place, row in enumerate(movements) if place not in gone]


def _what(row: Row, journal_entry_no: int, amount: int) -> tuple[Any, ...]:
    """What must agree: money that comes and goes has no document in common, a discount has."""
    document = ("", "", 0)
    if row["kind"] in _OF_DOCUMENTS:
        document = (row["kind"], row["document_no"], row["instalment"])
    return journal_entry_no, amount, row["party_no"], row["project"], document
