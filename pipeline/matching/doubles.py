"""Names so like another party's that a slip leads from one to the other.

Where the name that a damaged or shortened one seems to mean has a double, nobody is told for sure.
"""

from collections.abc import Callable

import polars as pl

from pipeline.matching.likeness import ratios, slips

_SHARED = 3
_DOUBLE = 85.0


def alike(keys: pl.Series, known: pl.DataFrame) -> pl.Series:
    """Those of ``keys`` (of ``payers.known_names``) that a name of another party is like.

    All words start or all end alike; like is also a longer name that holds all words.
    """
    pairs, wanted = _others(keys, known)
    near = pairs.filter(ratios(pairs["key"], pairs["key_other"]) >= _DOUBLE)["key"]
    return pl.concat([near, _within_longer(wanted, known)["key"]]).unique()


def a_slip_away(keys: pl.Series, known: pl.DataFrame) -> pl.Series:
    """Those of ``keys`` (as in ``alike``) that one slip or more words make a name of another party.

    A damaged name keeps more of itself than a shortened one.
    """
    pairs, wanted = _others(keys, known)
    near = pairs.filter(slips(pairs["key"], pairs["key_other"], most=1) <= 1)["key"]
    return pl.concat([near, _within_longer(wanted, known)["key"]]).unique()


def _others(keys: pl.Series, known: pl.DataFrame) -> tuple[pl.DataFrame, pl.DataFrame]:
    """``key, key_other``: names of other parties all of whose words start, or all end, alike.

    And the owners of ``keys`` as ``key, who``.
    """
    owners = known.select("key", pl.struct("party_type", "party_no").alias("who"))
    wanted = owners.filter(pl.col("key").is_in(keys.unique().implode()))
    pairs = [
        _sharing(wanted, owners, lambda text: text.str.head(_SHARED)),
        _sharing(wanted, owners, lambda text: text.str.tail(_SHARED)),
    ]
    return pl.concat(pairs).unique(), wanted


def _sharing(
    wanted: pl.DataFrame, owners: pl.DataFrame, part: Callable[[pl.Expr], pl.Expr]
) -> pl.DataFrame:
    """``key, key_other`` of different owners where the same ``part`` of each word is equal."""
    parts = pl.col("key").str.split(" ").list.eval(part(pl.element())).list.join(" ")
    asked = wanted.with_columns(part(pl.col("key")).alias("part"), parts.alias("parts"))
    near = owners.with_columns(part(pl.col("key")).alias("part"))
    near = near.join(asked, on="part", how="semi").with_columns(parts.alias("parts"))
    pairs = asked.join(near, on="parts", suffix="_other")
    return pairs.filter(pl.col("who") != pl.col("who_other")).select("key", "key_other")


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
