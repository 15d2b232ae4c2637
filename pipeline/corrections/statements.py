"""Undoing the reconciliation of a statement: the last of its account, by two people."""

from typing import Any

from pipeline import books
from pipeline.config import Settings
from pipeline.corrections import two_people
from pipeline.domain.errors import LedgerError, UsageError
from pipeline.ledger import closings

Receipt = dict[str, Any]


def undo(settings: Settings, account: str, number: str, actor: str, reason: str) -> Receipt:
    """Take back that a statement is reconciled: the first person asks, the second does it.

    No posting changes; its lines may be reversed then, and the next ``reconcile`` closes it again
    once all of them are settled. A request stands until the account's chain moves.
    """
    if not reason.strip():
        raise UsageError("--reason: is empty; expected why it is undone")
    named = f"statement {number} of {account}"
    with books.opened(settings) as book:
        found = closings.standing(book, account, number)
        if not found:
            raise UsageError(f"{named} is not reconciled; see: lettrage export statements")
        row = found[0]
        if row["later"]:
            last = f"{row['later']} statement{'s were' if row['later'] > 1 else ' was'}"
            raise LedgerError(
                f"{named}: {last} closed after it; expected the last one of its account: undo"
                " the later ones first, the newest before the others; nothing was written"
            )
        wanted = two_people.Wanted(
            "undo_statement", f"{account}/{number}", str(row["ord"]), actor, reason
        )
        row["last_ord"] = closings.last_place(book, account)
        request = two_people.first(book, wanted)
        receipt: Receipt = {"bank_account": account, "statement": number}
        if request is None:
            return {**receipt, "status": "reconciled", **two_people.asked(wanted)}
        closings.undo(book, row, request, actor, reason)
    return {**receipt, "status": "received", "requested_by": request.actor, "done": True}
