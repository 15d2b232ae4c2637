"""What people taught (``frames.MAPPINGS``), found in the lines: in bulk, from texts alone.

A payer's account or whole name, or words of the text. Parties that decisions taught serve money in
only: an account learnt from bank lines never becomes payee data. Money out goes to a vendor by a
mapping that a person made for it. Of texts the longest counts.
"""

import polars as pl

from pipeline.matching import payers
from pipeline.matching.text import folded, plain

HOW = {"payer_account": "mapped_account", "payer_name": "mapped_name", "text": "mapped_text"}
"""``how`` of ``payers.PAYER`` by the kind of the mapping."""
PAYEE = ["line_id", "mapping_no", "party_type", "party_no", "doubt"]
ACCOUNT = ["line_id", "mapping_no", "gl_account", "doubt"]
_PAIR = {"line_id": pl.Int64, "mapping_no": pl.Int64}
_KINDS = ["payer_account", "payer_name", "text"]


def hits(lines: pl.DataFrame, mappings: pl.DataFrame, known: pl.DataFrame) -> pl.DataFrame:
    """Mappings that fit each of ``lines``, with the columns of both that matter here.

    ``known`` are the names on file (``payers.known_names``): one word that they share with what
    was taught tells nobody.
    """
    asked = lines.select("line_id", "amount", pl.col("currency").alias("paid_in"))
    side = pl.when(pl.col("amount") < 0).then(pl.lit("out")).otherwise(pl.lit("in"))
    pairs = pl.concat(
        [
            _by_account(lines, mappings),
            _by_name(lines, mappings, known),
            _by_text(lines, mappings),
        ]
    )
    found = pairs.join(mappings, on="mapping_no").join(asked, on="line_id")
    found = found.filter((pl.col("side") == "both") | (pl.col("side") == side))
    length = (
        pl.when(pl.col("kind") == "text")
        .then(folded(pl.col("pattern")).str.len_chars())
        .otherwise(0)
    )
    longest = length == length.max().over("line_id", "kind")
    return found.filter(longest).sort("line_id", "mapping_no")


def _by_account(lines: pl.DataFrame, mappings: pl.DataFrame) -> pl.DataFrame:
    taught = _of_kind(mappings, "payer_account", plain(pl.col("pattern")))
    if taught.is_empty():
        return pl.DataFrame(schema=_PAIR)
    asked = lines.select("line_id", plain(pl.col("counterparty_account")).alias("key"))
    return asked.filter(pl.col("key") != "").join(taught, on="key").select("line_id", "mapping_no")


def _by_name(lines: pl.DataFrame, mappings: pl.DataFrame, known: pl.DataFrame) -> pl.DataFrame:
    """The whole name, or as the bank cut it. Of two mappings with one name both are found."""
    taught = _of_kind(mappings, "payer_name", pl.col("pattern"))
    if taught.is_empty():
        return pl.DataFrame(schema=_PAIR)
    names = payers.keyed(taught.rename({"key": "written"}))
    names = names.filter(~pl.col("key").is_in(payers.common_words(names["key"], known).implode()))
    once = names.unique("words").with_columns(
        pl.lit("").alias("party_type"), pl.col("words").alias("party_no")
    )
    found = payers.by_name(payers.asked_names(lines), once).filter(pl.col("how") == "name")
    given = lines.select("line_id", pl.col("counterparty_name").alias("written"))
    pairs = given.join(found, on="written").join(names, left_on="party_no", right_on="words")
    return pairs.select("line_id", "mapping_no")


def _by_text(lines: pl.DataFrame, mappings: pl.DataFrame) -> pl.DataFrame:
    """Whole words only: RENT does not stand in PARENT."""
    taught = _of_kind(mappings, "text", _words(pl.col("pattern")))
    if taught.is_empty():
        return pl.DataFrame(schema=_PAIR)
    patterns = taught["key"].unique().sort()
    said = lines.select("line_id", _words(pl.col("text")).alias("said"))
    key = pl.col("said").str.extract_many(patterns.implode(), overlapping=True).alias("key")
    found = said.select("line_id", key).explode("key", empty_as_null=True).drop_nulls("key")
    return found.unique().join(taught, on="key").select("line_id", "mapping_no")


def _words(text: pl.Expr) -> pl.Expr:
    return pl.concat_str(pl.lit(" "), folded(text), pl.lit(" "))


def _of_kind(mappings: pl.DataFrame, kind: str, key: pl.Expr) -> pl.DataFrame:
    return mappings.filter(pl.col("kind") == kind).select("mapping_no", key.alias("key"))


def parties(found: pl.DataFrame) -> pl.DataFrame:
    """Of ``hits`` the parties of receipts, as ``payers.PAYER``."""
    taught = found.filter((pl.col("target_type") != "gl") & (pl.col("amount") > 0))
    how = pl.col("kind").replace_strict(HOW, return_dtype=pl.String)
    named = taught.select("line_id", pl.col("target_type").alias("party_type"),
                          pl.col("target_no").alias("party_no"), how.alias("how"))  # fmt: skip
    return named.unique()


def payees(found: pl.DataFrame) -> pl.DataFrame:
    """Of ``hits`` the vendors of money out, with the ``doubt`` of ``accounts``: ``PAYEE``."""
    taught = found.filter((pl.col("target_type") == "vendor") & (pl.col("amount") < 0))
    party = (pl.col("target_type").alias("party_type"), pl.col("target_no").alias("party_no"))
    named = taught.select("line_id", "mapping_no", *party, _doubt().alias("doubt"))
    return named.sort("line_id", "mapping_no")


def accounts(found: pl.DataFrame) -> pl.DataFrame:
    """Of ``hits`` the G/L accounts: ``line_id, mapping_no, gl_account, doubt``.

    The account of a payer comes before its name, and that before a text. ``doubt`` is the reason
    code why the mapping may not post the line by itself, else empty.
    """
    rank = pl.col("kind").replace_strict(_KINDS, list(range(3)), return_dtype=pl.Int64)
    taught = found.filter(pl.col("target_type") == "gl")
    first = taught.filter(rank == rank.min().over("line_id"))
    account = pl.col("target_no").alias("gl_account")
    named = first.select("line_id", "mapping_no", account, _doubt().alias("doubt"))
    return named.sort("line_id", "mapping_no")


def _doubt() -> pl.Expr:
    """Why a mapping may not post the line by itself, else empty."""
    within = (pl.col("currency") == pl.col("paid_in")) & (
        pl.col("amount").abs() <= pl.col("amount_limit")
    )
    return (
        pl.when(~pl.col("approved")).then(pl.lit("mapping_not_approved"))
        .when(~within.fill_null(False)).then(pl.lit("needs_approval")).otherwise(pl.lit(""))
    )  # fmt: skip
