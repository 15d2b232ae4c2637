"""Rows of an answer that settle entries, by the names of ``frames.PROPOSED``."""

from typing import Any

from pipeline.domain.seen import Seen, saw
from pipeline.matching.amounts import Entry, Fit
from pipeline.matching.cases import Party


def entry_rows(fit: Fit, entries: list[Entry]) -> list[dict[str, Any]]:
    """One row for each share of ``fit``, and one for what stays on account."""
    own = {entry["entry_id"]: entry for entry in entries}
    rows: list[dict[str, Any]] = []
    for share in fit.shares:
        entry = own[share.entry_id]
        rows.append(
            {
                "target": "entry",
                "target_id": share.entry_id,
                "party_type": entry["party_type"],
                "party_no": entry["party_no"],
                "applied_amount": share.applied,
                "entry_amount": share.settled,
                "discount_amount": share.discount,
                "difference_amount": share.difference,
                "difference_kind": share.kind,
            }
        )
    if fit.on_account:
        first = entries[0]
        party = {"party_type": first["party_type"], "party_no": first["party_no"]}
        rows.append({"target": "on_account", "target_id": 0, **party,
                     "applied_amount": fit.on_account})  # fmt: skip
    return rows


def part_row(entry: Entry, amount: int) -> dict[str, Any]:
    """A candidate for review: the entry takes of ``amount`` (minor units) what it can."""
    left = entry["remaining_amount"]
    taken = left if abs(left) <= abs(amount) or (left > 0) != (amount > 0) else amount
    return {
        "target": "entry",
        "target_id": entry["entry_id"],
        "party_type": entry["party_type"],
        "party_no": entry["party_no"],
        "applied_amount": taken,
        "entry_amount": taken,
    }


def gl_row(key: str, amount: int) -> dict[str, Any]:
    """A row that books ``amount`` (minor units, as the line) to the account of a settings key."""
    return {"target": "gl", "target_id": 0, "gl_account": key, "applied_amount": amount}


def party_of(entry: Entry) -> Party:
    """The party that an entry belongs to."""
    return (entry["party_type"], entry["party_no"])


def numbers(entries: list[Entry]) -> str:
    """Document numbers for the explanation: five at most."""
    return ", ".join(entry["document_no"] for entry in entries[:5])


def names(entries: list[Entry]) -> Seen:
    """What a line names, for the explanation."""
    return saw("names", numbers(entries))
