"""What each proposal rests on: levels, a sentence, and how probable that makes it."""

from dataclasses import replace

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
    items = _with_parts(items)
    found = levels.find(heads, rows, lines, items, evidence)
    told = sentences.write(found, rows, lines, items.entries)
    told = told.with_columns(levels.as_text().alias("evidence"))
    return frames.conform(probability.state(told, rows), frames.PROPOSALS)


def _with_parts(items: OpenItems) -> OpenItems:
    """With entries that only references of statements lead to: closed, or money on account."""
    stated = items.parts.select(items.entries.columns).unique("entry_id")
    others = stated.join(items.entries, on="entry_id", how="anti").sort("entry_id")
    return replace(items, entries=pl.concat([items.entries, others])) if others.height else items
