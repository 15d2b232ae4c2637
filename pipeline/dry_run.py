"""What a night would do: the same steps on a copy of the ledger, the books themselves untouched."""

import dataclasses
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from pipeline import ledger, steps
from pipeline.config import Settings
from pipeline.ledger import months
from pipeline.ledger.export import export
from pipeline.ledger.rehearsal import rehearsal

Row = dict[str, Any]
_SHOWN = ("bank_account_no", "statement_no", "line_no", "booking_date", "amount", "currency",
          "status", "party_type", "party_no", "applied_amount", "confidence", "rule",
          "reason")  # fmt: skip


def nightly(
    settings: Settings, paths: Iterable[Path], actor: str, progress: steps.Progress = steps.quiet
) -> steps.Receipt:
    """The receipt of a night that did not happen; ``lines``: those that it would change.

    Amounts in ``lines`` are decimal text. Nothing is written to the ledger or beside it.
    """
    with rehearsal(settings.ledger) as copy:
        trial = dataclasses.replace(settings, ledger=copy)
        steps.open_batch(trial)
        before = {_key(row): row for row in _lines(copy)}
        receipt = steps.nightly(trial, paths, actor, progress)
        after = _lines(copy)
        with ledger.open(copy) as book:
            due = months.to_announce(book)
    changed = [row for row in after if before.get(_key(row)) != row]
    return {"dry_run": True, **receipt, "months_complete": due, "lines": changed}


def _lines(url: str) -> list[Row]:
    with ledger.open(url) as book:
        rows = export(book, "lines").to_dicts()
    return [{name: row[name] for name in _SHOWN} for row in rows]


def _key(row: Row) -> tuple[Any, ...]:
    return tuple(row[name] for name in _SHOWN[:4])
