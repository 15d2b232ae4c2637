"""Verdicts of many lines as figures: rates, calibration, Brier score."""

from collections.abc import Sequence

import polars as pl

EDGES = (0.0, 0.1, 0.3, 0.5, 0.7, 0.8, 0.9, 0.95, 0.99, 0.999)
"""Lower ends of the rows of the reliability table; finer where lines post themselves."""


def figures(verdicts: pl.DataFrame, by: Sequence[str] = ()) -> pl.DataFrame:
    """Counts and rates for each group of ``by``, all lines together without it.

    ``straight_through``: of the decidable lines, posted and right. ``wrong_per_10000``: of the
    posted lines. ``first_right``: of the decidable lines left to review, the first proposal is
    right. ``recall``: of the decidable lines that settle entries, all of them were candidates.
    """
    decidable, posted = pl.col("decidable"), pl.col("posted")
    review = decidable & ~posted
    counts = [
        pl.len().alias("lines"),
        decidable.sum().alias("decidable"),
        posted.sum().alias("posted"),
        (posted & pl.col("right")).sum().alias("posted_right"),
        (posted & ~pl.col("right")).sum().alias("posted_wrong"),
        (posted & ~decidable).sum().alias("undecidable_posted"),
        review.sum().alias("review"),
        (review & pl.col("right")).sum().alias("review_first_right"),
        (decidable & pl.col("seen").is_not_null()).sum().alias("settling"),
        (decidable & pl.col("seen")).sum().alias("seen"),
    ]
    frame = verdicts.with_columns(pl.lit("all").alias("_all"))
    grouped = frame.group_by(list(by) or "_all").agg(counts)
    return (
        grouped.with_columns(
            _rate("posted_right", "decidable", 1).alias("straight_through"),
            _rate("posted_wrong", "posted", 10_000).alias("wrong_per_10000"),
            _rate("review_first_right", "review", 1).alias("first_right"),
            _rate("seen", "settling", 1).alias("recall"),
        )
        .drop("_all", strict=False)
        .sort(list(by) or "lines")
    )


def _rate(part: str, whole: str, scale: int) -> pl.Expr:
    """Null where there is nothing to divide by."""
    return pl.when(pl.col(whole) > 0).then(pl.col(part) * scale / pl.col(whole))


def reliability(verdicts: pl.DataFrame) -> pl.DataFrame:
    """``from, lines, said, came``: mean stated probability and the share that came true."""
    sure = verdicts.filter(pl.col("answered") & pl.col("probability").is_not_null())
    lower = pl.lit(EDGES[0])
    for edge in EDGES[1:]:
        lower = pl.when(pl.col("probability") >= edge).then(pl.lit(edge)).otherwise(lower)
    return (
        sure.group_by(lower.alias("from"))
        .agg(
            pl.len().alias("lines"),
            pl.col("probability").mean().alias("said"),
            pl.col("same").mean().alias("came"),
        )
        .sort("from")
    )


def brier(verdicts: pl.DataFrame) -> float | None:
    """Mean squared distance of stated probability and what came; ``None`` when none is stated."""
    sure = verdicts.filter(pl.col("answered") & pl.col("probability").is_not_null())
    distance = pl.col("probability") - pl.col("same").cast(pl.Float64)
    value = sure.select((distance**2).mean()).item()
    return None if value is None else float(value)
