"""Numbers that only a known payer makes readable: the last digits of one, or one with a slip.

Searched among the open entries of the parties that the line points to, and only for lines that
name nothing in full. A word that is a number of the books by itself is no slip of another.
"""

import polars as pl
from rapidfuzz import process
from rapidfuzz.distance import OSA

_WHO = ["party_type", "party_no"]
_SHORTEST_END = 3
_SHORTEST_SLIP = 5
_MOST_ENTRIES = 400
NEAR = ["line_id", "entry_id"]


def near(
    lines: pl.DataFrame,
    found: pl.DataFrame,
    payers: pl.DataFrame,
    entries: pl.DataFrame,
    books: list[pl.DataFrame],
) -> pl.DataFrame:
    """``line_id, entry_id`` of entries whose number ends as a word of the line, or nearly is it.

    ``lines`` those to look at, ``found`` their tokens, ``payers`` the parties they point to,
    ``books`` frames of entries whose numbers are no slips. Only hits that the amount confirms.
    """
    asked = payers.join(lines.select("line_id"), on="line_id", how="semi").select("line_id", *_WHO)
    numbers = _numbers(entries.join(asked, on=_WHO, how="semi"))
    words = found.filter(~pl.col("is_date")).select("line_id", "token").unique()
    words = words.join(asked.select("line_id").unique(), on="line_id", how="semi")
    pairs = asked.unique().join(numbers, on=_WHO).join(words, on="line_id")
    ends = pairs.filter(_is_end())
    slips = _slips(pairs.join(_known(words, books), on="token", how="anti"))
    hits = pl.concat([ends, slips]).join(lines.select("line_id", "amount"), on="line_id")
    return _paid(hits).select(NEAR).unique().sort(NEAR)


def _paid(hits: pl.DataFrame) -> pl.DataFrame:
    """Hits that the amount confirms: one entry that it pays, else all entries of a party."""
    remaining, amount = pl.col("remaining_amount"), pl.col("amount")
    net = remaining - pl.col("discount_amount")
    one = hits.filter((remaining == amount) | (net == amount))
    rest = hits.join(one, on="line_id", how="anti").unique(["line_id", "entry_id"])
    party = ["line_id", *_WHO]
    whole = (remaining.sum().over(party) == amount) | (net.sum().over(party) == amount)
    return pl.concat([one.select(NEAR), rest.filter(whole).select(NEAR)])


def _numbers(entries: pl.DataFrame) -> pl.DataFrame:
    """``number, digits`` of the document and the external number of entries, with their party."""
    few = entries.filter(pl.len().over(_WHO) <= _MOST_ENTRIES)
    columns = ["entry_id", *_WHO, "remaining_amount", "discount_amount"]
    both = pl.concat(
        [few.select(*columns, pl.col(name).alias("number"))
         for name in ("document_no", "external_document_no")]
    )  # fmt: skip
    upper = pl.col("number").str.to_uppercase()
    keyed = both.with_columns(
        upper.str.replace_all(r"[^A-Z0-9]", "").alias("number"),
        upper.str.replace_all(r"[^0-9]", "").alias("digits"),
    )
    return keyed.filter(pl.col("digits").str.len_chars() >= _SHORTEST_END)


def _is_end() -> pl.Expr:
    token = pl.col("token")
    number = token.str.contains(rf"^[0-9]{{{_SHORTEST_END},}}$")
    return number & pl.col("digits").str.ends_with(token)


def _known(words: pl.DataFrame, books: list[pl.DataFrame]) -> pl.DataFrame:
    """The words that are numbers or references of the books."""
    keys = [
        entries.select(
            pl.col(column).str.to_uppercase().str.replace_all(r"[^A-Z0-9]", "").alias("token")
        ).join(words.select("token").unique(), on="token", how="semi")
        for entries in books
        for column in ("document_no", "external_document_no", "payment_reference")
    ]
    return pl.concat(keys).unique()


def _slips(pairs: pl.DataFrame) -> pl.DataFrame:
    """Pairs that differ by one digit, or by two neighbours in the wrong order."""
    token, whole = pl.col("token"), pl.col("token").str.contains(r"[A-Z]")
    number = pl.when(whole).then("number").otherwise("digits")
    near = pairs.with_columns(number.alias("whole")).filter(
        (token.str.len_chars() >= _SHORTEST_SLIP)
        & (token.str.len_chars().cast(pl.Int64) - pl.col("whole").str.len_chars().cast(pl.Int64))
        .abs()
        .le(1)
    )
    half = near.filter(
        (token.str.head(3) == pl.col("whole").str.head(3))
        | (token.str.tail(3) == pl.col("whole").str.tail(3))
    )
    distance = process.cpdist(
        half["token"].to_list(), half["whole"].to_list(), scorer=OSA.distance, score_cutoff=1
    )
    slip = pl.Series("distance", distance, dtype=pl.Int64) == 1
    return half.filter(slip).drop("whole")
