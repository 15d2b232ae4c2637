"""What proposals rest on, in the language of the reader.

The night writes sentences in English; here the same are said from the facts that are kept.
"""

import functools
from collections.abc import Iterable

import polars as pl

from pipeline import ledger
from pipeline.domain import seen
from pipeline.ledger import chosen
from pipeline.matching import levels, sentences
from pipeline.page.words import Words

_catalogue = functools.cache(seen.catalogue)


def sentences_of(
    book: ledger.Ledger, words: Words, line_ids: Iterable[int]
) -> dict[tuple[int, int], str]:
    """By line and rank of each proposal; none for English, which is stored.

    One that an older version stored is in English.
    """
    return {} if words.code == "en" else told(book, line_ids, _wording(words))


def told(
    book: ledger.Ledger, line_ids: Iterable[int], wording: sentences.Wording
) -> dict[tuple[int, int], str]:
    """By line and rank, what each proposal rests on."""
    heads, rows, lines, entries = chosen.facts(book, set(line_ids))
    both = zip(heads.to_dicts(), _named(heads, rows, entries), strict=True)
    rules = [_rule(head["explanation"], head["seen"], named, wording) for head, named in both]
    heads = heads.with_columns(pl.Series("explanation", rules, dtype=pl.String))
    whole = (pl.col("seen") != "") & ~pl.col("evidence").str.contains("^$|^return=")  # all is said
    found = levels.of_text(heads.filter(whole))
    found = sentences.write(found, rows, lines, entries, wording).select(heads.columns)
    all_said = pl.concat([found, heads.filter(~whole)])
    return {(row["line_id"], row["rank"]): row["explanation"] for row in all_said.to_dicts()}


def _wording(words: Words) -> sentences.Wording:
    def amount(frame: pl.DataFrame, name: str, currency: str) -> pl.Expr:
        return pl.struct(pl.col(name).alias("sum"), pl.col(currency).alias("of")).map_elements(
            lambda one: words.amount(one["sum"], one["of"]) if one["sum"] and one["of"] else None,
            return_dtype=pl.String,
        )

    def day(column: pl.Expr) -> pl.Expr:
        return column.map_elements(words.day, return_dtype=pl.String)

    return sentences.Wording(_catalogue(words.code), amount, day, words.point())


def _named(heads: pl.DataFrame, rows: pl.DataFrame, entries: pl.DataFrame) -> list[str]:
    """The documents that each proposal settles, five at most."""
    settled = rows.filter(pl.col("target") == "entry").join(
        entries, left_on="target_id", right_on="entry_id"
    ).sort(*levels.KEY, "seq").group_by(levels.KEY).agg(
        pl.col("document_no").head(5).str.join(", ").alias("named")
    )  # fmt: skip
    return heads.join(settled, on=levels.KEY, how="left", maintain_order="left")[
        "named"
    ].fill_null("").to_list()  # fmt: skip


def _rule(stored: str, saw: str, named: str, wording: sentences.Wording) -> str:
    """What the rule saw; a proposal that names just what it settles keeps no more than that."""
    parts = seen.read(saw)
    if not parts:
        return stored
    whole = tuple((*part, named) if part == ("names",) else part for part in parts)
    return seen.said(whole, wording.words)
