"""``python -m benchmarks.quality.calibrate``: how often Lettrage's proposals are right.

Counts on worlds of the tuning seeds, for each kind of proposal (see
``pipeline.matching.probability``), how many there were and how many were the truth, and writes
the shares with the package. A share is drawn towards that of the wider kind by ``PRIOR``
proposals of it, and counts ``UNSEEN`` wrong ones more than were seen: few right ones are no
certainty.
"""

import argparse
import multiprocessing
import sys
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path

import polars as pl
from rich.console import Console

from benchmarks.quality import lettrage
from benchmarks.quality.answers import Answers
from benchmarks.quality.judge import judge
from benchmarks.quality.seeds import tuning_seeds
from benchmarks.worlds import COUNTRIES, write
from pipeline.matching.probability import ANY, DECIMALS, FILE, GROUPS, KEYS, TIE, kinds

PRIOR = 2
UNSEEN = 0.5
LEAST = 10
"""Fewer proposals than this are no kind of their own."""
_SAY = Console()


def main() -> int:
    """Run the worlds, judge every proposal, write the table."""
    asked = _options()
    home: Path = asked.folder.resolve()
    worlds = [
        (home / f"{country}-{seed}-{asked.lines}", country, seed, asked.lines)
        for seed in asked.seeds
        for country in COUNTRIES
    ]
    spawned = multiprocessing.get_context("spawn")  # polars does not survive a fork
    with ProcessPoolExecutor(asked.workers, mp_context=spawned) as pool:
        found = pl.concat(pool.map(_judged, *zip(*worlds, strict=True)))
    table = shares(found)
    table.write_csv(FILE)
    _SAY.print(f"{found.height:,} proposals of {len(worlds)} worlds: {table.height} rows, {FILE}")
    return 0


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks.quality.calibrate", description=__doc__
    )
    parser.add_argument("--lines", type=int, default=1_500, help="of each world")
    parser.add_argument("--seeds", type=tuning_seeds, default="1,5", help="tuning seeds, 1 to 99")
    parser.add_argument("--workers", type=int, default=2, help="worlds at a time")
    parser.add_argument("--folder", type=Path, default=Path(".bench") / "calibration",
                        help="keeps the worlds, so that the next time is quick")  # fmt: skip
    return parser.parse_args()


def _judged(folder: Path, country: str, seed: int, lines: int) -> pl.DataFrame:
    """Every proposal of a world that settles something: its kind, and was it ``same``."""
    if not (folder / "truth_parts.parquet").exists():
        write(country, seed, lines, folder)
    truth = [pl.read_parquet(folder / f"truth_{name}.parquet") for name in ("lines", "parts")]
    ledger = lettrage.night(folder, folder / "lettrage")
    proposals = lettrage.export(ledger, "proposals")
    return judged(proposals, *truth)


def judged(proposals: pl.DataFrame, lines: pl.DataFrame, parts: pl.DataFrame) -> pl.DataFrame:
    """The kinds (``KEYS``) of the exported ``proposals``, and whether each is the truth."""
    given = lettrage.from_exports(proposals.clear(), proposals)
    found = []
    for rank in sorted(given.parts["rank"].unique()):
        own = given.parts.filter(pl.col("rank") == rank).with_columns(pl.lit(1).alias("rank"))
        verdicts = judge(lines, parts, Answers.of(given.lines, own))
        found.append(verdicts.select("line_ref", "same", pl.lit(rank).alias("rank")))
    settling = proposals.filter(pl.col("applied_amount").str.contains("[1-9]"))
    heads = settling.with_columns(pl.col("bank_reference").alias("line_ref"))
    heads = kinds(heads.unique(["line_ref", "rank"]), "line_ref").select("line_ref", "rank", *KEYS)
    return each_tie_once(heads.join(pl.concat(found), on=["line_ref", "rank"])).select(
        *KEYS, "same"
    )


def each_tie_once(found: pl.DataFrame) -> pl.DataFrame:
    """Of a tie, whether one of its answers is the ``same``."""
    tied, of_tie = pl.col("place") == "tied", ["line_ref", *TIE]
    ties = (
        found.filter(tied)
        .group_by(of_tie, maintain_order=True)
        .agg(pl.col("place", "evidence").first(), pl.col("same").any())
    )
    return pl.concat([found.filter(~tied).drop("rank"), ties], how="diagonal")


def shares(found: pl.DataFrame) -> pl.DataFrame:
    """``KEYS, proposals, right, probability`` of each kind with enough proposals, and the wider."""
    known = found.with_columns(pl.lit(0.5).alias("wider"))
    tables = []
    for keys in reversed(GROUPS):
        table = known.group_by(keys).agg(
            pl.len().alias("proposals"),
            pl.col("same").sum().alias("right"),
            pl.col("wider").first(),
        )
        drawn = pl.col("right") + PRIOR * pl.col("wider")
        stated = drawn / (pl.col("proposals") + PRIOR + UNSEEN)
        table = table.with_columns(stated.alias("share"))
        enough = (pl.col("proposals") >= LEAST) | (len(keys) < 3)
        tables.append(table.filter(enough))
        given = table.filter(enough).select(*keys, pl.col("share").alias("nearer"))
        known = known.join(given, on=list(keys), how="left").with_columns(
            pl.coalesce("nearer", "wider").alias("wider")
        )
        known = known.drop("nearer")
    whole = pl.concat(tables, how="diagonal").with_columns(
        pl.col(name).fill_null(ANY) for name in KEYS
    )  # fmt: skip
    places = 10**DECIMALS
    floor = (pl.col("share") * places).floor().clip(1, places - 1).cast(pl.Int64)
    text = pl.format("0.{}", floor.cast(pl.String).str.zfill(DECIMALS))
    return whole.with_columns(text.alias("probability")).select(
        *KEYS, "proposals", "right", "probability"
    ).sort(KEYS)  # fmt: skip


if __name__ == "__main__":
    sys.exit(main())
