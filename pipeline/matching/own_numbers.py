"""The payer's own number in a text, where a document of another party has the same number.

Customers and invoices often count through the same digits. Where account or name tell the party of
a number too, the number is the customer's and names no document, unless it is the amount of one.
"""

import polars as pl

from pipeline.matching.text import plain

_WHO = ["party_type", "party_no"]
_NEVER = pl.lit(False)


def told(lines: pl.DataFrame, sure: pl.DataFrame) -> pl.DataFrame:
    """``line_id, own, number, paid``: numbers of payers in ``sure`` whom account or name tell too.

    ``own`` is the party's number as in the books, ``number`` as a word, ``paid`` the line's amount.
    """
    others = sure.filter(pl.col("how").is_in(["account", "name"]))
    twice = sure.filter(pl.col("how") == "number")
    twice = twice.join(others, on=["line_id", *_WHO], how="semi")
    own = twice.select("line_id", pl.col("party_no").alias("own"))
    paid = lines.select("line_id", pl.col("amount").alias("paid"))
    return own.with_columns(plain(pl.col("own")).alias("number")).join(paid, on="line_id")


def is_paid() -> pl.Expr:
    """Is the line's amount that of the open document, whole or less its discount?"""
    net = pl.col("amount") - pl.col("discount_amount")
    return (pl.col("paid") == pl.col("amount")) | (pl.col("paid") == net)


def without(
    hits: pl.DataFrame, hit: pl.DataFrame, theirs: pl.DataFrame, unless: pl.Expr = _NEVER
) -> pl.DataFrame:
    """``hits`` (``line_id, entry_id``) less those on documents of others by the payer's own number.

    ``hit`` are the entries of them, ``theirs`` as ``told`` gives it; ``unless`` says what stays.
    """
    both = hits.join(theirs, on="line_id").join(hit, on="entry_id")
    number, digits = pl.col("number"), pl.col("document_no").str.extract_all("[0-9]+")
    same = plain(pl.col("document_no")) == number
    same = same | (digits.list.last() == number) | (digits.list.join("") == number)
    another = pl.col("party_no") != pl.col("own")
    own = both.filter(same & another & ~unless)
    return hits.join(own, on=["line_id", "entry_id"], how="anti")
