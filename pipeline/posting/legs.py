"""The two sides of a journal entry: bank or clearing against what the line settles."""

import polars as pl

from pipeline.config import Settings

_DIFFERENCE = {
    "tolerance": "tolerance",
    "rounding": "rounding",
    "bank_charge": "bank_charges",
    "write_off": "tolerance",
}


def less_accounts(settings: Settings) -> tuple[pl.Expr, pl.Expr]:
    """The G/L accounts of a row's discount and of its difference."""
    granted, received = (settings.accounts[f"discount_{way}"] for way in ("granted", "received"))
    customer = pl.col("party_type") == "customer"
    discount = pl.when(customer).then(pl.lit(granted)).otherwise(pl.lit(received))
    accounts = {kind: settings.accounts[key] for kind, key in _DIFFERENCE.items()}
    return discount, pl.col("difference_kind").replace_strict(accounts, default="")


def postings(
    base: pl.DataFrame, rows: pl.DataFrame, split: pl.DataFrame, settings: Settings
) -> pl.DataFrame:
    """The legs of each journal entry, one an account and party: minor units, debit positive.

    ``split`` are the shares of ``posting.taxes``: what they say goes to the tax, not the discount.
    """
    released = pl.col("clearing_account").is_not_null()
    bank = base.select(
        "key", "currency", pl.coalesce("clearing_account", "gl_account").alias("account"), "amount",
        pl.lit("").alias("party_type"), pl.lit("").alias("party_no"),
        pl.when(released).then(pl.lit("")).otherwise("bank_account_no").alias("bank_account_no"),
    )  # fmt: skip
    party = pl.col("target").is_in(["entry", "on_account"])
    whole = pl.when(pl.col("target") == "entry").then("entry_amount").otherwise("applied_amount")
    against = rows.select(
        "key", "currency", "account", (-whole).alias("amount"),
        pl.when(party).then("party_type").otherwise(pl.lit("")).alias("party_type"),
        pl.when(party).then("party_no").otherwise(pl.lit("")).alias("party_no"),
        pl.lit("").alias("bank_account_no"),
    )  # fmt: skip
    discount, difference = less_accounts(settings)
    parts = [bank, against]
    nobody = [pl.lit("").alias(name) for name in ("party_type", "party_no", "bank_account_no")]
    for account, amount in ((discount, "discount_amount"), (difference, "difference_amount")):
        given = rows.filter(pl.col(amount) != 0).with_columns(
            account.alias("account"), pl.col(amount).alias("amount"), *nobody
        )
        tax = split.filter(pl.col("part") + "_amount" == amount).join(
            given.drop("gl_account"), on=["key", "target_id"]
        )
        own, share = pl.col("gl_account").alias("account"), pl.col("tax_amount")
        parts += [
            given.select(bank.columns),
            tax.with_columns(own, share.alias("amount")).select(bank.columns),
            tax.with_columns((-share).alias("amount")).select(bank.columns),
        ]
    groups = ["key", "currency", "account", "party_type", "party_no", "bank_account_no"]
    # A pair that cancels goes from clearing to clearing: both legs stay.
    own_leg = [part.with_columns(pl.lit(n == 0).alias("leg")) for n, part in enumerate(parts)]
    summed = pl.concat(own_leg).group_by(*groups, "leg").agg(pl.col("amount").sum())
    order = ["key", "account", "party_type", "party_no", "bank_account_no", "leg"]
    return (
        summed.filter(pl.col("amount") != 0)
        .sort(order)
        .with_columns(pl.int_range(1, pl.len() + 1, dtype=pl.Int64).over("key").alias("seq"))
        .drop("leg")
        .rename({"account": "gl_account"})
    )
