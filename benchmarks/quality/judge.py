"""Is a line right? All its entries and amounts, and no other; anything else is wrong."""

import polars as pl

from benchmarks.quality.answers import MONEY, PART, Answers

_ENTRIES = ("entry", "bank_entry")


def judge(truth: pl.DataFrame, parts: pl.DataFrame, answers: Answers) -> pl.DataFrame:
    """A verdict for each line of the ``truth``, in its order.

    ``same``: what was posted, or else the first proposal, is the truth. ``right``: same, and the
    line can be decided from the data; an undecidable line that posts itself is wrong whatever it
    hit. ``seen``: all true entries were candidates; null where the line settles none. Besides
    ``answered``, ``posted`` and the ``probability`` of that answer.
    """
    true = _signature(parts.with_columns(pl.lit(1, pl.Int64).alias("rank")), "_true")
    given = _signature(answers.parts.filter(pl.col("rank") == 1), "_given")
    lines = answers.lines.with_columns(pl.lit(True).alias("answered"))
    judged = (
        truth.join(lines, on="line_ref", how="left", maintain_order="left")
        .join(true, on="line_ref", how="left", maintain_order="left")
        .join(given, on="line_ref", how="left", maintain_order="left")
        .join(_seen(parts, answers), on="line_ref", how="left", maintain_order="left")
    )
    same = (pl.col("_true") == pl.col("_given")).fill_null(False)
    return judged.with_columns(
        pl.col("answered").fill_null(False) & pl.col("_given").is_not_null(),
        pl.col("posted").fill_null(False),
        same.alias("same"),
        (same & pl.col("decidable")).alias("right"),
    ).drop("_true", "_given")


def _signature(parts: pl.DataFrame, name: str) -> pl.DataFrame:
    """The parts of a line as one text that is equal when all parts and amounts are.

    Several applications of one entry are one part.
    """
    whole = (
        _plain(parts)
        .group_by("line_ref", *PART)
        .agg(pl.col(MONEY).fill_null(0).sum())
        .filter(pl.any_horizontal(pl.col(MONEY) != 0))
    )
    text = pl.concat_str([*PART, *MONEY], separator="\x1f")
    return whole.group_by("line_ref").agg(text.sort().str.join("\x1e").alias(name))


def _plain(parts: pl.DataFrame) -> pl.DataFrame:
    """A G/L account as ``document_no``; what a transfer goes through is the chart's matter."""
    target = pl.col("target")
    document = pl.col("document_no").fill_null("")
    if "gl_account" in parts.columns:
        document = pl.when(target == "gl_account").then("gl_account").otherwise(document)
    party = pl.when(target.is_in(("entry", "on_account"))).then("party_type")
    return parts.with_columns(
        party.fill_null("").alias("party_type"),
        pl.when(target == "transfer").then(pl.lit("")).otherwise("party_no").fill_null("")
        .alias("party_no"),
        pl.when(target == "transfer").then(pl.lit("")).otherwise(document).alias("document_no"),
    )  # fmt: skip


def _seen(parts: pl.DataFrame, answers: Answers) -> pl.DataFrame:
    """Lines that settle entries: whether each of these entries was among the candidates."""
    asked = (
        _plain(parts).filter(pl.col("target").is_in(_ENTRIES)).select("line_ref", *PART).unique()
    )
    looked = answers.candidates.with_columns(pl.lit(True).alias("seen"))
    return (
        asked.join(looked, on=["line_ref", *PART], how="left")
        .group_by("line_ref")
        .agg(pl.col("seen").fill_null(False).all())
    )
