"""A whole month end on disk: ``python -m benchmarks.statement_run [--customers N] [--style S]``.

A SQLite ledger is filled, a run of all customers composed, and its PDFs rendered and written: a
part by one process, the rest by two. Told are seconds of the processor (user and system, of all
processes), seconds on the wall, which say something on a machine with nothing else to do, and the
most memory of any process. A PDF is removed once it was written: the run needs 5 GB for 200,000
customers of 20 rows, not 17.
"""

import argparse
import datetime as dt
import multiprocessing
import resource
import shutil
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

import polars as pl

from pipeline import config, delivering, ledger, statement_runs, statements
from pipeline.cli import output
from pipeline.ledger import outbox
from pipeline.ledger.load import load
from pipeline.ledger.outbox import Scope
from pipeline.steps import quiet

_DAY = dt.date(2026, 10, 31)
_LOADED = 50_000
"""Customers of one file, so that a load takes the memory of a million entries."""
_CHUNK = 500
_ACTOR = "benchmark"
_WHO = (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)


@dataclass(frozen=True, slots=True)
class _Spent:
    """What a step took: CPU seconds, seconds on the wall, most memory in MB, of how many."""

    cpu: float
    wall: float
    memory: float
    count: int


def main() -> None:
    """Print the figures."""
    words = argparse.ArgumentParser(description=__doc__)
    words.add_argument("--customers", type=int, default=200_000)
    words.add_argument("--rows", type=int, default=20)
    words.add_argument("--style", choices=statements.STYLES, default="balance_forward")
    words.add_argument("--folder", type=Path, default=Path(".bench/statement_run"))
    asked = words.parse_args()
    shutil.rmtree(asked.folder, ignore_errors=True)
    asked.folder.mkdir(parents=True)
    settings = config.read(None, f"sqlite:///{asked.folder.absolute()}/ledger.db", {})
    ledger.init(settings.ledger)
    own = partial(_alone, settings, asked.folder)
    for first in range(0, asked.customers, _LOADED):
        own(_fill, first, min(_LOADED, asked.customers - first), asked.rows)
    composed = own(_compose, asked.style, asked.customers)
    _print("compose", composed)
    with ledger.open(settings.ledger) as book:
        numbers = outbox.ids(book, Scope(1))
    by_one = len(numbers) // 4
    drawn = []
    for workers, some in ((1, numbers[:by_one]), (2, numbers[by_one:])):
        drawn.append(_rendered(settings, asked.folder, some, workers))
        _print(f"render by {workers}", drawn[-1])
    _print_all(settings, composed, drawn)


def _print_all(settings: config.Settings, composed: _Spent, drawn: Sequence[_Spent]) -> None:
    count = sum(one.count for one in drawn)
    with ledger.open(settings.ledger) as book:
        ((pages,),) = book.rows("SELECT sum(pages) FROM delivery")
    cpu = composed.cpu / composed.count + sum(one.cpu for one in drawn) / count
    memory = max(one.memory for one in (composed, *drawn))
    print(f"in all: {count} statements, {pages} pages, {cpu * 1000:.2f} ms CPU each,"
          f" {memory:.0f} MB at most", flush=True)  # fmt: skip


def _print(name: str, spent: _Spent) -> None:
    each = spent.cpu / spent.count * 1000
    print(
        f"{name}: {spent.count} in {spent.wall:.1f} s, {spent.cpu:.1f} s CPU, {each:.2f} ms CPU and"
        f" {spent.wall / spent.count * 1000:.2f} ms each, {spent.memory:.0f} MB at most",
        flush=True,
    )


def _alone(
    settings: config.Settings, folder: Path, work: Callable[..., int], *asked: Any
) -> _Spent:
    """Do it in a process of its own, so that its memory is its own."""
    with ProcessPoolExecutor(1, multiprocessing.get_context("spawn")) as pool:
        return pool.submit(_measured, work, settings, folder, *asked).result()


def _measured(work: Callable[..., int], *asked: Any) -> _Spent:
    begun, at = _cpu(), time.perf_counter()
    count = work(*asked)
    spent = _cpu() - begun, time.perf_counter() - at
    memory = max(resource.getrusage(who).ru_maxrss for who in _WHO) / 1024
    return _Spent(*spent, memory, count)


def _cpu() -> float:
    """Seconds of this process and of those that it started and that ended."""
    every = [resource.getrusage(who) for who in _WHO]
    return sum(one.ru_utime + one.ru_stime for one in every)


def _fill(settings: config.Settings, folder: Path, first: int, count: int, rows: int) -> int:
    """Load customers and as many invoices of each."""
    no = pl.format("C{}", pl.int_range(first, first + count).cast(pl.String).str.zfill(7))
    people = pl.select(no=no).select(
        "no", name=pl.format("Customer {}", "no"), address=pl.lit("Am Wall 3"),
        postcode=pl.lit("28195"), city=pl.lit("Bremen"), country=pl.lit("DE"),
        language=pl.lit("de"), statement_method=pl.lit("print"),
    )  # fmt: skip
    number = pl.int_range(first * rows, (first + count) * rows)
    day = pl.lit(_DAY) - pl.duration(days=pl.col("n") % 90)
    entries = pl.select(n=number).select(
        party_type=pl.lit("customer"),
        party_no=pl.format("C{}", (pl.col("n") // rows).cast(pl.String).str.zfill(7)),
        document_type=pl.lit("invoice"), document_no=pl.format("RE-{}", pl.col("n")),
        posting_date=day.cast(pl.String),
        due_date=(day + pl.duration(days=30)).cast(pl.String), currency=pl.lit("EUR"),
        amount=pl.format("{}.{}", 1 + pl.col("n") * 37 % 9_000, 10 + pl.col("n") % 90),
    )  # fmt: skip
    with ledger.open(settings.ledger) as book:
        for kind, frame in (("customers", people), ("ledger-entries", entries)):
            file = folder / f"{kind}.parquet"
            frame.write_parquet(file)
            load(book, kind, file, settings, actor=_ACTOR)
            file.unlink()
    return count


def _compose(settings: config.Settings, _: Path, style: str, count: int) -> int:
    form, choice = statements.Form(style), statements.Choice()
    statement_runs.compose(settings, _DAY, form, choice, "print", _ACTOR, output.progress)
    output.stop()
    return count


def _rendered(
    settings: config.Settings, folder: Path, numbers: Sequence[int], workers: int
) -> _Spent:
    """Chunks of a run, as the month end maps them, by so many processes at once."""
    work = partial(_measured, _render, settings, folder)
    chunks = [numbers[start : start + _CHUNK] for start in range(0, len(numbers), _CHUNK)]
    at = time.perf_counter()
    with ProcessPoolExecutor(workers, multiprocessing.get_context("spawn")) as pool:
        spent = []
        for one in pool.map(work, chunks):
            spent.append(one)
            output.progress(f"by {workers}", sum(some.count for some in spent), len(numbers))
    output.stop()
    wall = time.perf_counter() - at
    cpu, memory = sum(one.cpu for one in spent), max(one.memory for one in spent)
    return _Spent(cpu, wall, memory, sum(one.count for one in spent))


def _render(settings: config.Settings, folder: Path, chunk: Sequence[int]) -> int:
    target = folder / f"chunk-{chunk[0]}"
    scope = Scope(1, chunk[0], chunk[-1])
    count = delivering.render(settings, scope, target, _ACTOR, quiet)["rendered"]
    shutil.rmtree(target)
    return int(count)


if __name__ == "__main__":
    main()
