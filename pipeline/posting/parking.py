"""What is left is booked to the clearing account, each line with its open exception (section 6).

When: ``[policy] park``. The files decide, never the clock. ``nightly``: as soon as the line's
statement is there. ``month_end``: when a statement of its account closes on the last day of the
month of the line's booking date, or later.
"""

import datetime as dt

import polars as pl

from pipeline.config import Settings
from pipeline.domain import frames


def due(left: pl.DataFrame, closing: pl.DataFrame, settings: Settings) -> pl.DataFrame:
    """The ``line_id`` of those of ``left`` that are due for parking.

    ``left``: ``line_id, bank_account_no, day`` (booking date), ``closing_date`` (of the line's
    statement); ``closing``: ``bank_account_no, closing_date`` of all booked statements.
    """
    policy = settings.policy["park"]
    if policy == "never":
        return left.select("line_id").clear()
    if policy == "nightly":
        return left.select("line_id")
    last = closing.group_by("bank_account_no").agg(pl.col("closing_date").max().alias("last"))
    month_end = pl.max_horizontal("closing_date", pl.col("day").dt.month_end())
    over = left.join(last, on="bank_account_no", how="left", maintain_order="left")
    return over.filter(pl.col("last") >= month_end).select("line_id")


def open_days(left: pl.DataFrame, closed_through: dt.date | None) -> pl.DataFrame:
    """Those of ``left`` that are booked in an open period; in a closed one nothing is posted."""
    return left if closed_through is None else left.filter(pl.col("day") > closed_through)


def parked(lines: pl.DataFrame) -> tuple[pl.DataFrame, pl.DataFrame]:
    """``lines`` as proposals and rows that book each whole line to the clearing account."""
    rank = pl.lit(1, dtype=pl.Int64).alias("rank")
    heads = lines.select(
        "line_id", rank, pl.lit("none").alias("confidence"), pl.lit("parking").alias("rule")
    )
    rows = lines.select(
        "line_id", rank, rank.alias("seq"), pl.lit("gl").alias("target"),
        pl.lit("clearing").alias("gl_account"), pl.col("amount").alias("applied_amount"),
    )  # fmt: skip
    return frames.conform(heads, frames.PROPOSALS), frames.conform(rows, frames.PROPOSED)
