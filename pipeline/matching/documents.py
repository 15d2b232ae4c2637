"""Which entries a line names: structured references and document numbers as people write them.

A *full* hit is a reference or a whole number; a *bare* one only its digits or the end of a list.
"""

import polars as pl

from pipeline.matching.text import TOKEN, plain

_SHORTEST, _LONGEST = 4, 35
_MOST_SHARE_A_NUMBER = 100
_MOST_SHARE_DIGITS = 20
_LIST = r"[A-Z0-9][A-Z0-9._-]*[0-9]{3}(?:\s?[/,;+&]\s?[0-9]{1,6}\b)+"


def tokens(lines: pl.DataFrame) -> pl.DataFrame:
    """``line_id, place, span, token``: words with a digit, also of two or three pieces joined.

    Banks wrap lines inside a number and payers write blanks for its separators, so neighbours are
    joined (``span`` 2 and 3) where the next one starts with a digit; numbers that stand together
    without a blank, or with a slash, are told apart too.
    """
    whole = pl.concat_str(
        "text", "customer_reference", "end_to_end_id", "payment_reference", separator=" "
    ).str.to_uppercase()
    apart = whole.str.replace_all(r"([0-9])([A-Z]{2})", "$1 $2").str.replace_all(r"/", " ")
    text = lines.select("line_id", whole.alias("whole"), apart.alias("apart"))
    words = _words(text.select("line_id", pl.col("apart").alias("text")))
    words = words.with_columns(
        plain(pl.col("token")), pl.int_range(pl.len(), dtype=pl.Int64).alias("place")
    )
    joined = [words.with_columns(pl.lit(1).alias("span")), _joined(words, 2), _joined(words, 3)]
    other = _words(
        text.filter(pl.col("whole") != pl.col("apart")).select(
            "line_id", pl.col("whole").alias("text")
        )
    )
    other = other.select(
        "line_id", plain(pl.col("token")), pl.lit(-1).cast(pl.Int64).alias("place"),
        pl.lit(1).alias("span"),
    )  # fmt: skip
    found = pl.concat([*joined, other]).filter(
        pl.col("token").str.len_chars().is_between(_SHORTEST, _LONGEST)
        & pl.col("token").str.contains(r"[0-9]")
    )
    return found.select("line_id", "place", "span", "token")


def _words(text: pl.DataFrame) -> pl.DataFrame:
    pieces = text.select("line_id", pl.col("text").str.extract_all(TOKEN).alias("token"))
    return pieces.explode("token", empty_as_null=True).drop_nulls("token")


def _joined(words: pl.DataFrame, span: int) -> pl.DataFrame:
    whole, right = pl.col("token"), pl.lit(True)
    for ahead in range(1, span):
        piece = pl.col("token").shift(-ahead)
        whole = whole + piece
        same = pl.col("line_id").shift(-ahead) == pl.col("line_id")
        right = right & same & piece.str.contains(r"^[0-9]")
    kept = words.with_columns(whole.alias("token"), right.alias("right")).filter("right")
    return kept.select("line_id", "token", "place", pl.lit(span).alias("span"))


def named(lines: pl.DataFrame, found: pl.DataFrame, entries: pl.DataFrame) -> pl.DataFrame:
    """``line_id, entry_id, exact``: entries that a line names, ``exact`` for a full hit."""
    full = _hits(found, _full_keys(entries), _MOST_SHARE_A_NUMBER)
    single = full.filter(pl.col("span") == 1).select("line_id", "place").unique()
    for ahead in (0, 1, 2):  # a word that is a number by itself is no piece of a longer one
        taken = single.with_columns(pl.col("place") - ahead, pl.lit(True).alias("taken"))
        full = full.join(taken, on=["line_id", "place"], how="left", maintain_order="left")
        full = full.filter((pl.col("span") <= ahead) | (pl.col("span") == 1)
                           | pl.col("taken").is_null()).drop("taken")  # fmt: skip
    digits = found.filter(pl.col("span") == 1).select(
        "line_id", "place", "span", pl.col("token").str.strip_chars_start("0")
    )
    bare = _hits(digits, _digit_keys(entries), _MOST_SHARE_DIGITS)
    ends = _hits(_list_ends(lines), _full_keys(entries), _MOST_SHARE_A_NUMBER)
    ids = ("line_id", "entry_id")
    both = pl.concat(
        [
            full.select(*ids, pl.lit(True).alias("exact")),
            *(part.select(*ids, pl.lit(False).alias("exact")) for part in (bare, ends)),
        ]
    )
    return both.group_by("line_id", "entry_id").agg(pl.col("exact").max()).sort(*ids)


