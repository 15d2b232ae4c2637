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
    """``line_id, due``: those of ``left`` that are due for parking, and since what day.

    ``left``: ``line_id, bank_account_no, day`` (booking date), ``closing_date`` (of the line's
    statement); ``closing``: ``bank_account_no, closing_date`` of all booked statements. The day is
    that of the statement whose coming makes the line due.
    """
    policy = settings.policy["park"]
    if policy == "nightly":
        return left.select("line_id", pl.max_horizontal("closing_date", "day").alias("due"))
    if policy == "never":
        return left.select("line_id", pl.col("day").alias("due")).clear()
    over = left.with_columns(
        pl.max_horizontal("closing_date", pl.col("day").dt.month_end()).alias("month_end")
    )
    closings = closing.select("bank_account_no", pl.col("closing_date").alias("due")).unique()
    found = over.sort("month_end").join_asof(
        closings.sort("due"), left_on="month_end", right_on="due", by="bank_account_no",
        strategy="forward", check_sortedness=False,
    )  # fmt: skip
    return found.drop_nulls("due").select("line_id", "due").sort("line_id")


def stops(
    left: pl.DataFrame,
    due: pl.DataFrame,
    returns: pl.DataFrame,
    decided: dt.date | None,
) -> list[dt.date]:
    """Days to be done, parking included, before later lines of ``left`` are looked at; ascending.

    ``due`` as the function gives it, ``returns`` the ``line_id`` of lines by which the bank takes
    something back. Days before ``decided``, the last day that was looked at, are done.
    """
    taken_back = left.join(returns, on="line_id", how="semi")["day"]
    days = sorted({*due["due"], *taken_back})
    last = left["day"].max()
    return [day for day in days if day < last and (decided is None or day >= decided)]


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
