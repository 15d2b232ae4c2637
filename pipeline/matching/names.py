"""Damaged names: which known name is a written one like, found by its rarest four letters.

Only names that no key resolves come here. A name is compared with those that share two of its
rarest pieces, never with all.
"""

import polars as pl
from rapidfuzz import fuzz, process

_PIECE = 4
_RAREST = 6
_MOST_SHARE = 400
_LONGEST = 60
_ALIKE, _SURE, _MARGIN = 88.0, 92.0, 4.0
_SHORTEST_SURE = 9


def damaged(asked: pl.Series, known: pl.Series) -> pl.DataFrame:
    """``key, match, sure``: the known names that each asked one is like, best score only.

    ``sure`` where the likeness is high, no other known name comes near it and digits agree.
    """
    schema = {"key": pl.String, "match": pl.String, "sure": pl.Boolean}
    pairs = _sharing(asked, known)
    if pairs.is_empty():
        return pl.DataFrame(schema=schema)
    score = process.cpdist(pairs["key"].to_list(), pairs["match"].to_list(), scorer=fuzz.ratio)
    digits = pl.col("key").str.extract_all("[0-9]") == pl.col("match").str.extract_all("[0-9]")
    alike = pairs.with_columns(pl.Series("score", score, dtype=pl.Float64)).filter(
        (pl.col("score") >= _ALIKE) & digits
    )
    best = pl.col("score").max().over("key")
    near = alike.filter(pl.col("score") >= best - _MARGIN)
    alone = pl.len().over("key") == 1
    long = pl.col("key").str.len_chars() >= _SHORTEST_SURE
    sure = alone & long & (pl.col("score") >= _SURE)
    return near.select("key", "match", sure.alias("sure")).sort("key", "match")


def _sharing(asked: pl.Series, known: pl.Series) -> pl.DataFrame:
    """``key, match``: pairs that share two of the rarest pieces of the asked name."""
    pieces = _pieces(asked, "key").unique()
    wanted = pieces.select("piece").unique()
    books = _pieces(known, "match", wanted)
    frequency = books.group_by("piece").len().filter(pl.col("len") <= _MOST_SHARE)
    rarest = (
        pieces.join(frequency, on="piece")
        .sort("key", "len", "piece")
        .group_by("key", maintain_order=True)
        .head(_RAREST)
    )
    pairs = rarest.select("key", "piece").join(books, on="piece")
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
