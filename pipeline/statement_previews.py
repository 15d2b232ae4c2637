"""Customer statements that are written to a folder: neither numbered nor sent."""

import datetime as dt
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from pipeline import books, customer_accounts, statements
from pipeline.config import Settings
from pipeline.ledger.known import known

Receipt = dict[str, Any]


def write(
    settings: Settings,
    as_of: dt.date,
    out: Path,
    form: statements.Form | None = None,
    choice: statements.Choice | None = None,
    actor: str = "system",
    *,
    as_known_at: int | None = None,
    formats: Sequence[str] = ("pdf",),
) -> Receipt:
    """One statement for each chosen customer who has something to read as of a date.

    ``formats``: some of ``statements.FORMATS``, a file each.
    What the references of their payment parts stand for is kept before any of them is written.
    With ``as_known_at`` they say what the ledger knew when that register was sealed.
    """
    form, choice = form or statements.Form(), choice or statements.Choice()
    with books.opened(settings) as book:
        at = known(book, as_of, as_known_at)
        accounts, customers = customer_accounts.read(
            book, as_of, (at.register, at.hash), form, choice, settings, loads=at.loads
        )
        wanted, skipped = statements.chosen(accounts, customers, form, choice)
        parts = customer_accounts.with_references(book, accounts, wanted, form, settings, actor)
    letters = statements.letters(accounts, wanted, parts, form, settings.company)
    look, home = statements.look(settings.statements), settings.company["country"]
    renderer = statements.Renderer(look, home)
    written, warnings = statements.write_all(letters, as_of, out, renderer, formats)
    reasons = Counter(reason for _, reason in skipped)
    return {
        "as_of": as_of.isoformat(),
        "statements": written,
        "skipped": dict(sorted(reasons.items())),
        **({"warnings": warnings} if warnings else {}),
    }
