"""What the books know of other currencies, for the postings that need it."""

from collections.abc import Collection

import polars as pl

from pipeline import ledger, posting
from pipeline.config import Settings
from pipeline.ledger import values


def foreign(lines: pl.DataFrame, own: str) -> pl.DataFrame:
    """Those of ``lines`` that are not in the company's ``own`` currency; none while undecided."""
    return lines.filter(pl.col("currency") != own) if own else lines.clear()


def known(
    book: ledger.Ledger, settings: Settings, lines: pl.DataFrame, rows: pl.DataFrame, own: str
) -> posting.Known | None:
    """What values the journal of ``lines`` (``LINES``) with ``rows`` (``PROPOSED``) needs.

    None, and nothing is read, where all are in the company's ``own`` currency.
    """
    lines = foreign(lines, own)
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
