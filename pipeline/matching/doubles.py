"""Names so like another party's that a slip leads from one to the other.

What is damaged or shortened tells nobody where the name that it seems to mean has such a double.
Names are compared with those that share two of their rarest pieces of four letters, never with all.
"""

import polars as pl
from rapidfuzz import fuzz, process

_PIECE = 4
_RAREST = 6
_RAREST_OF_OTHERS = 12
_MOST_SHARE = 400
_LONGEST = 60
_DOUBLE = 85.0


def with_doubles(keys: pl.Series, known: pl.DataFrame) -> pl.Series:
    """Those of ``keys`` of ``known`` names (``payers.known_names``) that another party's is like.

    Like is also a longer name that holds all words.
    """
    who = pl.struct("party_type", "party_no").alias("who")
    owners = known.select("key", who).unique()
    wanted = owners.filter(pl.col("key").is_in(keys.unique().implode()))
    names = known["key"].unique().sort()
    near = sharing(wanted["key"].unique().sort(), names, rarest=_RAREST_OF_OTHERS, least=2)
    pairs = wanted.join(near, on="key").join(
        owners, left_on="match", right_on="key", suffix="_other"
    )
    pairs = pairs.filter(pl.col("who") != pl.col("who_other"))
    score = process.cpdist(pairs["key"].to_list(), pairs["match"].to_list(), scorer=fuzz.ratio)
    alike = pairs.filter(pl.Series(score, dtype=pl.Float64) >= _DOUBLE)
    return pl.concat([alike["key"], _within_longer(wanted, known)["key"]]).unique()


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


def sharing(
    asked: pl.Series, known: pl.Series, *, rarest: int = _RAREST, least: int = 1
) -> pl.DataFrame:
    """``key, match``: pairs that share two of the ``rarest`` pieces of the asked name.

    A piece counts that ``least`` known names have: 2 where the asked ones are among them.
    """
    pieces = _pieces(asked, "key").unique()
    wanted = pieces.select("piece").unique()
    books = _pieces(known, "match", wanted)
    frequency = books.group_by("piece").len()
    frequency = frequency.filter(pl.col("len").is_between(least, _MOST_SHARE))
    rare = (
        pieces.join(frequency, on="piece")
        .sort("key", "len", "piece")
        .group_by("key", maintain_order=True)
        .head(rarest)
    )
    pairs = rare.select("key", "piece").join(books, on="piece")
    shared = pairs.group_by("key", "match").agg(pl.col("piece").n_unique())
    return shared.filter(pl.col("piece") >= 2).select("key", "match").sort("key", "match")


def _pieces(names: pl.Series, column: str, wanted: pl.DataFrame | None = None) -> pl.DataFrame:
    """``column, piece``: all pieces of the names, or those that are wanted."""
    frame = pl.DataFrame({column: names}, schema={column: pl.String})
    frame = frame.with_columns(pl.col(column).str.len_chars().alias("length"))
    longest = min(int(frame["length"].max() or 0), _LONGEST)  # type: ignore[arg-type]
    found = [pl.DataFrame(schema={column: pl.String, "piece": pl.String})]
    for start in range(longest - _PIECE + 1):
        slices = frame.filter(pl.col("length") >= start + _PIECE).select(
            column, pl.col(column).str.slice(start, _PIECE).alias("piece")
        )
        found.append(slices if wanted is None else slices.join(wanted, on="piece", how="semi"))
    return pl.concat(found)
