"""Which entries a line names: structured references and document numbers as people write them.

A *full* hit is a reference or a whole number; a *bare* one only its digits or the end of a list.
"""

import polars as pl

from pipeline.matching.text import TOKEN, plain

_SHORTEST, _LONGEST = 4, 35
_MOST_SHARE_A_NUMBER = 100
_MOST_SHARE_DIGITS = 20
_SEPARATORS = ["-", "/", ".", "_", " ", "+", "*", ":", "#", "(", ")", ","]
_DATE = r"^(?:[0-9]{1,2}[./-][0-9]{1,2}[./-](?:20)?[0-9]{2}|20[0-9]{2}-[0-9]{2}-[0-9]{2})$"
_GROUPS = r"\b[0-9]+(?: [0-9]+){3,}\b"
_GLUED = r"^[A-Z]{2,}[0-9]"
_MOST_LETTERS = 3
_TRAILED = r"^[A-Z]{0,3}[0-9]{5,}[A-Z]{1,3}$"
_LIST = r"[A-Z0-9][A-Z0-9._-]*[0-9]{3}(?:\s?[/,;+&]\s?[0-9]{1,6}\b)+"


def tokens(lines: pl.DataFrame) -> pl.DataFrame:
    """``line_id, place, span, token, is_date``: words with a digit, also of pieces joined.

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
    apart = apart.str.replace_all(r"([0-9])([A-Z]{1,3})\.([0-9])", "$1 $2 $3")
    apart = apart.str.replace_all(r"([0-9]{4})([0-9]{2}\.[0-9]{2}\.20[0-9]{2})", "$1 $2")
    text = lines.select("line_id", whole.alias("whole"), apart.alias("apart"))
    words = _words(text.select("line_id", pl.col("apart").alias("text")))
    words = words.with_columns(
        plain(pl.col("token")),
        pl.col("token").str.contains(_DATE).alias("is_date"),
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
        pl.lit(1).alias("span"), pl.col("token").str.contains(_DATE).alias("is_date"),
    )  # fmt: skip
    parts = [*joined, other, _groups(text), _glued(words), _glued(other)]
    found = pl.concat(parts, how="diagonal").filter(
        pl.col("token").str.len_chars().is_between(_SHORTEST, _LONGEST)
        & pl.col("token").str.contains(r"[0-9]")
    )
    return found.select("line_id", "place", "span", "token", "is_date")


def _groups(text: pl.DataFrame) -> pl.DataFrame:
    """References of digits that are written in four groups and more, as one token."""
    runs = text.select("line_id", pl.col("whole").str.extract_all(_GROUPS).alias("token"))
    runs = runs.explode("token", empty_as_null=True).drop_nulls("token")
    return runs.select(
        "line_id", pl.col("token").str.replace_all(" ", ""), pl.lit(False).alias("is_date"),
        pl.lit(-1).cast(pl.Int64).alias("place"), pl.lit(1).alias("span"),
    )  # fmt: skip


def _glued(words: pl.DataFrame) -> pl.DataFrame:
    """Words and a number without a blank between: the number, also with the letters before it."""
    glued = words.filter(pl.col("token").str.contains(_GLUED))
    letters = pl.col("token").str.extract(r"^([A-Z]+)")
    rest = pl.col("token").str.strip_prefix(letters)
    trailed = words.filter(pl.col("token").str.contains(_TRAILED)).select(
        "line_id", pl.col("token").str.strip_chars_end("ABCDEFGHIJKLMNOPQRSTUVWXYZ"),
        "is_date", "place", pl.lit(1).alias("span"),
    )  # fmt: skip
    bare = [
        glued.filter(letters.str.len_chars() > kept).select(
            "line_id", pl.concat_str(letters.str.tail(kept), rest).alias("token"),
            "is_date", "place", pl.lit(1).alias("span"),
        )
        for kept in range(_MOST_LETTERS + 1)
    ]  # fmt: skip
    return pl.concat([trailed, *bare])


def _words(text: pl.DataFrame) -> pl.DataFrame:
    pieces = text.select("line_id", pl.col("text").str.extract_all(TOKEN).alias("token"))
    return pieces.explode("token", empty_as_null=True).drop_nulls("token")


def _joined(words: pl.DataFrame, span: int) -> pl.DataFrame:
    whole, right = pl.col("token"), pl.lit(True)
    for ahead in range(1, span):
        piece = pl.col("token").shift(-ahead)
        whole = whole + piece
        same = pl.col("line_id").shift(-ahead) == pl.col("line_id")
        few = pl.col("token").shift(1 - ahead).str.contains(r"^[A-Z]{1,3}$")
        right = right & same & (piece.str.contains(r"^[0-9]") | (few & piece.str.contains("[0-9]")))
    kept = words.with_columns(whole.alias("token"), right.alias("right")).filter("right")
    return kept.select("line_id", "token", "is_date", "place", pl.lit(span).alias("span"))


def named(lines: pl.DataFrame, found: pl.DataFrame, entries: pl.DataFrame) -> pl.DataFrame:
    """``line_id, entry_id, exact``: entries that a line names, ``exact`` for a full hit."""
    ends = _list_ends(lines)
    digits = found.filter((pl.col("span") == 1) & ~pl.col("is_date")).select(
        "line_id", "place", "span", pl.col("token").str.strip_chars_start("0")
    )
    words = pl.concat([found.select("token"), ends.select("token")]).unique()
    full_keys = _full_keys(entries, words)
    full = _without_pieces(_hits(found, full_keys, _MOST_SHARE_A_NUMBER))
    digit_keys = _digit_keys(entries, digits.select("token").unique())
    bare = _hits(digits, digit_keys, _MOST_SHARE_DIGITS)
    listed = _hits(ends, full_keys, _MOST_SHARE_A_NUMBER)
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
    single = full.filter(pl.col("span") == 1).select("line_id", "place").unique()
    for ahead in (0, 1, 2):
        taken = single.with_columns(pl.col("place") - ahead, pl.lit(True).alias("taken"))
        full = full.join(taken, on=["line_id", "place"], how="left", maintain_order="left")
        apart = (pl.col("span") <= ahead) | (pl.col("span") == 1) | pl.col("taken").is_null()
        full = full.filter(apart).drop("taken")
    return full


def _hits(found: pl.DataFrame, keys: pl.DataFrame, most: int) -> pl.DataFrame:
    """Tokens joined with keys; a key that very many entries share names none of them."""
    rare = keys.filter(pl.len().over("key") <= most)
    return found.join(rare, left_on="token", right_on="key")


def _full_keys(entries: pl.DataFrame, tokens: pl.DataFrame) -> pl.DataFrame:
    """``entry_id, key``: whole numbers and references, of those that stand among the tokens."""
    numbers = _keys(entries, "document_no", _compact("document_no"), tokens)
    others = _keys(entries, "external_document_no", _compact("external_document_no"), tokens)
    return pl.concat(
        [
            numbers.filter(~pl.col("key").str.contains(r"^[0-9]{1,5}$")),
            others.filter(pl.col("key").str.len_chars() >= 6),
            _keys(entries, "payment_reference", _compact("payment_reference"), tokens),
        ]
    )


def _digit_keys(entries: pl.DataFrame, tokens: pl.DataFrame) -> pl.DataFrame:
    """The last group of digits of a number, and all of them where that is longer."""
    parts = []
    for column in ("document_no", "external_document_no"):
        last = pl.col(column).str.extract(r"([0-9]+)[^0-9]*$").str.strip_chars_start("0")
        parts.append(_keys(entries, column, last, tokens))
        every = pl.col(column).str.replace_all(r"[^0-9]+", "").str.strip_chars_start("0")
        parts.append(_keys(entries, column, every, tokens))
    return pl.concat(parts).unique()


def _compact(column: str) -> pl.Expr:
    """A number in upper case without its separators."""
    return pl.col(column).str.replace_many(_SEPARATORS, [""]).str.to_uppercase()


def _keys(entries: pl.DataFrame, column: str, key: pl.Expr, tokens: pl.DataFrame) -> pl.DataFrame:
    given = entries.filter(pl.col(column) != "").select("entry_id", key.alias("key"))
    return given.join(tokens, left_on="key", right_on="token", how="semi")


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


def lists(lines: pl.DataFrame, named: pl.DataFrame) -> pl.DataFrame:
    """``line_id`` of lines with a list of ends, which may mean more than what they hit.

    ``named``: ``line_id, document_no`` of what they name in full, open or closed: a number that is
    written with a slash itself, like F/2026/19574, is no list.
    """
    text = pl.col("text").str.to_uppercase()
    found = lines.select("line_id", text.str.extract_all(_LIST).alias("list"))
    found = found.explode("list", empty_as_null=True).drop_nulls("list")
    found = found.with_columns(_compact("list"))
    numbers = named.select("line_id", _compact("document_no").alias("number"))
    whole = found.join(numbers, on="line_id").filter(pl.col("number").str.ends_with(pl.col("list")))
    return found.join(whole, on=["line_id", "list"], how="anti").select("line_id")


def unknown(found: pl.DataFrame, *books: pl.DataFrame) -> pl.DataFrame:
    """``line_id`` of lines that name a number of our series which no entry of ``books`` has.

    A series is letters and a count of digits that three numbers at least share.
    """
    words = found.filter(pl.col("span") == 1).select("line_id", pl.col("token").alias("key"))
    odd = _shaped(words.unique())
    for entries in books:
        numbers = entries.select(_compact("document_no").alias("key"))
        odd = odd.join(numbers, on="key", how="anti")
    if odd.is_empty():
        return odd.select("line_id")
    wanted = odd.select("width", pl.col("key").str.head(2).alias("start")).unique()
    alike = []
    for entries in books:
        numbers = entries.select(_compact("document_no").alias("key")).with_columns(
            pl.col("key").str.len_chars().alias("width"), pl.col("key").str.head(2).alias("start")
        )
        alike.append(numbers.join(wanted, on=["width", "start"], how="semi").select("key"))
    series = _shaped(pl.concat(alike)).group_by("letters", "width").len().filter(pl.col("len") > 2)
    return odd.join(series, on=["letters", "width"], how="semi").select("line_id").unique()


def _shaped(numbers: pl.DataFrame) -> pl.DataFrame:
    shaped = numbers.with_columns(
        pl.col("key").str.extract(r"^([A-Z]{2,})[0-9]{4,}$").alias("letters"),
        pl.col("key").str.len_chars().alias("width"),
    )
    return shaped.drop_nulls("letters")
