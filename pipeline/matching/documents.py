"""Which entries a line names: structured references and document numbers as people write them.

A *full* hit is a reference or a whole number; a *bare* one only its digits or the end of a list.
"""

from dataclasses import dataclass

import polars as pl

from pipeline.matching.tokens import LIST, list_ends, tokens

_MOST_SHARE_A_NUMBER = 100
_MOST_SHARE_DIGITS = 20
_SHORTEST = 6  # of numbers of the other side
_LETTERS = 2  # of a series of numbers at least
_SEPARATORS = ["-", "/", ".", "_", " ", "+", "*", ":", "#", "(", ")", ","]
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
    return Said(found, digits, ends, _hashes(every["token"]))


def _hashes(words: pl.Series) -> pl.Series:
    return words.to_frame("word").select(pl.col("word").hash()).to_series().unique()


def _among(key: pl.Expr, hashes: pl.Series) -> pl.Expr:
    """Is ``key`` a word of ``hashes``? Whole numbers compare faster than text.

    Another word of the same hash does no harm: what passes is joined with the words themselves.
    """
    return key.hash().is_in(hashes.implode())


def numbered(entries: pl.DataFrame) -> pl.DataFrame:
    """Ids and numbers of entries, with their document's ``key``: upper case, no separators."""
    columns = ("entry_id", "document_no", "external_document_no", "payment_reference")
    return entries.select(*columns, _compact("document_no").alias("key"))


def called(said: Said, references: pl.DataFrame) -> pl.DataFrame:
    """``entry_id, key`` of ``references`` (``frames.REFERENCES``) that the lines may name.

    Only what one document alone is called, open or closed: an order or a customer number that
    stands on several tells none of them.
    """
    keys = references.select("entry_id", _compact("your_reference").alias("key"))
    own = keys.filter((pl.len().over("key") == 1) & (pl.col("key").str.len_chars() >= _SHORTEST))
    return own.filter(_among(pl.col("key"), said.wanted))


def named(said: Said, numbers: pl.DataFrame, called: pl.DataFrame) -> pl.DataFrame:
    """``line_id, entry_id, exact``: entries that a line names, ``exact`` for a full hit.

    ``numbers``: those of the entries, see ``numbered``; ``called``: what the other side calls some
    of them and of others.
    """
    mine = numbers.filter(pl.col("entry_id").is_in(called["entry_id"].implode()))
    own = called.join(mine, on="entry_id", how="semi")
    full_keys = pl.concat([_full_keys(numbers, said.wanted), own])
    full = _without_pieces(_hits(said.tokens, full_keys, _MOST_SHARE_A_NUMBER))
    bare = _hits(said.digits, _digit_keys(numbers, said.wanted), _MOST_SHARE_DIGITS)
    listed = _hits(said.ends, full_keys, _MOST_SHARE_A_NUMBER)
    ids = ("line_id", "entry_id")
    both = pl.concat(
        [
            full.select(*ids, pl.lit(True).alias("exact")),
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


def _full_keys(numbers: pl.DataFrame, wanted: pl.Series) -> pl.DataFrame:
    """``entry_id, key``: whole numbers and references, of those that are ``wanted``."""
    documents = _keys(numbers, "document_no", pl.col("key"), wanted)
    others = _keys(numbers, "external_document_no", _compact("external_document_no"), wanted)
    return pl.concat(
        [
            documents.filter(~pl.col("key").str.contains(r"^[0-9]{1,5}$")),
            others.filter(pl.col("key").str.len_chars() >= _SHORTEST),
            _keys(numbers, "payment_reference", _compact("payment_reference"), wanted),
        ]
    )


def _digit_keys(numbers: pl.DataFrame, wanted: pl.Series) -> pl.DataFrame:
    """The last group of digits of a number, and all of them where that is longer."""
    parts = []
    for column in ("document_no", "external_document_no"):
        last = pl.col(column).str.extract(r"([0-9]+)[^0-9]*$").str.strip_chars_start("0")
        parts.append(_keys(numbers, column, last, wanted))
        every = pl.col(column).str.replace_all(r"[^0-9]+", "").str.strip_chars_start("0")
        parts.append(_keys(numbers, column, every, wanted))
    return pl.concat(parts).unique()


def _compact(column: str) -> pl.Expr:
    """A number in upper case without its separators."""
    return pl.col(column).str.replace_many(_SEPARATORS, [""]).str.to_uppercase()


def _keys(numbers: pl.DataFrame, column: str, key: pl.Expr, wanted: pl.Series) -> pl.DataFrame:
    given = numbers.filter(pl.col(column) != "").select("entry_id", key.alias("key"))
    return given.filter(_among(pl.col("key"), wanted))


def lists(lines: pl.DataFrame, named: pl.DataFrame) -> pl.DataFrame:
    """``line_id`` of lines with a list of ends, which may mean more than what they hit.

    ``named``: ``line_id, document_no`` of what they name in full, open or closed: a number that is
    written with a slash itself, like F/2026/19574, is no list.
    """
    text = pl.col("text").str.to_uppercase()
    found = lines.select("line_id", text.str.extract_all(LIST).alias("list"))
    found = found.explode("list", empty_as_null=True).drop_nulls("list")
    found = found.with_columns(_compact("list"))
    numbers = named.select("line_id", _compact("document_no").alias("number"))
    whole = found.join(numbers, on="line_id").filter(pl.col("number").str.ends_with(pl.col("list")))
    return found.join(whole, on=["line_id", "list"], how="anti").select("line_id")


def unknown(said: Said, *books: pl.DataFrame) -> pl.DataFrame:
    """``line_id`` of lines that name a number of our series which no entry of ``books`` has.

    A series is letters and a count of digits that three numbers at least share; ``books`` as
    ``numbered`` gives them.
    """
    words = said.tokens.filter(pl.col("span") == 1).select("line_id", pl.col("token").alias("key"))
    like_ours = rf"^([A-Z]{{{_LETTERS},}})[0-9]{{4,}}$"
    letters = pl.col("key").str.extract(like_ours).alias("letters")
    width = pl.col("key").str.len_chars().alias("width")
    odd = words.with_columns(letters, width).drop_nulls("letters").unique()
    numbers = pl.concat([entries.select("key") for entries in books])
    known = numbers.filter(_among(pl.col("key"), _hashes(odd["key"])))
    odd = odd.join(known, on="key", how="anti")
    start = pl.col("key").str.head(_LETTERS)
    near = numbers.filter(_among(start, _hashes(odd["letters"].str.head(_LETTERS))))
    before = pl.col("key").str.strip_chars_end(_DIGITS).alias("letters")
    alike = near.select(before, width).join(odd, on=["letters", "width"], how="semi")
    series = alike.group_by("letters", "width").len().filter(pl.col("len") > 2)
    return odd.join(series, on=["letters", "width"], how="semi").select("line_id").unique()
