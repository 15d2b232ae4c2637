"""Numbers that only a known party makes readable: an end, a start, a slip, what a range spans.

Searched among the open entries of the parties that the line points to, for lines whose amount the
numbers named in full do not explain; only what the rest of the amount confirms is a hit. A word
that is a number of the same party by itself is no slip of another.
"""

import polars as pl
from rapidfuzz import process
from rapidfuzz.distance import OSA

_WHO = ["party_type", "party_no"]
_SHORTEST_END = 4
_SHORTEST_START = 5
_SHORTEST_SLIP = 5
_MOST_ENTRIES = 400
_RANGE = (
    r"\b(?:BIS|TO|THRU|THROUGH|A|AU|JUSQU|TOT|T M|TEM|TIL|TILL)\b"
    r"|[0-9] ?- ?[A-Z]*[0-9]"
)
_NEAR = ["line_id", "entry_id"]


def near(
    lines: pl.DataFrame,
    found: pl.DataFrame,
    payers: pl.DataFrame,
    full: pl.DataFrame,
    entries: pl.DataFrame,
    closed: pl.DataFrame,
) -> pl.DataFrame:
    """``line_id, entry_id`` of entries that the ``lines`` mean beside those named in ``full``.

    ``found`` the tokens of the lines, ``payers`` the parties they point to.
    """
    who = payers.select("line_id", *_WHO).unique()
    asked, named = _asked(lines, who, full, entries)
    words = found.filter(~pl.col("is_date")).select("line_id", "token").unique()
    words = words.join(asked.select("line_id").unique(), on="line_id", how="semi")
    numbers = _numbers(entries.join(asked, on=_WHO, how="semi"))
    other = asked.join(numbers, on=_WHO).join(named, on=_NEAR, how="anti")
    pairs = other.join(words, on="line_id")
    own = _own_numbers(asked, words, [entries, closed])
    slips = _slips(pairs.join(own, on=["line_id", "token"], how="anti"))
    pieces = pairs.filter(_is_end() | _is_start()).unique([*_NEAR, "token"])
    pieces = pieces.filter(pl.len().over("line_id", "token") == 1)
    hits = pl.concat([pieces, slips]).unique(_NEAR)
    ends = pl.concat([named, pieces.select(_NEAR)]).unique()
    spanned = _spanned(lines, other, ends, numbers)
    return pl.concat([_confirmed(hits), spanned]).unique().sort(_NEAR)


