"""How probable it is that a proposal is right: how often proposals like it were.

``calibration.csv`` holds the shares, counted on generated companies whose truth is known (``python
-m benchmarks.quality.calibrate``). The most specific row counts; ``*`` is anything. Nothing is
decided by it: what posts is the rules' matter.
"""

from functools import cache
from pathlib import Path

import polars as pl

FILE = Path(__file__).with_name("calibration.csv")
KEYS = ("rule", "confidence", "reason", "place", "evidence")
"""``place``: first, other for the proposals after it, or tied for answers of equal right."""
GROUPS = (
    ("rule", "confidence", "reason", "place", "evidence"),
    ("rule", "confidence", "reason", "place"),
    ("rule", "confidence", "place"),
    ("confidence", "place"),
)
"""The columns by which proposals are alike, most specific first."""
ANY = "*"
DECIMALS = 4
TIE = ("rule", "confidence", "reason")
"""What answers of one line have in common that are tied."""


def state(heads: pl.DataFrame, rows: pl.DataFrame) -> pl.DataFrame:
    """``heads`` with their ``probability`` as decimal text; empty where nothing is settled.

    Tied answers have equal parts of what they come to together, and no answer of a line is said to
    be more probable than one before it.
    """
    key = ["line_id", "rank"]
    heads = heads.sort(key)
    settling = rows.select(*key, pl.lit(True).alias("settles")).unique()
    found = kinds(heads, "line_id")
    shares = _shares(found.select(KEYS).unique())
    found = found.join(settling, on=key, how="left", maintain_order="left")
    found = found.join(shares, on=list(KEYS), how="left", maintain_order="left")
    digits = pl.col("share").str.slice(len("0.")).cast(pl.Int64) // pl.col("tied")
    least = pl.when("settles").then(digits).cum_min().over("line_id")
    text = pl.format("0.{}", least.cast(pl.String).str.zfill(DECIMALS)).fill_null("")
    return heads.with_columns(found.select(text.alias("probability")).to_series())


def _shares(kinds: pl.DataFrame) -> pl.DataFrame:
    """``kinds`` (``KEYS``) with the ``share`` of the most specific row of the table."""
    table = _table()
    names = []
    for keys in GROUPS:
        rest = [pl.col(name) == ANY for name in KEYS if name not in keys]
        known = table.filter(*rest, *(pl.col(name) != ANY for name in keys))
        names.append("_".join(keys))
        shares = known.select(*keys, pl.col("probability").alias(names[-1]))
        kinds = kinds.join(shares, on=list(keys), how="left")
    return kinds.select(*KEYS, pl.coalesce(names).alias("share"))


def kinds(heads: pl.DataFrame, line: str) -> pl.DataFrame:
    """Proposals with their ``place``, and how many are ``tied`` with each, itself among them.

    ``line`` is the column that tells their line. The order of tied answers says nothing, and what
    one of them has that another lacks says nothing of the tie: it is left out.
    """
    asks = (pl.col("confidence") == "low") & (pl.col("reason") == "ambiguous")
    ties = heads.filter(asks).select(line, "rank", pl.len().over(line, *TIE).alias("tied"))
    counted = heads.join(ties, on=[line, "rank"], how="left", maintain_order="left")
    tied = pl.col("tied") > 1
    first = pl.when(pl.col("rank") == 1).then(pl.lit("first")).otherwise(pl.lit("other"))
    return counted.with_columns(
        pl.col("tied").fill_null(1),
        pl.when(tied).then(pl.lit("tied")).otherwise(first).alias("place"),
        pl.when(tied).then(pl.lit("")).otherwise("evidence").alias("evidence"),
    )


@cache
def _table() -> pl.DataFrame:
    return pl.read_csv(FILE, infer_schema=False).fill_null("")
