"""Numbers that only a known party makes readable: an end, a start, a slip, glued, a list, a range.

Candidates only, whatever remains of them: searched among the entries of the parties that a line
points to, for lines whose amount is not plainly that of the documents named in full. Whether one
counts is decided by ``near_rules`` at the line's turn, where the amount has to confirm it. A word
that is a number of the party by itself is no piece and no slip of another.
"""

import polars as pl

from pipeline.matching.likeness import slips
from pipeline.matching.near_words import list_ends, spanning
from pipeline.matching.text import plain

WHO = ["party_type", "party_no"]
NEAR = ["line_id", "entry_id", "token", "kind"]
_NUMBERS = ["entry_id", *WHO, "document_no", "external_document_no", "payment_reference"]
_SHORTEST_END = 4
_SHORTEST_START = 4
_SHORTEST_SLIP = 5
_SHORTEST_GLUED = 6
_SHORTEST_REFERENCE = 8
_MOST_CUT = 3
_CORE = r"([0-9]+)[^0-9]*$"
_MOST_ENTRIES = 2000


def near(
    lines: pl.DataFrame,
    found: pl.DataFrame,
    payers: pl.DataFrame,
    named: pl.DataFrame,
    entries: pl.DataFrame,
    closed: pl.DataFrame,
) -> pl.DataFrame:
    """``line_id, entry_id, token, kind``: entries of its parties that a word of a line may mean.

    ``found`` the tokens of the lines, ``payers`` the parties they point to, ``named`` the open
    entries that they name in full: ``line_id``, ids, parties, static amounts. ``kind``: end, start,
    slip, glued, list; and range, with an empty token, for the entries in full of a line that spans
    numbers.
    """
    who = payers.select("line_id", *WHO).unique()
    asked = _asked(lines, who, named)
    parties = asked.select(WHO).unique()
    books = [part.select(_NUMBERS).join(parties, on=WHO, how="semi") for part in (entries, closed)]
    small = _small(*books)
    asked = asked.join(small, on=WHO, how="semi")
    mine, past = (part.join(small, on=WHO, how="semi") for part in books)
    ids = asked.select("line_id").unique()
    words = found.filter(~pl.col("is_date")).select("line_id", "token")
    words = words.join(ids, on="line_id", how="semi").unique()
    own = _own(asked, words, [mine, past])
    words = words.join(own.filter("whole"), on=["line_id", "token"], how="anti")
    numbers = _numbers(mine)
    pairs = asked.join(numbers, on=WHO).join(words, on="line_id")
    stated = asked.join(_references(mine), on=WHO).join(_unproved(words, lines), on="line_id")
    written = pl.concat([pairs, stated]).join(own, on=["line_id", "token"], how="anti")
    slips = _slips(written).select("line_id", "entry_id", "token", pl.lit("slip").alias("kind"))
    parts = [
        slips,
        pairs.filter(_is_end()).select(*NEAR[:3], pl.lit("end").alias("kind")),
        pairs.filter(_is_start()).select(*NEAR[:3], pl.lit("start").alias("kind")),
        pairs.filter(_is_glued()).select(
            "line_id", "entry_id", pl.col("digits").alias("token"), pl.lit("glued").alias("kind")
        ),
        _listed(lines.join(ids, on="line_id", how="semi"), asked, numbers, named, past, found),
        _ranged(lines, named.join(asked, on=["line_id", *WHO], how="semi")),
    ]
    return pl.concat(parts).unique().sort(NEAR)


def _asked(lines: pl.DataFrame, who: pl.DataFrame, named: pl.DataFrame) -> pl.DataFrame:
    """``line_id`` and parties of lines that what they name in full of them does not plainly pay.

    Measured by the amounts of the documents, not by what remains, which other lines change.
    """
    counted = pl.concat(
        [
            named.join(who, on=["line_id", *WHO], how="semi"),
            named.join(who, on="line_id", how="anti"),
        ]
    )
    whole, net = pl.col("amount"), pl.col("amount") - pl.col("discount_amount")
    sums = counted.group_by("line_id").agg(whole.sum().alias("whole"), net.sum().alias("net"))
    paid = lines.join(sums, on="line_id").filter(
        (pl.col("amount") == pl.col("whole")) | (pl.col("amount") == pl.col("net"))
    )
    parties = pl.concat([who, counted.select("line_id", *WHO)]).unique()
    parties = parties.join(lines, on="line_id", how="semi")
    return parties.join(paid, on="line_id", how="anti")


def _small(entries: pl.DataFrame, closed: pl.DataFrame) -> pl.DataFrame:
    """Parties with so few documents, open or closed, that a piece means something."""
    known = pl.concat([entries.select(WHO), closed.select(WHO)])
    return known.group_by(WHO).len().filter(pl.col("len") <= _MOST_ENTRIES).select(WHO)


def _numbers(entries: pl.DataFrame) -> pl.DataFrame:
    """``entry_id, number, digits, core``: the document and the external number of entries.

    ``core`` is the last group of digits, which payers take for the number.
    """
    both = pl.concat(
        [
            entries.select(
                "entry_id", *WHO, plain(pl.col(name)).alias("number"),
                pl.col(name).str.replace_all(r"[^0-9]", "").alias("digits"),
                pl.col(name).str.extract(_CORE).fill_null("").alias("core"),
            )
            for name in ("document_no", "external_document_no")
        ]
    )  # fmt: skip
    return both.filter(pl.col("digits").str.len_chars() >= _SHORTEST_END).unique()


