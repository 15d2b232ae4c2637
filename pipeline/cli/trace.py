"""``lettrage trace``: everything that is tied to one thing of the ledger."""

import argparse
import json
import sys
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from pipeline.cli.output import say, show
from pipeline.cli.parser import Commands
from pipeline.config import Settings
from pipeline.domain.errors import UsageError

if TYPE_CHECKING:
    import polars as pl

    from pipeline.ledger.trace import Meaning

_TITLES = {
    "files": "Bank files",
    "statements": "Bank statements",
    "lines": "Bank lines",
    "proposals": "Proposals",
    "exceptions": "Exceptions",
    "decisions": "Decisions of people",
    "journal": "Journal (debit positive)",
    "applications": "Applications",
    "entries": "Entries",
    "payment_parts": "Payment parts of statements",
    "bank_entries": "Bank entries",
    "conflicts": "Conflicts with the source",
    "master_data": "Changed master data",
    "registers": "Registers",
    "batches": "Handed over",
}
_AMOUNTS = ("opening", "closing", "amount", "amount_company", "remaining_amount", "applied_amount",
            "entry_amount", "discount_amount", "difference_amount", "size", "rank",
            "id")  # fmt: skip
_CUT = 12
"""Characters of a hash that people see; ``--json`` has all of them."""


def register(commands: Commands) -> None:
    """Add trace."""
    trace = commands.add(
        "trace",
        _trace,
        "from any document, bank line, posting, statement, file or register to all others",
        "lettrage trace RE-1001",
    )
    trace.add_argument(
        "ref", metavar="REF",
        help="document number, party, ACCOUNT/STATEMENT[/LINE], bank reference, file name, hash or"
        " number; with its kind before it where it may mean several things: journal:17",
    )  # fmt: skip


def _trace(options: argparse.Namespace, settings: Settings) -> int:
    from pipeline import ledger
    from pipeline.ledger.reading import snapshot
    from pipeline.ledger.trace import meanings, trace

    with (
        ledger.open(settings.ledger) as book,
        book.turn(),
        snapshot(book.engine) as books,
    ):
        found = meanings(books, options.ref)
        tied = trace(books, found[0]) if len(found) == 1 else {}
    if not found:
        raise UsageError(
            f"trace: found {options.ref!r}, expected a document number, ACCOUNT/STATEMENT/LINE, a"
            " bank reference, or a number or hash that this ledger knows"
        )
    if len(found) > 1:
        return _ambiguous(options, found)
    if options.json:
        rows = {name: frame.to_dicts() for name, frame in tied.items()}
        show(json.dumps({"ref": options.ref, "means": _as_json(found[0]), **rows}))
    else:
        sys.stdout.write(text(found[0], tied))
    return 0


def _ambiguous(options: argparse.Namespace, found: "Sequence[Meaning]") -> int:
    if options.json:
        listed = [_as_json(meaning) for meaning in found]
        show(json.dumps({"ref": options.ref, "ambiguous": listed}))
    for meaning in found if not options.json else ():
        show(f"lettrage trace '{meaning.exact}'   {meaning.text}")
    say(f"lettrage: {options.ref} may mean {len(found)} things; nothing was traced")
    return 1


def _as_json(meaning: "Meaning") -> dict[str, str]:
    return {"kind": meaning.kind, "exact": meaning.exact, "text": meaning.text}


def text(meaning: "Meaning", tied: "Mapping[str, pl.DataFrame]") -> str:
    """A trace for people: a table of each kind that has rows, without its empty columns."""
    from pipeline.reports.layout import heading, short, table

    parts = [f"{meaning.text}\n{meaning.exact}"]
    for name, frame in tied.items():
        columns = [c for c in frame.columns if frame[c].cast(str).is_in(["", "0"]).all() is False]
        rows = [
            [_cell(c, value) if c in _AMOUNTS or _is_hash(c) else short(_said(value), 60)
             for c, value in zip(columns, row, strict=True)]
            for row in frame.select(columns).iter_rows()
        ]  # fmt: skip
        if rows:
            titles = [f"{'>' * (c in _AMOUNTS)}{c.replace('_', ' ')}" for c in columns]
            parts += [heading(_TITLES[name]), table(titles, rows)]
    return "\n".join(parts) + "\n"


def _cell(column: str, value: object) -> str:
    return str(value)[:_CUT] if _is_hash(column) else _said(value)


def _said(value: object) -> str:
    return "" if value is None else str(value)


def _is_hash(column: str) -> bool:
    return column in ("hash", "policy_hash", "file_sha256")
