"""``python -m benchmarks``: one table of reading, matching, posting and the whole night."""

import argparse
import compileall
import shutil
import sys
from pathlib import Path
from statistics import mean, median

import polars as pl
from rich.console import Console
from rich.table import Table

from benchmarks.bank_files import write_mt940, write_ofx
from benchmarks.measure import Run, bare_parse, command, copied
from benchmarks.truth import judge
from benchmarks.world import World, world
from pipeline import config

SIZES = ((10_000, 100_000), (100_000, 1_000_000))
_SAY = Console(stderr=True)


def main() -> int:
    """Measure every size; prints the table and says how many posted lines were right."""
    options = _options()
    folder: Path = options.folder.resolve()
    shutil.rmtree(folder, ignore_errors=True)
    compileall.compile_dir(Path(config.__file__).parent, quiet=2)  # as any second run finds it
    table = Table("lines x entries", "step", "seconds", "lines/s", "MB", "ratio to P",
                  title="P: bare mt-940 parse of the same lines, around each step")  # fmt: skip
    for size in options.size or SIZES:
        _measure(size, folder / f"{size[0]}", table, ofx=options.ofx)
    Console().print(table)
    if not options.keep:
        shutil.rmtree(folder, ignore_errors=True)
    return 0


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("--folder", type=Path, default=Path(".bench/speed"))
    parser.add_argument("--size", type=_size, action="append", help="LINESxENTRIES, repeatable")
    parser.add_argument("--keep", action="store_true", help="leave the files and ledgers there")
    parser.add_argument("--no-ofx", dest="ofx", action="store_false")
    return parser.parse_args()


def _size(text: str) -> tuple[int, int]:
    lines, _, entries = text.partition("x")
    return int(lines), int(entries)


def _measure(size: tuple[int, int], folder: Path, table: Table, *, ofx: bool) -> None:
    made = world(*size)
    write_mt940(made.lines, folder / "mt940")
    base, log = folder / "books.db", folder / "log.txt"
    _SAY.print(f"{size[0]:,} x {size[1]:,}: loading the books")
    bare = [bare_parse(folder / "mt940")]
    loading = _load(made, base, folder, log)

    def row(step: str, run: Run) -> None:
        bare.append(bare_parse(folder / "mt940"))
        ratio = run.seconds / mean(bare[-2:])
        table.add_row(
            f"{size[0]:,} x {size[1]:,}", step, f"{run.seconds:.1f}",
            f"{size[0] / run.seconds:,.0f}", f"{run.megabytes:,.0f}", f"{ratio:.2f}",
        )  # fmt: skip

    row("load the books (once)", loading)
    if ofx:
        write_ofx(made.lines, folder / "ofx")
        copy = copied(base, folder / "ofx.db")
        row("read OFX 1", command(copy, "ingest", str(folder / "ofx"), log=log))
    steps = copied(base, folder / "steps.db")
    for name, arguments in (
        ("read MT940", ("ingest", str(folder / "mt940"))),
        ("match", ("match",)),
        ("post, match again", ("post",)),
        ("reconcile", ("reconcile",)),
    ):
        _SAY.print(f"{size[0]:,} x {size[1]:,}: {name}")
        row(name, command(steps, *arguments, log=log))
    night = copied(base, folder / "night.db")
    _SAY.print(f"{size[0]:,} x {size[1]:,}: the whole night")
    row("end to end", command(night, "nightly", str(folder / "mt940"), log=log))
    row("the same night again", command(night, "nightly", str(folder / "mt940"), log=log))
    middle = median(bare)
    spread = f"{min(bare):.1f} to {max(bare):.1f}"
    table.add_row(
        f"{size[0]:,} x {size[1]:,}", f"P ({spread})", f"{middle:.1f}",
        f"{size[0] / middle:,.0f}", "", "1",
    )  # fmt: skip
    _SAY.print(judge(night, made.lines, folder, log))


def _load(made: World, base: Path, folder: Path, log: Path) -> Run:
    parts = {"bank-accounts": made.bank_accounts, "customers": made.customers,
             "ledger-entries": made.entries}  # fmt: skip
    runs = []
    for kind, frame in parts.items():
        file = folder / f"{kind}.parquet"
        frame.with_columns(pl.all().cast(pl.String)).write_parquet(file)
        runs.append(command(base, "load", kind, str(file), log=log))
    return Run(sum(run.seconds for run in runs), max(run.megabytes for run in runs))


if __name__ == "__main__":
    sys.exit(main())
