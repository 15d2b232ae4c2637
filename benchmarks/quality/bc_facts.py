"""The facts that Business Central's rules look at: related party, document number, amount."""

from collections.abc import Iterator
from difflib import SequenceMatcher

import polars as pl

from benchmarks.quality.books import Books
from benchmarks.quality.settling import due

_CHUNK, _NEAR, _MAYBE = 4, 95, 65
_COMMON = 300
"""A run of four letters that more names than this share is not looked up by itself."""


def amounts(books: Books, every: pl.DataFrame) -> pl.DataFrame:
    """``line_ref, item, owner_side`` of all open entries whose amount is the line's.

    Less the discount while it may be taken: the full amount is then no match. Company-wide, for
    each kind of account, later entries too.
    """
    sides = every.with_columns(side().alias("owner_side"))
    found = []
    for amount in (pl.col("remaining"), pl.col("remaining") - pl.col("discount")):
        entries = sides.with_columns(amount.alias("amount"))
        found.append(books.lines.join(entries, on="amount", suffix="_item"))
    same_account = pl.col("bank_account_no") == pl.col("bank_account_no_item")
    same_currency = pl.col("currency") == pl.col("currency_item")
    place = pl.when(pl.col("target") == "bank_entry").then(same_account).otherwise(same_currency)
    return (
        pl.concat(found)
        .filter(place & (due() == pl.col("amount")))
        .select("line_ref", "item", "owner_side")
        .unique()
    )


def side() -> pl.Expr:
    """``customer``, ``vendor`` or ``bank``."""
    bank = pl.col("target") == "bank_entry"
    return pl.when(bank).then(pl.lit("bank")).otherwise(pl.col("owner_type"))


def documents(books: Books, every: pl.DataFrame) -> pl.DataFrame:
    """``line_ref, item`` where the text has the entry's number with no letter or digit beside.

    Numbers of four characters or more; only the first place is looked at. A payment reference
    counts when it is the line's.
    """
    keys = ("document_no", "external_document_no", "payment_reference")
    bank = ("external_document_no", "check_no")  # the entry's own number and its document's
    numbers = pl.concat(
        [
            every.filter((pl.col("target") != "bank_entry") == (keys_ is keys)).select(
                "item", pl.col(key).str.to_uppercase().alias("number")
            )
            for keys_ in (keys, bank)
            for key in keys_
        ]
    ).filter(pl.col("number").str.len_chars() >= _CHUNK)
    # Other signs than ASCII are one byte each, so that places in bytes are places in characters.
    texts = books.lines.select(
        "line_ref",
        pl.col("text").str.to_uppercase().str.replace_all(r"[^\x00-\x7f]", "?").alias("text"),
    )
    patterns = numbers["number"].str.replace_all(r"[^\x00-\x7f]", "?").unique().sort()
    inside = pl.col("text").str.extract_many(patterns.implode(), overlapping=True).list.unique()
    hits = texts.with_columns(inside.alias("number")).explode("number").drop_nulls("number")
    at = pl.col("text").str.find(pl.col("number"), literal=True)
    before = pl.col("text").str.slice(at.cast(pl.Int64) - 1, 1)
    after = pl.col("text").str.slice(at + pl.col("number").str.len_bytes(), 1)
    clear = ~after.str.contains("[A-Z0-9]") & ((at == 0) | ~before.str.contains("[A-Z0-9]"))
    return hits.filter(clear).join(numbers, on="number").select("line_ref", "item").unique()


def parties(books: Books, every: pl.DataFrame) -> pl.DataFrame:
    """``line_ref, owner_type, owner_no, party`` (fully, partially): by account, then by name."""
    by_account = (
        books.lines.filter(pl.col("account") != "")
        .join(books.accounts, on="account")
        .select("line_ref", "party_type", "party_no", pl.lit(True).alias("sure"))
    )
    who = (
        pl.when(pl.col("name") != "").then(pl.col("name")).otherwise(pl.col("text"))
        .str.to_lowercase()
    )  # fmt: skip
    asked = books.lines.select("line_ref", who.alias("who"))
    near = _near(asked["who"].unique(), books.parties["name"].str.to_lowercase().unique())
    by_name = (
        asked.join(near, on="who")
        .join(_with_uniqueness(books), on="name")
        .select("line_ref", "party_type", "party_no", pl.col("unique").alias("sure"))
    )
    both = pl.concat([by_account, by_name]).group_by("line_ref", "party_type", "party_no")
    level = pl.when(pl.col("sure")).then(pl.lit("fully")).otherwise(pl.lit("partially"))
    return (
        both.agg(pl.col("sure").any())
        .select("line_ref", pl.col("party_type").alias("owner_type"),
                pl.col("party_no").alias("owner_no"), level.alias("party"))
        .sort("line_ref", "owner_type", "owner_no")
    )  # fmt: skip


