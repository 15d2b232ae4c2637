"""Reversing journal entries: all of each is negated, and its line asks a person again."""

import datetime as dt
from typing import Any

from pipeline import booking, books, ledger, own_transfers, reversal, steps
from pipeline.config import Settings
from pipeline.corrections import naming
from pipeline.domain.errors import LedgerError, UsageError
from pipeline.ledger import corrections as stored
from pipeline.ledger import decisions, posted, values

Receipt = dict[str, Any]
Row = dict[str, Any]
_NO_LINE = ("unapplication", "application", "external")
"""Kinds of journal entries without a bank line that a person may reverse."""


@books.kept_open
def reverse(
    settings: Settings, named: list[str], actor: str, reason: str, on: dt.date | None = None
) -> Receipt:
    """Reverse journal entries, named by number or by their bank line, as one register.

    Each on its own day, or in the first open period, or ``on``. What they settled is open again.
    The machine does not post their lines again: these ask (``reversed``) with what was posted as
    the first candidate. What a side of an own transfer realised is taken back with it. Afterwards
    as after a night: what is left is matched.
    """
    if not reason.strip():
        raise UsageError("--reason: is empty; expected why it is reversed")
    with books.opened(settings) as book:
        rows = stored.reversible(book, naming.journal_entries(book, named))
        again = [row["no"] for row in rows if row["reversed_by"]]
        fresh = [row for row in rows if not row["reversed_by"]]
        for row in fresh:
            _may_be(book, row, {row["no"] for row in fresh})
        first_open = posted.first_open(book)
        days = {
            row["no"]: naming.day(f"journal entry {row['no']}", row["posting_date"], on, first_open)
            for row in fresh
        }
        if fresh:
            _write(book, settings, days, actor, reason)
            own_transfers.settle(book, settings, actor)
    receipt: Receipt = {
        "reversed": {str(number): day.isoformat() for number, day in sorted(days.items())}
    }
    if again:
        receipt["reversed_before"] = again
    if fresh:
        receipt["exceptions"] = steps.propose(settings, actor)["exceptions"]
    return receipt


def _write(
    book: ledger.Ledger, settings: Settings, days: dict[int, dt.date], actor: str, reason: str
) -> None:
    later = values.valuations_of(book, days)
    days = days | {number: days[of] for number, of in later.items()}
    undone, lines = reversal.journal(book, days, reason)
    detail = {"journal_entries": sorted(set(days) - set(later))}
    record = decisions.recording_lines("reverse", lines, actor, reason, detail)
    booking.write(book, undone, settings, kind="reversal", actor=actor, reason=reason,
                  guard=record)  # fmt: skip


def _may_be(book: ledger.Ledger, row: Row, numbers: set[int]) -> None:
    """Say what stands against the reversal of one of ``numbers``, and what comes first."""
    named = f"journal entry {row['no']}"
    if row["reverses_no"]:
        raise UsageError(
            f"{named} reverses {row['reverses_no']} and is not reversed itself; decide its line"
            " anew: lettrage exceptions list"
        )
    if row["kind"] == "valuation":
        raise UsageError(
            f"{named} gives a value to another one and is reversed with it; expected that one"
        )
    if row["kind"] == "exchange":
        raise UsageError(
            f"{named} is what the two sides of an own transfer differ by, and is taken back with"
            " one of them; expected the posting of a side"
        )
    if row["line_id"] is None and row["kind"] not in _NO_LINE:
        raise UsageError(
            f"{named} is of a load ({row['kind']}); expected one of a bank line, what was applied"
            " or un-applied by hand, or settled outside: correct the entry at its source and load"
            " it again"
        )
    if row["released_by"]:
        raise LedgerError(
            f"{named} parks a line that journal entry {row['released_by']} released since; reverse"
            " that one first; nothing was written"
        )
    if row["taken_back_by"]:
        raise LedgerError(
            f"{named}: what it settled was taken back by journal entry {row['taken_back_by']};"
            " reverse that one first; nothing was written"
        )
    if row["kind"] == "unapplication" and (settled := stored.owes_less(book, row["no"])):
        raise LedgerError(
            f"{named} opened {', '.join(settled)}, which does not owe as much any more; undo what"
            " settled it since; nothing was written"
        )
    if row["cancels"] and row["cancels"] not in numbers:
        raise UsageError(
            f"{named} and {row['cancels']} cancel each other on clearing; reverse both at once"
        )
    reconciled = stored.reconciled_statement(book, row["no"])
    if reconciled is not None:
        account, statement, line, later = reconciled
        before = f"that of the {later} statements closed after it and then " if later else ""
        raise LedgerError(
            f"{named} posts line {line} of statement {statement} of {account}, which is"
            f" reconciled; expected one of a statement that is not: undo {before}its"
            f" reconciliation (lettrage undo-statement {account} {statement}), then reverse;"
            " nothing was written"
        )
