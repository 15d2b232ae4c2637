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
"""``place``: first, or other for the proposals after it."""
GROUPS = (
    ("rule", "confidence", "reason", "place", "evidence"),
    ("rule", "confidence", "reason", "place"),
    ("rule", "confidence", "place"),
    ("confidence", "place"),
)
"""The columns by which proposals are alike, most specific first."""
ANY = "*"


def state(heads: pl.DataFrame, rows: pl.DataFrame) -> pl.DataFrame:
    """``heads`` with their ``probability`` as decimal text; empty where nothing is settled."""
    settling = rows.select("line_id", "rank", pl.lit(True).alias("settles")).unique()
    found = heads.with_columns(place()).join(settling, on=["line_id", "rank"], how="left")
    shares = _shares(found.select(KEYS).unique())
    stated = pl.when("settles").then("share").fill_null("").alias("probability")
    found = found.join(shares, on=list(KEYS), how="left").with_columns(stated)
    return found.select(heads.columns).sort("line_id", "rank")


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


def place() -> pl.Expr:
    """The column ``place`` of proposals by their rank."""
    return pl.when(pl.col("rank") == 1).then(pl.lit("first")).otherwise(pl.lit("other")).alias(
        "place"
    )  # fmt: skip


@cache
def _table() -> pl.DataFrame:
    return pl.read_csv(FILE, infer_schema=False).fill_null("")
