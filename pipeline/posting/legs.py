"""The two sides of a journal entry: bank or clearing against what the line settles."""

import polars as pl

from pipeline.config import Settings

_DIFFERENCE = {
    "tolerance": "tolerance",
    "rounding": "rounding",
    "bank_charge": "bank_charges",
    "write_off": "tolerance",
}
_NOBODY = [pl.lit("").alias(name) for name in ("party_type", "party_no", "bank_account_no")]
"""Of a leg that is no customer's or vendor's, nor on a bank account."""


def less_accounts(settings: Settings) -> tuple[pl.Expr, pl.Expr]:
    """The G/L accounts of a row's discount and of its difference."""
    granted, received = (settings.accounts[f"discount_{way}"] for way in ("granted", "received"))
    customer = pl.col("party_type") == "customer"
    discount = pl.when(customer).then(pl.lit(granted)).otherwise(pl.lit(received))
    accounts = {kind: settings.accounts[key] for kind, key in _DIFFERENCE.items()}
    return discount, pl.col("difference_kind").replace_strict(accounts, default="")


def fx_accounts(settings: Settings) -> tuple[pl.Expr, pl.Expr]:
    """The G/L accounts of what is realised: of a row's own, and of the earlier that it undoes."""
    gain, loss = (pl.lit(settings.accounts[f"fx_{way}"]) for way in ("gain", "loss"))
    own, back = pl.col("fx_company") - pl.col("fx_back"), pl.col("fx_back")
    return (
        pl.when(own > 0).then(loss).when(own < 0).then(gain).otherwise(pl.lit("-")),
        pl.when(back > 0).then(gain).when(back < 0).then(loss).otherwise(pl.lit("-")),
    )


def brought(rows: pl.DataFrame) -> pl.DataFrame:
    """``rows`` with ``brought_amount``: what each brings to its party, in ``entry_currency``.

    The currency of the entry, else that of the line; where they differ the line brings what the
    entry is settled by.
    """
    entry = pl.col("target") == "entry"
    return rows.with_columns(
        pl.col("entry_currency").fill_null(pl.col("currency")),
        pl.when(entry).then(brought_amount()).otherwise("applied_amount").alias("brought_amount"),
    )


def brought_amount() -> pl.Expr:
    """What an application of an entry brings to its party, in the entry's currency."""
    return pl.col("entry_amount") - pl.col("discount_amount") - pl.col("difference_amount")


def position(settings: Settings) -> pl.Expr:
    """The G/L account through which a row goes from its line's currency to its entry's; or "-"."""
    before, placed, after = settings.accounts["fx_position"].partition("{currency}")
    code = pl.col("entry_currency") if placed else pl.lit("")
    whole = pl.concat_str(pl.lit(before), code, pl.lit(after))
    exchanged = pl.col("entry_currency") != pl.col("currency")
    return pl.when(exchanged).then(whole).otherwise(pl.lit("-"))


def postings(
    base: pl.DataFrame, rows: pl.DataFrame, split: pl.DataFrame, settings: Settings
) -> pl.DataFrame:
    """The legs of each journal entry, one an account and party: minor units, debit positive.

    ``split`` are the shares of ``posting.taxes``: what they say goes to the tax, not the discount.
    Where ``rows`` have values, each leg has one; what is realised is a leg of 0 with a value.
    """
    released = pl.col("clearing_account").is_not_null()
    bank = base.select(
        "key", "currency", pl.coalesce("clearing_account", "gl_account").alias("account"), "amount",
        pl.lit("").alias("party_type"), pl.lit("").alias("party_no"),
        pl.when(released).then(pl.lit("")).otherwise("bank_account_no").alias("bank_account_no"),
    ).join(_brought(rows), on="key", how="left", maintain_order="left")  # fmt: skip
    party = pl.col("target").is_in(["entry", "on_account"])
    whole = pl.when(pl.col("target") == "entry").then("entry_amount").otherwise("applied_amount")
    carried = pl.col("target").is_in(["entry", "bank_entry"])
    value = pl.when(carried).then("entry_company").otherwise("applied_company")
    against = rows.select(
        "key", pl.col("entry_currency").alias("currency"), "account", (-whole).alias("amount"),
        pl.when(party).then("party_type").otherwise(pl.lit("")).alias("party_type"),
        pl.when(party).then("party_no").otherwise(pl.lit("")).alias("party_no"),
        pl.lit("").alias("bank_account_no"), (-value).alias("amount_company"),
    )  # fmt: skip
    discount, difference = less_accounts(settings)
    parts = [bank, against]
    for account, part in ((discount, "discount"), (difference, "difference")):
        parts += _given_up(rows, split.filter(pl.col("part") == part), account, part, bank.columns)
    parts += [*_realised(rows, settings, bank.columns), *_exchanged(rows, settings, bank.columns)]
    groups = ["key", "currency", "account", "party_type", "party_no", "bank_account_no"]
    # A pair that cancels goes from clearing to clearing: both legs stay.
    own_leg = [part.with_columns(pl.lit(n == 0).alias("leg")) for n, part in enumerate(parts)]
    value = pl.col("amount_company")
    summed = pl.concat(own_leg).group_by(*groups, "leg").agg(
        pl.col("amount").sum(), pl.when(~value.has_nulls()).then(value.sum())
    )  # fmt: skip
    order = ["key", "account", "party_type", "party_no", "bank_account_no", "leg"]
    return (
        summed.filter((pl.col("amount") != 0) | (value != 0))
        .sort(order)
        .with_columns(pl.int_range(1, pl.len() + 1, dtype=pl.Int64).over("key").alias("seq"))
        .drop("leg")
        .rename({"account": "gl_account"})
    )


