"""What the books know of other currencies, for the postings that need it."""

from collections.abc import Collection

import polars as pl

from pipeline import ledger, posting
from pipeline.config import Settings
from pipeline.ledger import values


def foreign(
    lines: pl.DataFrame, rows: pl.DataFrame, entries: pl.DataFrame, own: str
) -> pl.DataFrame:
    """Those of ``lines`` that need a value: they, or what ``rows`` settle, are in other currencies.

    Others than the company's ``own``, that is; none while it is undecided.
    """
    if not own:
        return lines.clear()
    other = entries.filter(pl.col("currency") != own).select(pl.col("entry_id").alias("target_id"))
    settling = rows.filter(pl.col("target") == "entry").join(other, on="target_id", how="semi")
    beyond = pl.col("line_id").is_in(settling["line_id"].unique().implode())
    return lines.filter((pl.col("currency") != own) | beyond)


def known(
    book: ledger.Ledger,
    settings: Settings,
    lines: pl.DataFrame,
    rows: pl.DataFrame,
    entries: pl.DataFrame,
    own: str,
) -> posting.Known | None:
    """What values the journal of ``lines`` (``LINES``) with ``rows`` (``PROPOSED``) needs.

    None, and nothing is read, where all are in the company's ``own`` currency, the ``entries``
    (``ENTRIES``) that they settle too.
    """
    lines = foreign(lines, rows, entries, own)
    if lines.is_empty():
        return None
    settled = rows.join(lines, on="line_id", how="semi")
    return needed(book, settings, lines, settled, own)


def needed(
    book: ledger.Ledger,
    settings: Settings,
    lines: pl.DataFrame,
    settled: pl.DataFrame,
    own: str,
    numbers: Collection[int] = (),
) -> posting.Known:
    """What is known of ``lines`` (``line_id, currency``) and of what they settle.

    ``settled`` has ``target, target_id``. ``numbers`` are journal entries that are looked at
    themselves: what they alone undid is still to be undone.
    """
    return posting.Known(
        company=own,
        age=settings.policy["rate_days"],
        rates=values.rates(book, lines["currency"].unique()),
        carried=values.carried(book, settled),
        applied=values.applied(book, settled, numbers),
        parked=values.parked(book, lines["line_id"]),
    )
