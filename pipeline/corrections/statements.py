"""What two people do with a statement: undo its reconciliation, refuse a held one, restore it."""

from typing import Any

from pipeline import books
from pipeline.config import Settings
from pipeline.corrections import two_people
from pipeline.domain.errors import LedgerError, UsageError
from pipeline.ledger import closings, held_statements
from pipeline.ledger.refusal_rules import KIND

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


def refuse(
    settings: Settings, account: str, number: str, actor: str, reason: str, *, file: str = ""
) -> Receipt:
    """Refuse a held statement that will never be ours: the first person asks, the second does it.

    ``account`` is the bank account's number, or what the file names where it is not known. No line
    of it is ever posted, periods close without it, and the same statement does not come back.
    ``file`` is how the SHA-256 of its file begins, where several files have such a statement.
    """
    return _decide(settings, "refuse", (account, number, file), actor, reason)


def restore(
    settings: Settings, account: str, number: str, actor: str, reason: str, *, file: str = ""
) -> Receipt:
    """Let a statement that people refused wait again, as ``refuse`` in all else."""
    return _decide(settings, "restore", (account, number, file), actor, reason)


def _decide(
    settings: Settings, action: str, named: tuple[str, str, str], actor: str, reason: str
) -> Receipt:
    account, number, _ = named
    before, after = held_statements.MOVES[action]
    if not reason.strip():
        raise UsageError(f"--reason: is empty; expected why it is {after}")
    with books.opened(settings) as book:
        rows = held_statements.named(book, action, *named)
        if not rows:
            raise UsageError(f"no statement {number} of {account} is {before}; see: lettrage export"
                             " statements")  # fmt: skip
        files = sorted({row["sha256"] for row in rows})
        if len(files) > 1:
            raise UsageError(f"statement {number} of {account}: is in {len(files)} files; name one:"
                             f" --file {' or --file '.join(one[:8] for one in files)}")  # fmt: skip
        wanted = [
            two_people.Wanted(KIND, f"{action}/{row['id']}", str(row["seen"]), actor, reason)
            for row in rows
        ]
        asked = [(row, two_people.first(book, one)) for row, one in zip(rows, wanted, strict=True)]
        agreed = [(row, request) for row, request in asked if request]
        receipt: Receipt = {"account": account, "statement": number}
        if len(agreed) < len(rows):
            return {**receipt, "status": before, **two_people.asked(wanted[0])}
        with book.transaction() as connection:
            held_statements.record(connection, action, agreed, actor, reason)
    return {**receipt, "status": after, "requested_by": agreed[0][1].actor, "done": True}
