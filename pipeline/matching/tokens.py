"""The words of lines that may be numbers, as people write and banks break them."""

import polars as pl

from pipeline.matching.text import TOKEN, plain

LIST = r"[A-Z0-9][A-Z0-9._-]*[0-9]{3}(?:\s?[/,;+&]\s?[0-9]{1,6}\b)+"
"""A number and the ends of others, as in RE-2026-0012/13/17, in upper case."""
_SHORTEST, _LONGEST = 4, 35
_DATE = r"^(?:[0-9]{1,2}[./-][0-9]{1,2}[./-](?:20)?[0-9]{2}|20[0-9]{2}-[0-9]{2}-[0-9]{2})$"
_MONEY = r"^(?:[0-9]{1,3}(?:\.[0-9]{3})+|[0-9.]*[0-9]\.[0-9]{2})$"
_DATE_INSIDE = r"\b[0-9]{1,2}[./-][0-9]{1,2}[./-](?:20)?[0-9]{2}\b"
_GROUPS = r"\b[0-9]+(?: [0-9]+){3,}\b"  # references of digits in four groups and more
_CREDITOR = r"\bRF[0-9]{2}(?: [0-9]{1,4}){2,5}\b"  # as printed, whatever its check digits say
_SLASHED = r"\b[A-Z]+/[0-9]{2,4}/[0-9]+(?: [0-9]+)?\b"  # also where a line wrap tears the end
_GLUED = r"^[A-Z]{2,}[0-9]"
_GLUED_TORN = r"^[A-Z]{4,}[0-9]"
_MOST_LETTERS = 3
_TRAILED = r"^[A-Z]{0,3}[0-9]{5,}[A-Z]{1,3}$"


def tokens(lines: pl.DataFrame) -> pl.DataFrame:
    """``line_id, place, span, token, is_date``: words with a digit, also of pieces joined.

    ``is_date`` is true of words that are dates, years about the line's own, or amounts with cents.

    Banks wrap lines inside a number and payers write blanks for its separators, so neighbours are
    joined (``span`` 2 and 3) where the next one starts with a digit, or follows a few letters;
    numbers that stand together without a blank, with a slash or after an abbreviation ("Nr.4711")
    are told apart too, and a word before a number that lacks its blank is left out.
    """
    inside = pl.col("payment_reference").str.replace(r"^RF[0-9]{2}", "")
    whole = pl.concat_str(
        "text", "customer_reference", "end_to_end_id", "payment_reference", inside, separator=" "
    ).str.to_uppercase()
    apart = whole.str.replace_all(r"([0-9])([A-Z]{2})", "$1 $2").str.replace_all(r"/", " ")
    apart = apart.str.replace_all(r"\b([A-Z]{2,})\.([A-Z]{0,3}[0-9])", "$1 $2")
    apart = apart.str.replace_all(r"([0-9])((?:[A-Z]{1,3}\.)+)([0-9])", "$1 $2 $3")
    apart = apart.str.replace_all(r"([0-9]{4})([A-Z][0-9]{4})", "$1 $2")
    apart = apart.str.replace_all(r"([0-9]{4})([0-9]{2}\.[0-9]{2}\.20[0-9]{2})", "$1 $2")
    text = lines.select("line_id", whole.alias("whole"), apart.alias("apart"))
    words = _words(text.select("line_id", pl.col("apart").alias("text")))
    words = words.with_columns(
        plain(pl.col("token")),
        _is_date(),
        pl.int_range(pl.len(), dtype=pl.Int64).alias("place"),
    )
    joined = [words.with_columns(pl.lit(1).alias("span")), _joined(words, 2), _joined(words, 3)]
    other = _words(
        text.filter(pl.col("whole") != pl.col("apart")).select(
            "line_id", pl.col("whole").alias("text")
        )
    )
    other = other.select(
        "line_id", plain(pl.col("token")), pl.lit(-1).cast(pl.Int64).alias("place"),
        pl.lit(1).alias("span"), _is_date(),
    )  # fmt: skip
    heads = words.filter(pl.col("token").str.contains(_GLUED_TORN)).select("place")
    torn = joined[1].join(heads, on="place", how="semi")
    undated = text.select("line_id", pl.col("whole").str.replace_all(_DATE_INSIDE, "|"))
    groups, slashed = _runs(undated, _GROUPS), _runs(undated, _SLASHED)
    creditor = _runs(text.filter(pl.col("whole").str.contains("RF", literal=True)), _CREDITOR)
    glued = [_glued(words), _glued(other), _glued(slashed), _glued(torn, 2)]
    parts = [*joined, other, groups, creditor, slashed, *glued]
    found = pl.concat(parts, how="diagonal").filter(
        pl.col("token").str.len_chars().is_between(_SHORTEST, _LONGEST)
        & pl.col("token").str.contains(r"[0-9]")
    )
    days = lines.select("line_id", "day")
    found = found.join(days, on="line_id", how="left", maintain_order="left")
    found = found.with_columns(pl.col("is_date") | _is_year())
    return found.select("line_id", "place", "span", "token", "is_date")


