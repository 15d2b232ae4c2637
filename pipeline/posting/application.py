"""Application: money that is open with a party settles a document, as a payment would have."""

import datetime as dt
from dataclasses import replace
from typing import Any

import polars as pl

from pipeline.config import Settings
from pipeline.domain import rates, values
from pipeline.posting.journal import Journal
from pipeline.posting.legs import less_accounts
from pipeline.posting.taxes import Taxes, shares
from pipeline.posting.unapplication import AMOUNTS, taken_back

Row = dict[str, Any]


def apply(
    applied: pl.DataFrame, taxes: Taxes, day: dt.date, reason: str, settings: Settings
) -> Journal:
    """The journal by which money that is open with a party settles ``applied`` (``APPLIED``).

    One row, as its un-application would find it: ``payment_id`` is the money, ``line_id`` the line
    that brought it, null where a load did; ``key`` and ``seq`` tell it from all others. The journal
    is the negation of what would take it back. ``refused`` where an account is not set.
    """
    rows = applied.with_columns(
        pl.lit("").alias("key"), pl.lit("entry").alias("target"),
        pl.col("entry_id").alias("target_id"),
    )  # fmt: skip
    split = shares(rows, taxes).with_columns(pl.lit(0, dtype=pl.Int64).alias("application"))
    (row,) = applied.to_dicts()
    said = f"apply|{row['key']}/{row['seq']}"
    made = taken_back(said, "application", applied, split.drop("key", "target_id"), day, reason,
                      settings)  # fmt: skip
    names = {*AMOUNTS, "base_amount", "tax_amount", "amount", "amount_company", *values.PARTS}

    def negated(frame: pl.DataFrame) -> pl.DataFrame:
        return frame.with_columns(-pl.col(name) for name in frame.columns if name in names)

    unset = rows.select("line_id").filter(_without_account(rows, split, settings))
    return replace(
        made, postings=negated(made.postings), applications=negated(made.applications),
        taxes=negated(made.taxes),
        values=replace(made.values, applications=negated(made.values.applications)),
        refused=unset.with_columns(pl.lit("account_not_set").alias("reason")),
    )  # fmt: skip


def _without_account(rows: pl.DataFrame, split: pl.DataFrame, settings: Settings) -> bool:
    discount, difference = less_accounts(settings)
    given = ((pl.col("discount_amount") != 0) & (discount == "")) | (
        (pl.col("difference_amount") != 0) & (difference == "")
    )
    taxed = (pl.col("tax_amount") != 0) & (pl.col("gl_account") == "")
    realised = rows["fx_company"].fill_null(0)[0]
    fx = realised != 0 and not settings.accounts["fx_loss" if realised > 0 else "fx_gain"]
    return bool(rows.select(given.any()).item() or split.select(taxed.any()).item() or fx)


def applied_values(row: Row, carried: pl.DataFrame) -> Row:
    """``values.PARTS`` of an application (``APPLIED``) of what is ``carried`` (``CARRIED``).

    Both leave the books at what they are carried at; what they differ by is realised.
    """
    known = {one["target_id"]: one for one in carried.to_dicts()}
    entry = _falls(known[row["entry_id"]], row["entry_amount"])
    applied = -_falls(known[row["payment_id"]], -row["applied_amount"])
    given = {
        f"{part}_company": _share(applied, row[f"{part}_amount"], row["applied_amount"])
        for part in ("discount", "difference")
    }
    return {"entry_company": entry, "applied_company": applied, **given,
            "fx_company": entry - applied - sum(given.values())}  # fmt: skip


def _falls(one: Row, amount: int) -> int:
    """What an entry is carried at falls by, by all that was applied so far, ``amount`` with it."""
    upto = _share(one["start_company"], one["used_amount"] + amount, one["start_amount"])
    return upto - int(one["used_company"])


def _share(whole: int, part: int, of: int) -> int:
    found = pl.select(rates.share(pl.lit(whole), pl.lit(part), pl.lit(of)))
    return int(found.item())