def _references(entries: pl.DataFrame) -> pl.DataFrame:
    """As ``_numbers``, the structured references: nobody writes ends or starts of one."""
    number = plain(pl.col("payment_reference"))
    digits = number.str.replace_all(r"[^0-9]", "")
    known = entries.select(
        "entry_id", *WHO, number.alias("number"), digits.alias("digits"), digits.alias("core")
    )
    return known.filter(_width(pl.col("number")) >= _SHORTEST_REFERENCE)


def _unproved(words: pl.DataFrame, lines: pl.DataFrame) -> pl.DataFrame:
    """Without the reference of a line whose check digits are right: it is no slip of another."""
    proved = lines.select("line_id", pl.col("payment_reference").alias("token"))
    return words.join(proved, on=["line_id", "token"], how="anti")


def _own(asked: pl.DataFrame, words: pl.DataFrame, books: list[pl.DataFrame]) -> pl.DataFrame:
    """``line_id, token, whole``: words that are a number of a line's party, or its digits only.

    ``books``: the documents of the parties in ``asked``.
    """
    who = asked.select(WHO).unique()
    wholes = [who.with_columns(plain(pl.col("party_no")).alias("token"))]
    parts = []
    number = pl.col("document_no")
    for entries in books:
        wholes += [
            entries.select(*WHO, plain(pl.col(name)).alias("token"))
            for name in ("document_no", "external_document_no", "payment_reference")
        ]
        parts += [
            entries.select(*WHO, digits.alias("token"))
            for digits in (number.str.replace_all(r"[^0-9]", ""), number.str.extract(_CORE))
        ]
    known = pl.concat(
        [
            pl.concat(keys).with_columns(pl.lit(whole).alias("whole"))
            for keys, whole in ((wholes, True), (parts, False))
        ]
    )
    known = known.join(words.select("token").unique(), on="token", how="semi").unique()
    return asked.join(known, on=WHO).select("line_id", "token", "whole").unique()


def _is_end() -> pl.Expr:
    token = pl.col("token")
    number = token.str.contains(rf"^[0-9]{{{_SHORTEST_END},}}$")
    return number & pl.col("digits").str.ends_with(token)


def _is_start() -> pl.Expr:
    """The bank cut the text within a number: at most three characters are missing."""
    token = pl.col("token")
    cut = pl.lit(False)
    for name in ("number", "core"):
        missing = _width(pl.col(name)) - _width(token)
        cut = cut | (missing.is_between(1, _MOST_CUT) & pl.col(name).str.starts_with(token))
    return (_width(token) >= _SHORTEST_START) & cut


def _is_glued() -> pl.Expr:
    """The end of a line took the blank between two numbers of digits: the first or the last one."""
    token, digits = pl.col("token"), pl.col("digits")
    long = (_width(digits) >= _SHORTEST_GLUED) & (_width(token) >= 2 * _width(digits))
    number = token.str.contains(r"^[0-9]+$")
    return long & number & (token.str.starts_with(digits) | token.str.ends_with(digits))


def _width(text: pl.Expr) -> pl.Expr:
    return text.str.len_chars().cast(pl.Int64)


def _slips(pairs: pl.DataFrame) -> pl.DataFrame:
    """Pairs that differ by one digit, or by two neighbours in the wrong order."""
    token = pl.col("token")
    letters = token.str.contains(r"[A-Z]")
    near = [
        pairs.filter(letters).with_columns(pl.col("number").alias("whole")),
        pairs.filter(~letters).with_columns(pl.col("digits").alias("whole")),
        pairs.filter(~letters & (pl.col("core") != pl.col("digits"))).with_columns(
            pl.col("core").alias("whole")
        ),
    ]
    whole = pl.col("whole")
    both = pl.concat(near).filter(
        (_width(token) >= _SHORTEST_SLIP)
        & (_width(whole) >= _SHORTEST_SLIP)
        & ((_width(token) - _width(whole)).abs() <= 1)
        & ((token.str.head(2) == whole.str.head(2)) | (token.str.tail(2) == whole.str.tail(2)))
    )
    return both.filter(slips(both["token"], both["whole"], most=1) == 1)


def _listed(
    lines: pl.DataFrame,
    asked: pl.DataFrame,
    numbers: pl.DataFrame,
    named: pl.DataFrame,
    closed: pl.DataFrame,
    found: pl.DataFrame,
) -> pl.DataFrame:
    """Ends in a list after a whole number, which is open or closed: "0012/13, 17"."""
    ends = list_ends(lines)
    with_ends = asked.join(ends, on="line_id", how="semi")
    past = closed.join(with_ends, on=WHO, how="semi")
    past = past.select(*WHO, plain(pl.col("document_no")).alias("number"))
    words = found.join(with_ends, on="line_id", how="semi").select("line_id", "token")
    past = words.join(past, left_on="token", right_on="number").rename({"token": "number"})
    open_heads = named.join(numbers.select("entry_id", "number"), on="entry_id")
    columns = ["line_id", *WHO, "number"]
    heads = pl.concat([open_heads.select(columns), past.select(columns)]).unique()
    heads = heads.join(asked, on=["line_id", *WHO], how="semi").rename({"number": "head"})
    both = heads.join(ends, on="line_id").filter(_width(pl.col("head")) > _width(pl.col("token")))
    kept = _width(pl.col("head")) - _width(pl.col("token"))
    meant = pl.concat_str(pl.col("head").str.head(kept), pl.col("token")).alias("number")
    hits = both.with_columns(meant).join(numbers, on=[*WHO, "number"])
    return hits.select(*NEAR[:3], pl.lit("list").alias("kind"))


def _ranged(lines: pl.DataFrame, named: pl.DataFrame) -> pl.DataFrame:
    spans = lines.filter(spanning()).select("line_id")
    hits = named.join(spans, on="line_id", how="semi")
    return hits.select(
        "line_id", "entry_id", pl.lit("").alias("token"), pl.lit("range").alias("kind")
    )
