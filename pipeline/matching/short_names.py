"""Shortened names: "Met.bau" for Metallbau, "El." for Elektro, SVCS for Services.

Only names that no key resolves come here. One word at least must stand as it is in the books and
be rare there; every other one must shorten its counterpart, word by word; no other party may fit,
none may have a name like the one that is meant or a longer one.
"""

import polars as pl

from pipeline.matching.doubles import alike
from pipeline.matching.form_ends import mended
from pipeline.matching.text import bare_words, folded

_LONG_WORD, _WORD = 6, 4
_SHORTEST = 2
_LEFT_OUT = 2
_MOST_SHARE = 20
_DOT = r"\.(\p{L})"


def shortened(asked: pl.DataFrame, known: pl.DataFrame) -> pl.DataFrame:
    """``written, party_type, party_no, how``: the one party whose name each asked one shortens.

    ``how`` is name; close where a name of another party is like the one that is meant; brief where
    the word that stands as it is is short.
    """
    undotted = folded(pl.col("written").str.replace_all(_DOT, "$1"))
    names = mended(asked.select("written", undotted.alias("words"))).with_columns(_said())
    names = names.select("written", "said", "forms")
    pairs = _sharing(names, known)
    fits = [
        _shortens(short, long)
        for short, long in pairs.select("said", "said_known").rows()  # survivors only
    ]
    fitting = pairs.filter(pl.Series(fits, dtype=pl.Boolean))
    found = fitting.select("written", "party_type", "party_no", "key", "brief").unique()
    alone = found.filter(pl.struct("party_type", "party_no").n_unique().over("written") == 1)
    doubled = pl.col("key").is_in(alike(alone["key"], known).implode())
    asks = pl.when(doubled).then(pl.lit("close")).when("brief").then(pl.lit("brief"))
    how = asks.otherwise(pl.lit("name"))
    last_best = alone.with_columns(how.alias("how")).sort("written", "how")  # in that alphabet
    return last_best.unique("written", keep="last", maintain_order=True).select(
        "written", "party_type", "party_no", "how"
    )


def _said() -> pl.Expr:
    return bare_words(pl.col("words")).alias("said")


def _sharing(names: pl.DataFrame, known: pl.DataFrame) -> pl.DataFrame:
    """Pairs with a rare word in common, as many words and no contradiction in the legal form."""
    asked = names.explode("said", empty_as_null=True).rename({"said": "word"})
    asked = asked.filter(pl.col("word").str.len_chars() >= _WORD)
    books = known.with_row_index("book")
    told = books.select("book", pl.col("key").str.split(" ").alias("word"))
    told = told.explode("word", empty_as_null=True).join(asked, on="word", how="semi").unique()
    rare = told.filter(pl.len().over("word") <= _MOST_SHARE)
    brief = (pl.col("word").str.len_chars() < _LONG_WORD).all().alias("brief")
    shared = asked.select("written", "word").join(rare, on="word")
    hits = shared.group_by("written", "book").agg(brief)
    own = books.join(hits, on="book", how="semi").select(
        "book", "party_type", "party_no", "key", "forms", _said()
    )
    pairs = hits.join(names, on="written").join(own, on="book", suffix="_known")
    agreed = pl.col("forms").list.set_intersection("forms_known").list.len() > 0
    silent = (pl.col("forms").list.len() == 0) | (pl.col("forms_known").list.len() == 0)
    as_many = pl.col("said").list.len() == pl.col("said_known").list.len()
    return pairs.filter(as_many & (agreed | silent)).sort("written", "book")


def _shortens(short: list[str], long: list[str]) -> bool:
    """Does every word stand as it is, or shorten the one at its place?"""
    return all(
        word == whole or _abbreviates(word, whole) for word, whole in zip(short, long, strict=True)
    )


def _abbreviates(word: str, whole: str) -> bool:
    """The first letter, then some of the others in their order: SVCS for SERVICES.

    One letter less is a slip.
    """
    if len(word) < _SHORTEST or word[0] != whole[0] or len(word) > len(whole) - _LEFT_OUT:
        return False
    rest = iter(whole)
    return all(letter in rest for letter in word)