def _given_up(
    rows: pl.DataFrame, split: pl.DataFrame, account: pl.Expr, part: str, columns: list[str]
) -> list[pl.DataFrame]:
    """What ``rows`` give up as a ``part``, and both sides of its shares of tax."""
    given = rows.filter(pl.col(f"{part}_amount") != 0)
    if given.is_empty():
        return []
    given = given.with_columns(
        account.alias("account"), pl.col(f"{part}_amount").alias("amount"),
        pl.col("entry_currency").alias("currency"),
        pl.col(f"{part}_company").alias("amount_company"), *_NOBODY,
    )  # fmt: skip
    whole = given.select(columns)
    if split.is_empty():
        return [whole]
    own, share = pl.col("gl_account").alias("account"), pl.col("tax_amount", "tax_company")
    both = {"tax_amount": "amount", "tax_company": "amount_company"}
    tax = split.join(given.drop("gl_account"), on=["key", "target_id"]).drop(both.values())
    return [
        whole,
        tax.with_columns(own, share).rename(both).select(columns),
        tax.with_columns(-share).rename(both).select(columns),
    ]


def _brought(rows: pl.DataFrame) -> pl.DataFrame:
    """``key, amount_company``: what the bank's side of each journal entry is worth."""
    value = pl.col("line_company")
    valued = rows.filter(value.is_not_null())
    return valued.group_by("key").agg(value.sum().alias("amount_company"))


def _realised(rows: pl.DataFrame, settings: Settings, columns: list[str]) -> list[pl.DataFrame]:
    """Exchange gains and losses of ``rows``, and those of before that they take back."""
    if rows["fx_company"].is_null().all() and rows["fx_back"].is_null().all():
        return []
    own, back = fx_accounts(settings)
    return [
        rows.filter(amount != 0).select(
            "key", pl.col("entry_currency").alias("currency"), account.alias("account"),
            pl.lit(0, pl.Int64).alias("amount"), amount.alias("amount_company"), *_NOBODY,
        ).select(columns)
        for account, amount in (
            (own, pl.col("fx_company") - pl.col("fx_back")), (back, pl.col("fx_back"))
        )
    ]  # fmt: skip


def _exchanged(rows: pl.DataFrame, settings: Settings, columns: list[str]) -> list[pl.DataFrame]:
    """Both sides of what goes from the line's currency to the entry's, so that each one balances.

    The position account is worth nothing by it. An entry in the company's own currency says what
    the line's side is worth; what that differs from its own value is realised.
    """
    crossed = rows.filter(pl.col("entry_currency") != pl.col("currency"))
    if crossed.is_empty():
        return []
    crossed = crossed.with_columns(position(settings).alias("account"), *_NOBODY)
    line = pl.col("line_company")
    worth = pl.coalesce("applied_company", pl.when(line.is_not_null()).then("brought_amount"))
    gain, loss = (pl.lit(settings.accounts[f"fx_{way}"]) for way in ("gain", "loss"))
    moved = crossed.with_columns(
        (-pl.col("applied_amount")).alias("amount"),
        pl.when(line.is_not_null()).then(-worth).alias("amount_company"),
    )
    back = crossed.with_columns(
        pl.col("entry_currency").alias("currency"),
        pl.col("brought_amount").alias("amount"),
        pl.col("applied_company").alias("amount_company"),
    )
    own = crossed.filter(pl.col("applied_company").is_null() & line.is_not_null())
    less = pl.col("brought_amount") - line
    left = own.group_by("key", "currency").agg(less.sum().alias("amount_company")).with_columns(
        pl.when(pl.col("amount_company") > 0).then(loss).otherwise(gain).alias("account"),
        pl.lit(0, pl.Int64).alias("amount"), *_NOBODY,
    )  # fmt: skip
    return [part.select(columns) for part in (moved, back, left)]
