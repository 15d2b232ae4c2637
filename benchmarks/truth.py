"""Were the posted lines right? A line counts as right when all its entries are, and no other."""

from pathlib import Path

import polars as pl

from benchmarks.measure import command


def judge(ledger: Path, lines: pl.DataFrame, file: Path, log: Path) -> str:
    """One sentence: how many lines posted themselves, how many of them settle other documents."""
    command(ledger, "export", "applications", "--format", "parquet", "-o", str(file), log=log)
    posted = pl.read_parquet(file).filter(
        (pl.col("status") == "posted") & (pl.col("document_no") != "")
    )
    found = posted.group_by("bank_reference").agg(
        pl.col("document_no").unique().sort().str.join(";").alias("settled")
    )
    reference = pl.concat_str(
        pl.lit("B"), pl.col("line").cast(pl.String).str.zfill(8)
    ).alias("bank_reference")  # fmt: skip
    true = lines.select(
        reference, pl.col("documents").str.split(";").list.sort().list.join(";"), "case"
    )
    joined = true.join(found, on="bank_reference", how="left")
    settled = joined.filter(pl.col("settled").is_not_null())
    wrong = settled.filter(pl.col("settled") != pl.col("documents")).height
    paying = joined.filter(pl.col("documents") != "").height
    return (
        f"{settled.height:,} of {paying:,} paying lines settle documents, {wrong:,} of them wrong"
    )
