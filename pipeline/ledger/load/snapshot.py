"""A snapshot is all that is open at the source: what it may close, and from which day it is."""

import datetime as dt
from typing import Any

import polars as pl
from sqlalchemy import Connection

from pipeline.domain import money
from pipeline.domain.errors import LoadError
from pipeline.ledger import company
from pipeline.ledger.connection import Ledger
from pipeline.ledger.load import log
from pipeline.ledger.load.journal import Books
from pipeline.ledger.load.kinds import ENTRY_KEY

_LARGEST = 10
"""Per cent of the open entries, or of their amount in a currency, that close unasked."""
_SHOWN = 50
_AS_OF = "ledger_entries_as_of"


def check_age(ledger: Ledger, as_of: dt.date | None) -> None:
    """LoadError for a list that is older than the one that was compared last."""
    rows = ledger.rows(f"SELECT value FROM meta WHERE key = '{_AS_OF}'")
    last = str(rows[0][0]) if rows else ""
    if as_of and last and str(as_of) < last:
        raise LoadError(
            f"--as-of: found {as_of}, expected {last} or later, the day of the last list that was"
            " compared; nothing was loaded"
        )


def remember(connection: Connection, as_of: dt.date | None) -> None:
    """Keep the day of the list that is compared now."""
    if as_of:
        company.store(connection, {_AS_OF: str(as_of)})


def is_news(books: Books, settled: pl.DataFrame) -> bool:
    """Whether a file tells how things stand now; not one that came before others.

    LoadError for such a one when it would settle something outside.
    """
    when = log.came_before(books.ledger, books.source)
    if when and settled.height:
        raise LoadError(
            "\n".join([
                f"{books.source.name}: was loaded on {when}, others came after it, and it would"
                f" settle {settled.height} open entries outside; nothing was loaded, say --as-of"
                " with a later day if that is how they stand now",
                *_named(settled),
            ])
        )  # fmt: skip
    return not when


def guard(settled: pl.DataFrame, ours: pl.DataFrame) -> None:
    """LoadError with the list when a snapshot would close more than a tenth of what is open."""
    closing = settled.filter(pl.col("less") == pl.col("remaining"))
    still = ours.filter(pl.col("remaining") != 0)
    size = pl.col("remaining").abs().sum()
    amounts = dict(still.group_by("currency").agg(size).iter_rows())
    gone = dict(closing.group_by("currency").agg(size).iter_rows())
    many = 100 * closing.height > _LARGEST * still.height
    much = sorted(c for c, value in gone.items() if 100 * value > _LARGEST * amounts[c])
    if not (many or much):
        return
    parts = [f"{closing.height} of {still.height} open entries"]
    parts += [f"{money.text(gone[c], c)} of {money.text(amounts[c], c)} {c}" for c in much]
    head = f"the snapshot would close {', '.join(parts)}: more than {_LARGEST} per cent"
    text = f"{head}; nothing was loaded, use --allow-closing if that is right"
    raise LoadError("\n".join([text, *_named(closing)]))


def listed(settled: pl.DataFrame) -> dict[str, Any]:
    """What was settled outside, for a receipt."""
    return {"settled": _named(settled)} if settled.height else {}


def _named(rows: pl.DataFrame) -> list[str]:
    shown = [
        f"{row['party_type']} {row['party_no']} {row['document_type']} {row['document_no']}"
        f"{'/' + str(row['instalment']) if row['instalment'] else ''}:"
        f" {money.text(row['less'], row['currency'])} {row['currency']}"
        for row in rows.sort(*ENTRY_KEY).head(_SHOWN).iter_rows(named=True)
    ]
    more = rows.height - _SHOWN
    return [*shown, f"... and {more} more"] if more > 0 else shown
