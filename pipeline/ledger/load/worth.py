"""The worth of what is loaded in other currencies: as stated, else at the rate of its day."""

import polars as pl

from pipeline.config import Settings
from pipeline.domain import rates
from pipeline.ledger import company
from pipeline.ledger import values as stored
from pipeline.ledger.connection import Ledger


def at_the_rate(ledger: Ledger, settings: Settings, frame: pl.DataFrame, own: str) -> pl.DataFrame:
    """``frame`` (``currency, day, amount``) with ``rate, rate_date, start_company``.

    Minor units of the company's currency ``own``; null in it, and where no rate holds.
    """
    codes = [code for code in frame["currency"].unique() if code != own] if own else []
    names = {"rate": pl.String, "rate_date": pl.Date, "start_company": pl.Int64}
    if not codes:
        return frame.with_columns(pl.lit(None, dtype=k).alias(n) for n, k in names.items())
    dated = frame.with_columns(pl.col("day").cast(pl.String).str.to_date("%Y-%m-%d"))
    known = stored.rates(ledger, codes)
    found = rates.on_the_day(dated, known, settings.policy["rate_days"])
    rated = rates.with_factor(found, own)
    value = rates.worth(pl.col("amount"), pl.col("up"), pl.col("down"))
    other = pl.col("currency") != own
    return rated.with_columns(
        pl.when(other).then(value).alias("start_company"), pl.col("day").cast(pl.String)
    ).drop("up", "down")


def of_entries(ledger: Ledger, settings: Settings, table: pl.DataFrame) -> pl.DataFrame:
    """``table`` of new entries with ``start_company``, what the remaining amount is carried at.

    ``remaining_company`` as stated, else the share of ``amount_company``, else by the rate.
    """
    own = company.decided(ledger, settings)[0]
    priced = at_the_rate(
        ledger, settings,
        table.select("currency", pl.col("posting_date").alias("day"),
                     pl.col("remaining_amount").alias("amount")),
        own,
    )  # fmt: skip
    whole, of = pl.col("amount_company"), pl.col("amount")
    share = rates.share(whole, pl.col("remaining_amount"), of)
    stated = pl.when(pl.col("currency") != own).then(pl.coalesce("remaining_company", share))
    columns = priced.select("rate", pl.col("rate_date").cast(pl.String), "start_company")
    return pl.concat([table, columns], how="horizontal").with_columns(
        pl.coalesce(stated, "start_company").alias("start_company"),
        *[
            pl.when(stated.is_null()).then(name).fill_null("").alias(name)
            for name in ("rate", "rate_date")
        ],
    )


def settled(ledger: Ledger, found: pl.DataFrame) -> dict[int, int]:
    """By entry, by what its carried value falls when ``less`` of it is settled; those with one."""
    targets = found.select(pl.lit("entry").alias("target"), pl.col("id").alias("target_id"))
    carried = stored.carried(ledger, targets)
    joined = found.join(carried, left_on="id", right_on="target_id")
    upto = pl.col("used_amount") + pl.col("less")
    share = rates.share(pl.col("start_company"), upto, pl.col("start_amount"))
    return dict(joined.select("id", share - pl.col("used_company")).rows())


def of_one(
    ledger: Ledger, settings: Settings, currency: str, day: str, amount: int, own: str
) -> tuple[int | None, str, str]:
    """The worth of one amount, with the rate and its date; None and empty without."""
    frame = pl.DataFrame({"currency": [currency], "day": [day], "amount": [amount]})
    row = at_the_rate(ledger, settings, frame, own).row(0, named=True)
    return row["start_company"], row["rate"] or "", str(row["rate_date"] or "")