def _asked(
    lines: pl.DataFrame, who: pl.DataFrame, full: pl.DataFrame, entries: pl.DataFrame
) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Lines with their parties and the ``rest`` of their amount; what they name of these parties.

    Where numbers of other parties than the payer's are named, nothing of it counts.
    """
    owners = entries.join(full.select("entry_id").unique(), on="entry_id", how="semi")
    named = full.join(owners.select("entry_id", *_WHO, "remaining_amount"), on="entry_id")
    of_payer = named.join(who, on=["line_id", *_WHO], how="semi")
    of_nobody = named.join(who, on="line_id", how="anti")
    counted = pl.concat([of_payer, of_nobody])
    paid = counted.group_by("line_id").agg(pl.col("remaining_amount").sum().alias("named"))
    rest = pl.col("amount") - pl.col("named").fill_null(0)
    open_lines = (
        lines.select("line_id", "amount").join(paid, on="line_id", how="left")
        .select("line_id", rest.alias("rest")).filter(pl.col("rest") != 0)
    )  # fmt: skip
    parties = pl.concat([who, counted.select("line_id", *_WHO)]).unique()
    return open_lines.join(parties, on="line_id"), counted.select(_NEAR)


def _numbers(entries: pl.DataFrame) -> pl.DataFrame:
    """``number, digits`` of the document and the external number of entries, with their party."""
    few = entries.filter(pl.len().over(_WHO) <= _MOST_ENTRIES)
    columns = ["entry_id", *_WHO, "remaining_amount", "discount_amount"]
    both = pl.concat(
        [few.select(*columns, _compact(name).alias("number"))
         for name in ("document_no", "external_document_no")]
    )  # fmt: skip
    keyed = both.with_columns(pl.col("number").str.replace_all(r"[^0-9]", "").alias("digits"))
    return keyed.filter(pl.col("digits").str.len_chars() >= _SHORTEST_END)


def _compact(column: str) -> pl.Expr:
    return pl.col(column).str.to_uppercase().str.replace_all(r"[^A-Z0-9]", "")


def _is_end() -> pl.Expr:
    token = pl.col("token")
    number = token.str.contains(rf"^[0-9]{{{_SHORTEST_END},}}$")
    return number & pl.col("digits").str.ends_with(token)


def _is_start() -> pl.Expr:
    """The bank cut the text within a number: at most three digits are missing."""
    token, whole = pl.col("token"), pl.col("number")
    missing = whole.str.len_chars().cast(pl.Int64) - token.str.len_chars().cast(pl.Int64)
    long = token.str.len_chars() >= _SHORTEST_START
    return long & missing.is_between(1, 3) & whole.str.starts_with(token)


def _own_numbers(
    asked: pl.DataFrame, words: pl.DataFrame, books: list[pl.DataFrame]
) -> pl.DataFrame:
    """``line_id, token``: words that are a number or reference of a party of the line."""
    keys = [
        entries.select(*_WHO, _compact(column).alias("token")).join(
            words.select("token").unique(), on="token", how="semi"
        )
        for entries in books
        for column in ("document_no", "external_document_no", "payment_reference")
    ]
    known = asked.join(pl.concat(keys).unique(), on=_WHO).select("line_id", "token")
    return known.join(words, on=["line_id", "token"], how="semi").unique()


def _slips(pairs: pl.DataFrame) -> pl.DataFrame:
    """Pairs that differ by one digit, or by two neighbours in the wrong order."""
    token = pl.col("token")
    letters = token.str.contains(r"[A-Z]")
    width = [part.str.len_chars().cast(pl.Int64) for part in (token, pl.col("whole"))]
    whole = pl.when(letters).then("number").otherwise("digits").alias("whole")
    near = pairs.with_columns(whole).filter(
        (token.str.len_chars() >= _SHORTEST_SLIP)
        & (width[0] - width[1]).abs().le(1)
        & (
            (token.str.head(3) == pl.col("whole").str.head(3))
            | (token.str.tail(3) == pl.col("whole").str.tail(3))
        )
    )
    distance = process.cpdist(
        near["token"].to_list(), near["whole"].to_list(), scorer=OSA.distance, score_cutoff=1
    )
    slip = pl.Series("distance", distance, dtype=pl.Int64) == 1
    return near.filter(slip).drop("whole")


def _confirmed(hits: pl.DataFrame) -> pl.DataFrame:
    """Hits that the rest of the amount confirms: one entry that it pays, else all of a party."""
    remaining, rest = pl.col("remaining_amount"), pl.col("rest")
    net = remaining - pl.col("discount_amount")
    one = hits.filter((remaining == rest) | (net == rest))
    several = hits.join(one, on="line_id", how="anti")
    party = ["line_id", *_WHO]
    whole = (remaining.sum().over(party) == rest) | (net.sum().over(party) == rest)
    return pl.concat([one.select(_NEAR), several.filter(whole).select(_NEAR)])


def _spanned(
    lines: pl.DataFrame, other: pl.DataFrame, ends: pl.DataFrame, numbers: pl.DataFrame
) -> pl.DataFrame:
    """Entries between two numbers of one series that a line names as a range, if they are it."""
    text = pl.col("text").str.to_uppercase().str.replace_all(r"[^A-Z0-9-]", " ")
    asked = lines.filter(text.str.contains(_RANGE)).select("line_id")
    series = [pl.col("number").str.extract(r"^([A-Z]*)").alias("letters"),
              pl.col("number").str.len_chars().alias("width")]  # fmt: skip
    spans = (
        ends.join(asked, on="line_id", how="semi")
        .join(numbers.select("entry_id", *_WHO, "number"), on="entry_id")
        .with_columns(*series)
        .group_by("line_id", *_WHO, "letters", "width")
        .agg(pl.col("number").min().alias("first"), pl.col("number").max().alias("last"))
        .filter(pl.col("first") < pl.col("last"))
    )
    within = (
        other.with_columns(*series)
        .join(spans, on=["line_id", *_WHO, "letters", "width"])
        .filter(pl.col("number").is_between("first", "last"))
        .unique(_NEAR)
    )
    whole = pl.col("remaining_amount").sum().over("line_id") == pl.col("rest")
    return within.filter(whole).select(_NEAR)
