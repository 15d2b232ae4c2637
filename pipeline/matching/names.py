"""Damaged names: which known name is a written one like, found by its rarest four letters.

Only names that no key resolves come here. A name is compared with those that share two of its
rarest pieces, never with all; one that the bank cut also with the beginnings of those.
"""

import polars as pl

from pipeline.matching import payers
from pipeline.matching.doubles import a_slip_away
from pipeline.matching.form_ends import mended
from pipeline.matching.likeness import ratios, slips
from pipeline.matching.short_names import shortened
from pipeline.matching.text import FORMS, bare_words

_PIECE = 4
_RAREST = 6
_MOST_SHARE = 400
_LONGEST = 60
_ALIKE, _SURE, _MARGIN = 88.0, 92.0, 4.0
_SLIPS = 2
_SHORTEST_SURE, _LONG = 9, 18


def by_damaged_name(asked: pl.DataFrame, known: pl.DataFrame) -> pl.DataFrame:
    """``written, party_type, party_no, how`` for names that shorten one, or are like one.

    ``asked`` as ``payers.asked_names``, ``known`` as ``payers.known_names``.
    """
    short = shortened(asked, known)
    brief = short.filter(pl.col("how") == "brief").with_columns(pl.lit("close").alias("how"))
    short = short.filter(pl.col("how") != "brief")
    rest = asked.join(short.select("written"), on="written", how="anti")
    like = _damaged(mended(rest), known)
    whole = like.join(known, left_on="match", right_on="key", suffix="_known")
    sure = whole.filter(pl.col("sure") & ~_may_be_longer())
    doubled = pl.col("match").is_in(a_slip_away(sure["match"], known).implode())
    certain = pl.col("sure") & ~_may_be_longer() & ~doubled
    how = pl.when(certain).then(pl.lit("name")).otherwise(pl.lit("close"))
    found = whole.select("written", "party_type", "party_no", how.alias("how")).unique()
    brief = brief.join(found, on="written", how="anti")
    return pl.concat([found, short, brief])


def _may_be_longer() -> pl.Expr:
    """Did the bank cut a damaged name, too, or is its form another one than that on file?"""
    forms, known = pl.col("forms"), pl.col("forms_known")
    ends, ends_known = (
        pl.col(name).str.split(" ").list.last().is_in(FORMS) for name in ("words", "words_known")
    )
    turned = payers.wide() & (forms.list.len() > 0) & ~ends & ends_known
    against = (forms.list.len() > 0) & (known.list.len() > 0)
    against = against & (forms.list.set_intersection(known).list.len() == 0)
    return (payers.narrow() & (forms.list.len() == 0)) | turned | against


def _damaged(asked: pl.DataFrame, known: pl.DataFrame) -> pl.DataFrame:
    """``asked`` with ``match, sure``: the keys of known names that each is like, best score only.

    ``sure`` where the likeness is high, digits agree, and no other known name comes near it or is
    two slips away. Two slips make another first name of a short one: Petra Schmidt is not Peter.
    """
    pairs = _sharing(asked["key"].unique(), known["key"].unique())
    pairs = asked.join(pairs, on="key")
    scored = pairs.with_columns(ratios(pairs["key"], pairs["match"]), begun=pl.lit(False))
    best = pl.col("score").max().over("written")
    beginning = _by_beginning(scored.filter(pl.col("cut") & (best < _ALIKE)), known)
    scored = pl.concat([scored, beginning])
    digits = pl.col("key").str.extract_all("[0-9]") == pl.col("match").str.extract_all("[0-9]")
    apart = slips(scored["key"], scored["match"], most=_SLIPS)
    scored = scored.with_columns((apart <= _SLIPS).alias("close"), (apart <= 1).alias("once"))
    rivals = (pl.col("close") & digits).sum().over("written") - (pl.col("close") & digits)
    alike = scored.with_columns(rivals.alias("rivals"))
    alike = alike.filter((pl.col("score") >= _ALIKE) & digits)
    near = alike.filter(pl.col("score") >= best - _MARGIN)
    alone = (pl.len().over("written") == 1) & (pl.col("rivals") == 0)
    long = pl.col("key").str.len_chars() >= _SHORTEST_SURE
    few = pl.col("once") | (pl.col("key").str.len_chars() >= _LONG)
    sure = alone & long & few & ~pl.col("begun") & (pl.col("score") >= _SURE)
    return near.with_columns(sure.alias("sure")).select(*asked.columns, "match", "sure")


def _by_beginning(pairs: pl.DataFrame, known: pl.DataFrame) -> pl.DataFrame:
    """``pairs`` scored by the words in their order, the known name as far as the cut one goes."""
    own = bare_words(pl.col("words")).list.join(" ")
    named = known.join(pairs, left_on="key", right_on="match", how="semi")
    starts = named.select(pl.col("key").alias("match"), own.alias("own")).unique()
    both = pairs.with_columns(own.alias("said")).join(starts, on="match")
    begun = both["own"].str.head(both["said"].str.len_chars())
    scored = both.with_columns(ratios(both["said"], begun), begun=pl.lit(True))
    return scored.select(*pairs.columns).unique()


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
