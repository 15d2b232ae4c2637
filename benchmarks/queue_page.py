"""``python -m benchmarks.queue_page``: the page of exceptions with very many of them."""

import argparse
import shutil
from pathlib import Path

import polars as pl

from benchmarks.bank_files import write_mt940
from benchmarks.world import World, world
from pipeline import config, ledger, steps
from pipeline.ledger.load import load


def books(folder: Path, items: int) -> config.Settings:
    """A ledger in ``folder`` in which about ``items`` lines wait for a person."""
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    made = world(items, 10 * items)
    write_mt940(_unclear(made), folder / "mt940")
    settings = config.read(None, f"sqlite:///{folder.resolve()}/books.db")
    ledger.init(settings.ledger)
    with ledger.open(settings.ledger) as book:
        for kind, frame in (("bank-accounts", made.bank_accounts), ("customers", made.customers),
                            ("ledger-entries", made.entries)):  # fmt: skip
            file = folder / f"{kind}.parquet"
            frame.write_parquet(file)
            load(book, kind, file, settings, actor="benchmark")
    steps.ingest(settings, [folder / "mt940"], "benchmark")
    steps.match(settings, "benchmark")
    return settings


def _unclear(made: World) -> pl.DataFrame:
    """The lines of a world without what would settle them: no account, no number, odd amounts."""
    half = pl.col("line") % 2 == 0
    return made.lines.with_columns(
        pl.lit("").alias("iban"),
        (pl.col("amount") + 7).alias("amount"),
        pl.when(half).then(pl.col("name").str.reverse()).otherwise("name").alias("name"),
        pl.format("Zahlung {} vom {}", pl.col("line") * 7919 % 100_003, "day").alias("text"),
        pl.lit("unknown").alias("case"),
    )


if __name__ == "__main__":
    parser = argparse.ArgumentParser(prog="python -m benchmarks.queue_page", description=__doc__)
    parser.add_argument("--folder", type=Path, default=Path(".bench/queue"))
    parser.add_argument("--items", type=int, default=50_000)
    options = parser.parse_args()
    books(options.folder, options.items)
