"""The month end: a month that is complete gets one statement a customer, once.

Each step may be repeated. What a statement says depends on the last day of the month and on the
register that ``check_period`` names, so that a repeated run writes the same bytes.
"""

import datetime as dt
from pathlib import Path
from typing import Any

from pipeline import customer_accounts, ledger, statements
from pipeline.config import Settings
from pipeline.domain.errors import UsageError
from pipeline.ledger import as_of, months, reads

Receipt = dict[str, Any]
_CHUNK = 500
_STAGED = ".rendering"


def to_announce(settings: Settings, batch_id: str = "") -> list[str]:
    """Months that are complete and that no other batch has announced."""
    with ledger.open(settings.ledger) as book:
        return months.to_announce(book, batch_id)


def announce(settings: Settings, month: str, batch_id: str, actor: str) -> None:
    """Record that a month is announced by this batch; the same batch may say so again."""
    with ledger.open(settings.ledger) as book:
        months.record(book, month, "announced", actor, batch_id)


def announce_all(settings: Settings, batch_id: str, actor: str) -> list[str]:
    """Announce every month that became complete; returns them, each once over all nights."""
    found = to_announce(settings)
    for month in found:
        announce(settings, month, batch_id, actor)
    return found


def check_period(settings: Settings, month: str) -> Receipt | None:
    """Month, last day and register head; None if its statements are sent, else it must be complete.

    UsageError if the month is not complete.
    """
    with ledger.open(settings.ledger) as book:
        if month in months.events(book, "statements_sent"):
            return None
        if month not in months.complete_months(book):
            raise UsageError(f"month {month!r} is not complete; expected one that is reconciled")
        head = reads.register_head(book)
    return {
        "month": month,
        "as_of": months.last_day(month),
        "register_no": head["no"],
        "head": head["hash"],
    }


def select(settings: Settings, period: Receipt, most: int) -> list[Receipt]:
    """Ranges of customer numbers, of about 500 customers who have open entries each."""
    day = dt.date.fromisoformat(period["as_of"])
    with ledger.open(settings.ledger) as book:
        entries = as_of.customer_entries(book, day, period["register_no"])
    numbers = entries["party_no"].unique(maintain_order=True).to_list()
    size = max(_CHUNK, -(-len(numbers) // max(most, 1)))
    parts = [numbers[start : start + size] for start in range(0, len(numbers), size)]
    return [{**period, "first": part[0], "last": part[-1], "count": len(part)} for part in parts]


def render(settings: Settings, chunk: Receipt, folder: Path, actor: str) -> Receipt:
    """Render the statements of one range beside the month's folder; returns how many."""
    day = dt.date.fromisoformat(chunk["as_of"])
    bounds = (chunk["first"], chunk["last"])
    form = statements.Form()
    with ledger.open(settings.ledger) as book:
        accounts, customers = customer_accounts.read(
            book, day, (chunk["register_no"], chunk["head"]), form, bounds
        )
        wanted, skipped = statements.chosen(accounts, customers, form, statements.Choice())
        parts = customer_accounts.with_references(book, accounts, wanted, settings, actor)
    folder = folder / f"{_STAGED}-{chunk['month']}"
    letters = statements.letters(accounts, wanted, parts, form, settings.company)
    written = statements.write_all(letters, day, folder)
    return {"month": chunk["month"], "statements": written, "skipped": len(skipped)}


def deliver(settings: Settings, period: Receipt, folder: Path, actor: str) -> Receipt:
    """Put the month's statements into their folder and record that they are sent, once."""
    staged, target = folder / f"{_STAGED}-{period['month']}", folder / period["month"]
    with ledger.open(settings.ledger) as book:
        if period["month"] in months.events(book, "statements_sent"):
            return {"month": period["month"], "statements": 0}
        target.mkdir(parents=True, exist_ok=True)
        for file in sorted(staged.glob("*.pdf")):
            file.replace(target / file.name)
        months.record(book, period["month"], "statements_sent", actor, period["head"])
    if staged.exists():
        staged.rmdir()
    return {"month": period["month"], "statements": len(list(target.glob("*.pdf")))}