def _hits(found: pl.DataFrame, keys: pl.DataFrame, most: int) -> pl.DataFrame:
    """Tokens joined with keys; a key that very many entries share names none of them."""
    wanted = keys.join(found.select("token").unique(), left_on="key", right_on="token", how="semi")
    rare = wanted.filter(pl.len().over("key") <= most)
    return found.join(rare, left_on="token", right_on="key")


def _full_keys(entries: pl.DataFrame) -> pl.DataFrame:
    number = plain(pl.col("document_no"))
    other = plain(pl.col("external_document_no"))
    parts = [
        _key(entries, "document_no", number).filter(~pl.col("key").str.contains(r"^[0-9]{1,5}$")),
        _key(entries, "external_document_no", other).filter(pl.col("key").str.len_chars() >= 6),
        _key(entries, "payment_reference", plain(pl.col("payment_reference"))),
    ]
    return pl.concat(parts).filter(
        (pl.col("key").str.len_chars() >= _SHORTEST) & pl.col("key").str.contains(r"[0-9]")
    )


def _digit_keys(entries: pl.DataFrame) -> pl.DataFrame:
    """The last group of digits of a number, and all of them where that is longer."""
    parts = []
    for column in ("document_no", "external_document_no"):
        last = pl.col(column).str.extract(r"([0-9]+)[^0-9]*$").str.strip_chars_start("0")
        parts.append(_key(entries, column, last))
        every = pl.col(column).str.replace_all(r"[^0-9]", "").str.strip_chars_start("0")
        more = pl.col(column).str.contains(r"[0-9][^0-9]+[0-9]")
        parts.append(_key(entries.filter(more), column, every))
    keys = pl.concat(parts).filter(pl.col("key").str.len_chars() >= _SHORTEST)
    return keys.unique()


def _key(entries: pl.DataFrame, column: str, key: pl.Expr) -> pl.DataFrame:
    return entries.filter(pl.col(column) != "").select("entry_id", key.alias("key"))


def _list_ends(lines: pl.DataFrame) -> pl.DataFrame:
    """Tokens meant by "RE-2026-0012/13/17": the end of the number replaced, piece by piece."""
    lists = lines.select(
        "line_id", pl.col("text").str.to_uppercase().str.extract_all(_LIST).alias("list")
    )
    lists = lists.explode("list", empty_as_null=True).drop_nulls("list")
    pieces = lists.select(
        "line_id",
        plain(pl.col("list").str.extract(r"^([A-Z0-9._-]+)")).alias("head"),
        pl.col("list").str.extract_all(r"[/,;+&]\s?[0-9]+").alias("end"),
    )
    pieces = pieces.explode("end", empty_as_null=True).drop_nulls("end")
    end = pl.col("end").str.replace_all(r"[^0-9]", "")
    pieces = pieces.with_columns(end).filter(
        pl.col("head").str.len_chars() > pl.col("end").str.len_chars()
    )
    kept = pl.col("head").str.len_chars() - pl.col("end").str.len_chars()
    return pieces.select(
        "line_id", pl.lit(-1).cast(pl.Int64).alias("place"), pl.lit(1).alias("span"),
        (pl.col("head").str.head(kept) + pl.col("end")).alias("token"),
    )  # fmt: skip


def lists(lines: pl.DataFrame) -> pl.DataFrame:
    """``line_id`` of lines with a list of ends, which may mean more than what they hit."""
    return lines.filter(pl.col("text").str.to_uppercase().str.contains(_LIST)).select("line_id")


def unknown(found: pl.DataFrame, *books: pl.DataFrame) -> pl.DataFrame:
    """``line_id`` of lines that name a number of our series which no entry of ``books`` has.

    A series is letters and a count of digits that three numbers at least share.
    """
    numbers = pl.concat([plain_numbers(entries) for entries in books]).unique()
    shaped = _shaped(numbers, "key")
    series = shaped.group_by("letters", "width").len().filter(pl.col("len") >= 3)
    words = found.filter(pl.col("span") == 1).select("line_id", "token").unique()
    odd = _shaped(words, "token").join(series, on=["letters", "width"], how="semi")
    missing = odd.join(numbers, left_on="token", right_on="key", how="anti")
    return missing.select("line_id").unique()


def plain_numbers(entries: pl.DataFrame) -> pl.DataFrame:
    """``key``: every document number as letters and digits."""
    return entries.select(plain(pl.col("document_no")).alias("key"))


def _shaped(frame: pl.DataFrame, column: str) -> pl.DataFrame:
    shaped = frame.with_columns(
        pl.col(column).str.extract(r"^([A-Z]{2,})[0-9]{4,}$").alias("letters"),
        pl.col(column).str.len_chars().alias("width"),
    )
    return shaped.drop_nulls("letters")
