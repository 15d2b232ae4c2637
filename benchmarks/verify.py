"""``python -m benchmarks.verify``: how long ``lettrage verify`` takes for many postings.

The ledger begins as any other: books of a made-up company are loaded, a night takes what its banks
send, parks what is left and reconciles the statements. That happens again, year after year, until
there are as many postings. There are half as many lines, and a third more entries than lines pay.
"""

import argparse
import json
import shutil
import sys
from pathlib import Path

import polars as pl
from rich.console import Console
from rich.table import Table

from benchmarks.bank_files import write_mt940
from benchmarks.measure import command
from benchmarks.world import world
from benchmarks.years import repeat
from pipeline import ledger as ledgers

_COUNTED = {"posting": "I1", "application": "I18", "journal_entry": "I9", "entry": "I14",
            "statement_line": "I28b"}  # fmt: skip
_A_YEAR = 100_000
"""Postings of the year that happens again."""
_SAY = Console(stderr=True)


def main() -> int:
    """Make the ledger, or take one that is there; prints its rows, seconds and memory."""
    options = _options()
    folder: Path = options.folder.resolve()
    ledger: Path = options.ledger or _made(options.postings, folder)
    folder.mkdir(parents=True, exist_ok=True)
    log = folder / "verify.txt"
    log.unlink(missing_ok=True)
    run = command(ledger, "verify", "--json", log=log)
    found = json.loads(log.read_text("utf-8").splitlines()[-1])
    rows = _rows({one["invariant"]: one["checked"] for one in found["invariants"]})
    million = rows["posting"] / 1e6
    table = Table("what", "", title=f"lettrage verify, {rows['posting']:,} postings")
    for name, count in rows.items():
        table.add_row(f"{name} rows", f"{count:,}")
    table.add_row("seconds", f"{run.seconds:.1f}, a million postings {run.seconds / million:.1f}")
    table.add_row("CPU seconds", f"{run.cpu:.1f}, a million postings {run.cpu / million:.1f}")
    table.add_row("MB at most", f"{run.megabytes:,.0f}")
    table.add_row("checks broken", ", ".join(found["broken"]) or "none")
    slowest = sorted(found["invariants"], key=lambda check: -check["seconds"])[:10]
    for check in slowest:
        table.add_row(check["invariant"], f"{check['seconds']:.1f} s")
    Console().print(table)
    if not options.keep and options.ledger is None:
        shutil.rmtree(folder, ignore_errors=True)
    return 1 if found["broken"] else 0


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.verify", description=__doc__)
    parser.add_argument("--folder", type=Path, default=Path(".bench/verify"))
    parser.add_argument("--postings", type=int, default=200_000, help="about so many; else 200,000")
    parser.add_argument("--ledger", type=Path, metavar="FILE", help="a SQLite ledger that is there")
    parser.add_argument("--keep", action="store_true", help="leave the ledger there")
    return parser.parse_args()


def _made(postings: int, folder: Path) -> Path:
    shutil.rmtree(folder, ignore_errors=True)
    ledger, log = folder / "ledger.db", folder / "log.txt"
    years = max(1, round(postings / _A_YEAR))
    lines = postings // years // 2
    made = world(lines, lines * 5)
    write_mt940(made.lines, folder / "mt940")
    (folder / "lettrage.toml").write_text('[policy]\npark = "nightly"\n', "utf-8")
    paid = made.lines["documents"].str.split(";").explode()
    others = pl.int_range(pl.len()) % 15 == 0
    entries = made.entries.filter(pl.col("document_no").is_in(paid.implode()) | others)
    parts = {"bank-accounts": made.bank_accounts, "customers": made.customers,
             "ledger-entries": entries}  # fmt: skip
    for kind, frame in parts.items():
        _SAY.print(f"loading {kind}")
        file = folder / f"{kind}.parquet"
        frame.with_columns(pl.all().cast(pl.String)).write_parquet(file)
        command(ledger, "load", kind, str(file), log=log)
    _SAY.print("the night")
    config = str(folder / "lettrage.toml")
    command(ledger, "nightly", str(folder / "mt940"), "--config", config, log=log)
    with ledgers.open(f"sqlite:///{ledger}") as book:
        for year in repeat(book, years - 1):
            _SAY.print(f"the same again, {year} of {years - 1}")
    return ledger


def _rows(checked: dict[str, int]) -> dict[str, int]:
    """Rows of the large tables, as ``verify`` counted them."""
    return {table: checked[invariant] for table, invariant in _COUNTED.items()}


if __name__ == "__main__":
    sys.exit(main())
