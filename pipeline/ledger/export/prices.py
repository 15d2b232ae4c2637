"""What postings in other currencies are worth, as the plain-text programs write it.

A valuation that was posted later is written with what it values, since these programs know a value
only as the price of an amount; what it realised is a posting in the company's currency.
"""

import polars as pl

from pipeline.domain.decimals import decimals
from pipeline.ledger.connection import Ledger

LATER = "SELECT v.journal_entry_no FROM valuation v WHERE v.values_no <> v.journal_entry_no"
"""Journal entries that give a value to another one."""
_LEGS = (
    "SELECT v.values_no, p.gl_account, p.party_type, p.party_no, p.bank_account_no AS owner,"
    " p.amount_company AS value FROM valuation v JOIN posting p ON p.journal_entry_no ="
    " v.journal_entry_no WHERE v.values_no <> v.journal_entry_no ORDER BY v.values_no,"
    " p.gl_account, p.amount_company"
)
_BY = ["no", "gl_account", "party_type", "party_no", "owner", "side"]


def with_later(ledger: Ledger, postings: pl.DataFrame) -> pl.DataFrame:
    """``postings`` with the values (``amount_company``) that were posted later."""
    names = {"no": pl.Int64, **dict.fromkeys(_BY[1:5], pl.String), "value": pl.Int64}
    legs = ledger.frame(_LEGS, names).with_columns(pl.col("value").sign().alias("side"))
    if legs.is_empty():
        return postings
    own = postings.with_columns(pl.col("amount").sign().alias("side"))
    valued = own.join(legs, on=_BY, how="left", maintain_order="left").with_columns(
        pl.when(pl.col("no").is_in(legs["no"].unique().implode()))
        .then(pl.coalesce("value", 0)).otherwise("amount_company").alias("amount_company")
    )  # fmt: skip
    realised = legs.join(own, on=_BY, how="anti")
    heads = own.unique("no", keep="first", maintain_order=True).drop(*_BY[1:], "amount_company")
    more = realised.rename({"value": "amount_company"}).join(heads, on="no").with_columns(
        pl.lit(0, dtype=pl.Int64).alias("amount"),
        (1000 + pl.int_range(pl.len(), dtype=pl.Int64).over("no")).alias("seq"),
    )  # fmt: skip
    return pl.concat([valued.select(postings.columns), more.select(postings.columns)])


def priced(postings: pl.DataFrame, company: str) -> pl.DataFrame:
    """``postings`` with ``amount`` as text and ``price``, which is empty where there is none.

    What moves a value alone is an amount in the ``company`` currency.
    """
    alone = pl.col("amount") == 0
    known = postings.with_columns(
        pl.lit(company).alias("company"), pl.col("amount_company").abs().alias("size")
    )
    texts = known.select(
        decimals(known, "amount", "currency").alias("own"),
        decimals(known, "amount_company", "company").alias("value"),
        decimals(known, "size", "company").alias("size"),
    )
    price = pl.format(" @@ {} {}", texts["size"], pl.lit(company))
    bare = alone | pl.col("amount_company").is_null()
    return postings.with_columns(
        pl.when(alone).then(texts["value"]).otherwise(texts["own"]).alias("amount"),
        pl.when(alone).then(pl.lit(company)).otherwise("currency").alias("currency"),
        pl.when(bare).then(pl.lit("")).otherwise(price).alias("price"),
    )
