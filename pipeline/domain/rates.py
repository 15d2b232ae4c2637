"""Exchange rates: the one that holds on a day, and what an amount is worth at it.

A rate is units of a currency for one unit of the company's. Amounts are whole minor units before
and after; half a unit goes away from zero, so that what is taken back is worth as much.
"""

from fractions import Fraction

import polars as pl

from pipeline.domain.money import exponent

_WHOLE = pl.Int128
"""An amount times the digits of a rate is beyond 64 bits."""


def on_the_day(frame: pl.DataFrame, rates: pl.DataFrame, age: int) -> pl.DataFrame:
    """``frame`` (``currency, day``) with ``rate, rate_date``; null where there is none.

    The latest of ``rates`` (``frames.RATES``) on or before the day, no more than ``age`` days old.
    """
    known = rates.select("currency", "rate", pl.col("date").alias("rate_date"))
    order = pl.int_range(pl.len(), dtype=pl.Int64).alias("_place")
    found = frame.with_columns(order).sort("day").join_asof(
        known.sort("rate_date"), left_on="day", right_on="rate_date", by="currency",
        strategy="backward", tolerance=f"{age}d", check_sortedness=False, coalesce=False,
    )  # fmt: skip
    return found.sort("_place").drop("_place")


def with_factor(frame: pl.DataFrame, company: str) -> pl.DataFrame:
    """``frame`` (``currency, rate``) with ``up, down``: minor units times up by down is a worth.

    Null where there is no rate.
    """
    said = frame.select("currency", "rate").unique().drop_nulls().sort("currency", "rate")
    factors = [_factor(code, rate, company) for code, rate in said.rows()]
    known = said.with_columns(
        pl.Series("up", [one.numerator for one in factors], dtype=_WHOLE),
        pl.Series("down", [one.denominator for one in factors], dtype=_WHOLE),
    )
    return frame.join(known, on=["currency", "rate"], how="left", maintain_order="left")


def _factor(currency: str, rate: str, company: str) -> Fraction:
    digits = Fraction(10) ** (exponent(company) - exponent(currency))
    return digits / Fraction(rate)


def worth(amount: pl.Expr, up: pl.Expr, down: pl.Expr) -> pl.Expr:
    """Minor units of the company's currency for ``amount``, of another; half away from zero."""
    size = (amount.abs().cast(_WHOLE) * up * 2 + down) // (down * 2)
    return size.cast(pl.Int64) * amount.sign()


def share(whole: pl.Expr, part: pl.Expr, of: pl.Expr) -> pl.Expr:
    """``whole`` times ``part`` by ``of`` (of one sign), half away from zero."""
    size = whole.abs().cast(_WHOLE) * part.abs().cast(_WHOLE)
    by = of.abs().cast(_WHOLE)
    found = (size * 2 + by) // (by * 2)
    return found.cast(pl.Int64) * whole.sign()
