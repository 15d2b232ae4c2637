"""Were the posted lines right? A line counts as right when all its entries are, and no other."""

from pathlib import Path

import polars as pl

from benchmarks.measure import command

_LINE = "bank_reference"


def judge(ledger: Path, lines: pl.DataFrame, folder: Path, log: Path) -> str:
    """How many paying lines posted themselves, how many of them wrong, and the candidate recall.

    That is the share of the paying lines whose documents were all proposed, at whatever rank. What
    is exported for it stays in ``folder``.
    """
    posted = _exported(ledger, "applications", folder, log).filter(pl.col("status") == "posted")
    proposed = _exported(ledger, "proposals", folder, log)
    number = pl.col("line").cast(pl.String).str.zfill(8)
    documents = pl.col("documents").str.split(";").list.sort()
    paying = (
        lines.filter(pl.col("documents") != "")
        .select(pl.concat_str(pl.lit("B"), number).alias(_LINE), documents)
        .join(_documents(posted, "settled"), on=_LINE, how="left")
        .join(_documents(proposed, "candidates"), on=_LINE, how="left")
    )
    settled = paying.drop_nulls("settled")
    wrong = settled.filter(pl.col("settled") != pl.col("documents")).height
    missed = pl.col("documents").list.set_difference("candidates").list.len()
    seen = paying.filter(missed == 0).height
    return (
        f"{settled.height:,} of {paying.height:,} paying lines settle documents, {wrong:,} of them"
        f" wrong; candidate recall {seen / paying.height:.2%}"
    )


def _exported(ledger: Path, kind: str, folder: Path, log: Path) -> pl.DataFrame:
    file = folder / f"{kind}.parquet"
    command(ledger, "export", kind, "--format", "parquet", "-o", str(file), log=log)
    return pl.read_parquet(file)


def _documents(rows: pl.DataFrame, name: str) -> pl.DataFrame:
    """The documents of each line, every one once, in order."""
    named = rows.filter(pl.col("document_no") != "")
    return named.group_by(_LINE).agg(pl.col("document_no").unique().sort().alias(name))