def _is_date() -> pl.Expr:
    """Is a word as it stands a date or an amount?"""
    token = pl.col("token")
    return (token.str.contains(_DATE) | token.str.contains(_MONEY)).alias("is_date")


def _is_year() -> pl.Expr:
    """Is a word by itself the year of its line, the one before or the one after?

    Of its own line: what is read of one depends on no other that comes in the same night.
    """
    digits = pl.col("token").str.extract("^([0-9]{4})$").cast(pl.Int32)
    about = (digits - pl.col("day").dt.year()).abs() <= 1
    return (pl.col("span") == 1) & about.fill_null(value=False)


def _runs(text: pl.DataFrame, pattern: str) -> pl.DataFrame:
    """What a ``pattern`` finds in the whole text, as one token without its blanks and signs."""
    runs = text.select("line_id", pl.col("whole").str.extract_all(pattern).alias("token"))
    runs = runs.explode("token", empty_as_null=True).drop_nulls("token")
    return runs.select(
        "line_id", plain(pl.col("token")), pl.lit(False).alias("is_date"),
        pl.lit(-1).cast(pl.Int64).alias("place"), pl.lit(1).alias("span"),
    )  # fmt: skip


def _glued(words: pl.DataFrame, span: int = 1) -> pl.DataFrame:
    """Words and a number without a blank between: the number, also with the letters before it."""
    glued = words.filter(pl.col("token").str.contains(_GLUED)).with_columns(
        pl.col("token").str.extract(r"^([A-Z]+)").alias("letters")
    )
    rest = pl.col("token").str.strip_prefix(pl.col("letters"))
    trailed = words.filter(pl.col("token").str.contains(_TRAILED)).select(
        "line_id", pl.col("token").str.strip_chars_end("ABCDEFGHIJKLMNOPQRSTUVWXYZ"),
        "is_date", "place", pl.lit(span).alias("span"),
    )  # fmt: skip
    bare = [
        glued.filter(pl.col("letters").str.len_chars() > kept).select(
            "line_id", pl.concat_str(pl.col("letters").str.tail(kept), rest).alias("token"),
            "is_date", "place", pl.lit(span).alias("span"),
        )
        for kept in range(_MOST_LETTERS + 1)
    ]  # fmt: skip
    return pl.concat([trailed, *bare])


def _words(text: pl.DataFrame) -> pl.DataFrame:
    pieces = text.select("line_id", pl.col("text").str.extract_all(TOKEN).alias("token"))
    return pieces.explode("token", empty_as_null=True).drop_nulls("token")


def _joined(words: pl.DataFrame, span: int) -> pl.DataFrame:
    """``span`` neighbours of one line as one token, where each may go on the one before it."""
    pieces = [pl.col("token").shift(-ahead) for ahead in range(span)]
    right = pl.lit(True)
    for ahead in range(1, span):
        piece = pieces[ahead]
        same = pl.col("line_id").shift(-ahead) == pl.col("line_id")
        few = pieces[ahead - 1].str.contains(r"^[A-Z]{1,3}$")
        right = right & same & (piece.str.contains(r"^[0-9]") | (few & piece.str.contains("[0-9]")))
    names = [f"piece_{ahead}" for ahead in range(span)]
    beside = words.with_columns(
        *(p.alias(n) for p, n in zip(pieces, names, strict=True)), right.alias("right")
    )
    kept = beside.filter("right").with_columns(pl.concat_str(names).alias("token"))
    return kept.select("line_id", "token", "is_date", "place", pl.lit(span).alias("span"))


def list_ends(lines: pl.DataFrame) -> pl.DataFrame:
    """Tokens meant by "RE-2026-0012/13/17": the end of the number replaced, piece by piece."""
    lists = lines.select(
        "line_id", pl.col("text").str.to_uppercase().str.extract_all(LIST).alias("list")
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
