"""What each proposal rests on: levels, a sentence, and how probable that makes it."""

import polars as pl

from pipeline.domain import frames
from pipeline.matching import levels, probability, sentences
from pipeline.matching.evidence import Evidence
from pipeline.matching.open_items import OpenItems


def explain(
    heads: pl.DataFrame,
    rows: pl.DataFrame,
    lines: pl.DataFrame,
    items: OpenItems,
    evidence: Evidence,
) -> pl.DataFrame:
    """``heads`` (``frames.PROPOSALS``) with ``explanation``, ``evidence`` and ``probability``.

    ``lines`` with their ``day``. Many proposals at once, all of a line together.
    """
    found = levels.find(heads, rows, lines, items, evidence)
    told = sentences.write(found, rows, lines, items.entries)
    told = told.with_columns(levels.as_text().alias("evidence"))
    return frames.conform(probability.state(told, rows), frames.PROPOSALS)