def _with_uniqueness(books: Books) -> pl.DataFrame:
    """Parties with ``name`` in small letters; unique when no other name of the side has it."""
    named = books.parties.select(
        "party_type", "party_no", pl.col("name").str.to_lowercase().alias("name")
    )
    found = []
    for rows in named.partition_by("party_type"):
        names = rows["name"].unique().sort()
        inside = rows.select(
            pl.col("name").str.extract_many(names.implode(), overlapping=True).list.unique()
        ).explode("name")["name"].value_counts(name="times")  # fmt: skip
        found.append(rows.join(inside, on="name").with_columns((pl.col("times") == 1)
                     .alias("unique")))  # fmt: skip
    return pl.concat(found)


def _near(asked: pl.Series, names: pl.Series) -> pl.DataFrame:
    """``who, name`` of texts and names whose nearness is enough."""
    runs = {text: frozenset(_runs(text)) for text in (*asked, *names)}
    pairs = [
        (who, name)
        for who, name in _maybe(asked, names).iter_rows()
        if _covered(who, name, runs) and nearness(who, name) >= _NEAR
    ]
    return pl.DataFrame(pairs, schema={"who": pl.String, "name": pl.String}, orient="row")


def _covered(text: str, name: str, runs: dict[str, frozenset[str]]) -> bool:
    """Whether runs that both have can cover enough of the shorter one; quick to tell."""
    shorter, longer = sorted((text, name), key=len)
    if not runs[longer].isdisjoint(runs[shorter]):
        common, end, covered = runs[longer] & runs[shorter], 0, 0
        for start in range(len(shorter) - _CHUNK + 1):
            if shorter[start : start + _CHUNK] in common:
                covered += start + _CHUNK - max(start, end)
                end = start + _CHUNK
        return covered * 100 >= _NEAR * len(shorter)
    return False


def _maybe(asked: pl.Series, names: pl.Series) -> pl.DataFrame:
    """Pairs that are worth the comparison: some run of four letters in common, a rare one.

    Nearness needs 95 % of the shorter text in runs of four or more, so most of its runs are
    there; names that consist of common runs alone must be equal to be found.
    """
    runs = [
        pl.DataFrame({key: texts}).with_columns(
            pl.col(key).map_elements(_runs, return_dtype=pl.List(pl.String)).alias("run")
        ).explode("run")
        for key, texts in (("who", asked), ("name", names))
    ]  # fmt: skip
    rare = runs[1].filter(pl.len().over("run") <= _COMMON)
    pairs = runs[0].join(rare, on="run").select("who", "name").unique()
    same = runs[0].select("who").unique().with_columns(pl.col("who").alias("name"))
    known = same.filter(pl.col("name").is_in(names.implode()))
    return pl.concat([pairs, known]).unique().sort("who", "name")


def _runs(text: str) -> list[str]:
    return sorted({text[start : start + _CHUNK] for start in range(len(text) - _CHUNK + 1)})


def nearness(text: str, name: str) -> int:
    """Percent of the shorter one that is in common runs of four characters or more.

    >>> nearness("weber maschinenbau ag bremen", "weber maschinenbau ag")
    100
    >>> nearness("weber gmbh", "maier gmbh")
    60
    """
    shorter = min(len(text), len(name))
    if shorter < _CHUNK or len(text) * 100 < _MAYBE * len(name):
        return 0
    return sum(_common(text, name)) * 100 // shorter


def _common(first: str, second: str) -> Iterator[int]:
    """Lengths of the longest common parts, each taken out of both before the next is sought."""
    while True:
        found = SequenceMatcher(None, first, second, autojunk=False).find_longest_match()
        if found.size < _CHUNK:
            return
        yield found.size
        first = first[: found.a] + first[found.a + found.size :]
        second = second[: found.b] + second[found.b + found.size :]
