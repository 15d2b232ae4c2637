"""Which entries a line names: structured references and document numbers as people write them.

A *full* hit is a reference or a whole number; a *bare* one only its digits or the end of a list, or
a number that is a date or an amount too.
"""

from dataclasses import dataclass

import polars as pl

from pipeline.matching.entry_keys import EntryKeys, among, compact, hashes
from pipeline.matching.tokens import LIST, list_ends, tokens

_MOST_SHARE_A_NUMBER = 100
_MOST_SHARE_DIGITS = 20
_LETTERS = 2  # of a series of numbers at least
_DIGITS = "0123456789"


@dataclass(frozen=True, slots=True)
class Said:
    """The words of the lines that may be numbers, with ``line_id, place, span, token``."""

    tokens: pl.DataFrame
    """All of them, also with ``is_date``."""
    digits: pl.DataFrame
    """Words that stand by themselves and are no date, without zeros before them."""
    ends: pl.DataFrame
    """What the ends of lists mean."""
    wanted: pl.Series
    """Hashes of all these tokens: numbers of entries that are none of them matter to nobody."""


def said(lines: pl.DataFrame) -> Said:
    """What ``lines`` may name."""
    found, ends = tokens(lines), list_ends(lines)
    digits = found.filter((pl.col("span") == 1) & ~pl.col("is_date")).select(
        "line_id", "place", "span", pl.col("token").str.strip_chars_start("0")
    )
    every = pl.concat([part.select("token") for part in (found, digits, ends)])
    return Said(found, digits, ends, hashes(every["token"]))


def named(said: Said, keys: EntryKeys, called: pl.DataFrame) -> pl.DataFrame:
    """``line_id, entry_id, exact``: entries that a line names, ``exact`` for a full hit.

    ``keys``: those of the entries; ``called``: ``entry_id, key``, what the other side calls some of
    them and of others.
    """
    mine = keys.documents.filter(pl.col("entry_id").is_in(called["entry_id"].implode()))
    own = called.join(mine, on="entry_id", how="semi")
    full_keys = pl.concat([keys.full, own])
    full = _without_pieces(_hits(said.tokens, full_keys, _MOST_SHARE_A_NUMBER))
    bare = _hits(said.digits, keys.digits, _MOST_SHARE_DIGITS)
    listed = _hits(said.ends, full_keys, _MOST_SHARE_A_NUMBER)
    ids = ("line_id", "entry_id")
    both = pl.concat(
        [
            full.select(*ids, (~pl.col("is_date")).alias("exact")),
            *(part.select(*ids, pl.lit(False).alias("exact")) for part in (bare, listed)),
        ]
    )
    return both.group_by("line_id", "entry_id").agg(pl.col("exact").max()).sort(*ids)


def _without_pieces(full: pl.DataFrame) -> pl.DataFrame:
    """A word that is a number by itself is no piece of a longer one."""
    single, longer = full.filter(pl.col("span") == 1), full.filter(pl.col("span") > 1)
    for ahead in (0, 1, 2):
        taken = single.select("line_id", pl.col("place") - ahead)
        inside = longer.filter(pl.col("span") > ahead).join(
            taken, on=["line_id", "place"], how="anti"
        )
        longer = pl.concat([longer.filter(pl.col("span") <= ahead), inside])
    return pl.concat([single, longer])


def _hits(found: pl.DataFrame, keys: pl.DataFrame, most: int) -> pl.DataFrame:
    """Tokens joined with keys; a key that very many entries share names none of them."""
    rare = keys.filter(pl.len().over("key") <= most)
    return found.join(rare, left_on="token", right_on="key")


def lists(lines: pl.DataFrame, named: pl.DataFrame) -> pl.DataFrame:
    """``line_id`` of lines with a list of ends, which may mean more than what they hit.

    ``named``: ``line_id, document_no`` of what they name in full, open or closed: a number that is
    written with a slash itself, like F/2026/19574, is no list.
    """
    text = pl.col("text").str.to_uppercase()
    found = lines.select("line_id", text.str.extract_all(LIST).alias("list"))
    found = found.explode("list", empty_as_null=True).drop_nulls("list")
    found = found.with_columns(compact("list"))
    numbers = named.select("line_id", compact("document_no").alias("number"))
    whole = found.join(numbers, on="line_id").filter(pl.col("number").str.ends_with(pl.col("list")))
    return found.join(whole, on=["line_id", "list"], how="anti").select("line_id")


def unknown(said: Said, numbers: pl.DataFrame) -> pl.DataFrame:
    """``line_id`` of lines that name a number of our series which is none of ``numbers``.

    A series is letters and a count of digits that three numbers at least share; ``numbers`` are the
    ``documents`` of ``EntryKeys``, open and closed.
    """
    words = said.tokens.filter(pl.col("span") == 1).select("line_id", pl.col("token").alias("key"))
    like_ours = rf"^([A-Z]{{{_LETTERS},}})[0-9]{{4,}}$"
    letters = pl.col("key").str.extract(like_ours).alias("letters")
    width = pl.col("key").str.len_chars().alias("width")
    odd = words.with_columns(letters, width).drop_nulls("letters").unique()
    known = numbers.filter(among(pl.col("key"), hashes(odd["key"])))
    odd = odd.join(known, on="key", how="anti")
    start = pl.col("key").str.head(_LETTERS)
    near = numbers.filter(among(start, hashes(odd["letters"].str.head(_LETTERS))))
    before = pl.col("key").str.strip_chars_end(_DIGITS).alias("letters")
    alike = near.select(before, width).join(odd, on=["letters", "width"], how="semi")
    series = alike.group_by("letters", "width").len().filter(pl.col("len") > 2)
    return odd.join(series, on=["letters", "width"], how="semi").select("line_id").unique()
