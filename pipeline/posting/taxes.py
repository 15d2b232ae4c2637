"""Discounts, tolerated shortfalls and write-offs, split over the taxes of what they lower.

Accounting rules, section 1: by gross share, the rest of a cent to the largest remainder. Bank
charges, fees, rounding and exchange differences are never split.
"""

from dataclasses import dataclass, field

import polars as pl

from pipeline.domain import frames

TAXED = ("tolerance", "write_off")
"""The kinds of difference that lower what is taxed."""
_PART = ["key", "target_id", "part"]
_KEYS = [*_PART, "tax_code", "rate", "gl_account"]
_SHARES = {"key": pl.String, "target_id": pl.Int64} | {
    name: frames.APPLICATION_TAXES[name]
    for name in ("part", "tax_code", "rate", "gl_account", "base_amount", "tax_amount")
}


@dataclass(frozen=True, slots=True)
class Taxes:
    """What the books say of taxes: of ``entries`` (``ENTRY_TAXES``), and what is ``applied``.

    ``applied`` holds the shares of applications that nothing undid yet (``APPLIED_TAXES``): who
    takes one back takes back its own shares, whatever the entry's taxes are by now.
    """

    entries: pl.DataFrame = field(default_factory=lambda: frames.empty(frames.ENTRY_TAXES))
    applied: pl.DataFrame = field(default_factory=lambda: frames.empty(frames.APPLIED_TAXES))


def shares(rows: pl.DataFrame, taxes: Taxes) -> pl.DataFrame:
    """What ``rows`` give up, by tax code; rows whose entry has no taxes have no shares.

    ``key, target_id, part, tax_code, rate, gl_account, base_amount, tax_amount``: ``part`` is
    discount or difference, the amounts are minor units with its sign.
    """
    if taxes.entries.is_empty() and taxes.applied.is_empty():
        return frames.empty(_SHARES)
    sides = taxes.entries.group_by("entry_id").agg(
        (pl.col("base_amount") + pl.col("tax_amount")).sum().sign().alias("side")
    )
    known = rows.filter(pl.col("target") == "entry").join(
        sides, left_on="target_id", right_on="entry_id", how="inner"
    )
    fresh = known.filter(pl.col("entry_amount").sign() == pl.col("side"))
    parts = _parts(fresh).join(taxes.entries, left_on="target_id", right_on="entry_id")
    return pl.concat([_split(parts), _taken_back(rows, taxes.applied)]).sort(*_KEYS[:4])


def given_up(rows: pl.DataFrame) -> pl.DataFrame:
    """The ``PROPOSED`` rows that give up, or take back, something of what may be taxed."""
    taxed = pl.col("difference_kind").is_in(TAXED)
    return rows.filter((pl.col("target") == "entry") & ((pl.col("discount_amount") != 0) | taxed))


def _parts(rows: pl.DataFrame) -> pl.DataFrame:
    """What is to be split: ``key, target_id, part, amount``."""
    taxed = pl.col("difference_kind").is_in(TAXED)
    discount = rows.select("key", "target_id", pl.lit("discount").alias("part"),
                           pl.col("discount_amount").alias("amount"))  # fmt: skip
    difference = rows.filter(taxed).select("key", "target_id", pl.lit("difference").alias("part"),
                                           pl.col("difference_amount").alias("amount"))  # fmt: skip
    return pl.concat([discount, difference]).filter(pl.col("amount") != 0)


def _split(parts: pl.DataFrame) -> pl.DataFrame:
    """Largest remainder over bases and taxes; ties by tax code, the base first."""
    weighed = parts.unpivot(
        ["base_amount", "tax_amount"], index=[*_KEYS, "amount"], variable_name="which",
        value_name="weight",
    )  # fmt: skip
    weight, whole = pl.col("weight").abs(), pl.col("weight").abs().sum().over(_PART)
    product = pl.col("amount").abs().cast(pl.Int128) * weight  # beyond 64 bits
    shared = weighed.filter(whole > 0).with_columns(
        (product // whole).cast(pl.Int64).alias("share"),
        (product % whole).cast(pl.Int64).alias("rest"),
    )
    down = [*[False] * len(_PART), True, False, False]
    shared = shared.sort(*_PART, "rest", "tax_code", "which", descending=down)
    left = pl.col("amount").abs() - pl.col("share").sum().over(_PART)
    more = (pl.int_range(pl.len()).over(_PART) < left).cast(pl.Int64)
    signed = (pl.col("share") + more) * pl.col("amount").sign()
    return (
        shared.with_columns(signed.alias("share"))
        .group_by(_KEYS)
        .agg(
            pl.col("share").filter(pl.col("which") == name).sum().alias(name)
            for name in ("base_amount", "tax_amount")
        )
    )


def _taken_back(rows: pl.DataFrame, applied: pl.DataFrame) -> pl.DataFrame:
    """The shares of the application that each row undoes, negated."""
    same = ("entry_amount", "discount_amount", "difference_amount")
    undone = given_up(rows).select("key", "target_id", *[-pl.col(name) for name in same]).join(
        applied, left_on=["target_id", *same], right_on=["entry_id", *same]
    )  # fmt: skip
    first = pl.col("application") == pl.col("application").min().over("key", "target_id", *same)
    return undone.filter(first).select(*_KEYS, -pl.col("base_amount", "tax_amount"))
