"""Names so like another party's that a slip leads from one to the other.

Where the name that a damaged or shortened one seems to mean has a double, nobody is told for sure.
"""

import polars as pl
from rapidfuzz import fuzz, process

_START = 3
_DOUBLE = 85.0


def with_doubles(keys: pl.Series, known: pl.DataFrame) -> pl.DataFrame:
    """``key``: those of ``keys`` (of ``payers.known_names``) that a name of another party is like.

    Each word starts alike; like is also a longer name that holds all words.
    """
    who = pl.struct("party_type", "party_no").alias("who")
    first = keys.str.head(_START).unique()
    near = known.filter(pl.col("key").str.head(_START).is_in(first.implode()))
    starts = pl.col("key").str.split(" ").list.eval(pl.element().str.head(_START)).list.join(" ")
    owners = near.select("key", who, starts.alias("starts"))
    wanted = owners.filter(pl.col("key").is_in(keys.unique().implode()))
    pairs = wanted.join(owners, on="starts", suffix="_other").filter(
        pl.col("who") != pl.col("who_other")
    )
    score = process.cpdist(pairs["key"].to_list(), pairs["key_other"].to_list(), scorer=fuzz.ratio)
    alike = pairs.filter(pl.Series(score, dtype=pl.Float64) >= _DOUBLE).select("key")
    return pl.concat([alike, _within_longer(wanted, known)]).unique()


def _within_longer(wanted: pl.DataFrame, known: pl.DataFrame) -> pl.DataFrame:
    """``key``: those of ``wanted`` (``key, who``) all of whose words another party's name has."""
    words = pl.col("key").str.split(" ").alias("words")
    by_length = pl.element().sort_by(pl.element().str.len_chars(), pl.element())
    asked = wanted.select("key", "who", words, words.list.eval(by_length).list.last().alias("word"))
    others = known.select(pl.struct("party_type", "party_no").alias("other"), words.alias("more"))
    others = others.with_columns(pl.col("more").alias("word")).explode("word", empty_as_null=True)
    pairs = asked.join(others, on="word").filter(pl.col("who") != pl.col("other"))
    held = pl.col("words").list.set_difference("more").list.len() == 0
    return pairs.filter(held).select("key")
