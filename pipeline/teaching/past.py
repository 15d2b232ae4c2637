"""What a new mapping would have found in the last days of the books, open or settled."""

import datetime as dt
from typing import Any

import polars as pl

from pipeline import ledger
from pipeline.config import Settings
from pipeline.domain import frames
from pipeline.ledger import reads, since
from pipeline.matching import mappings as taught
from pipeline.matching import payers
from pipeline.teaching import words

Row = dict[str, Any]
_SHOWN = 20


def tried_on_the_past(settings: Settings, kind: str, pattern: str, days: int) -> Row:
    """The lines of the last ``days`` before the newest one that a mapping of this would fit.

    Found by the functions of the night. ``count``, ``open`` (how many of them wait), and the
    newest ``lines``.
    """
    said = {"mapping_no": 1, "kind": kind, "pattern": words.checked(kind, pattern), "side": "both"}
    with ledger.open(settings.ledger) as book:
        known = payers.known_names(reads.parties(book))
        lines = since.lines(book, dt.timedelta(days=days))
    fits = taught.hits(lines, frames.conform(pl.DataFrame([said]), frames.MAPPINGS), known)
    found = lines.join(fits.select("line_id").unique(), on="line_id", how="semi")
    newest = found.sort("booking_date", "line_id", descending=True).head(_SHOWN)
    return {
        "count": found.height,
        "open": int(found["open"].sum()),
        "lines": newest.to_dicts(),
    }
