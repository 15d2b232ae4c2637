"""How long statements take: ``python -m benchmarks.statements [--customers N] [--workers N ...]``.

The same work by so many processes: CPU seconds (user and system) of all, and seconds on the wall of
the slowest, which say something on a machine with nothing else to do. Composing all customers, and
rendering some of them as tagged PDF.
"""

import argparse
import dataclasses
import datetime as dt
import multiprocessing
import os
import resource
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from multiprocessing.synchronize import Barrier

import polars as pl

from pipeline import statements
from pipeline.ledger import as_of

_DAY = dt.date(2026, 10, 31)
_SLICE = 10_000  # as a run takes them
_WHO = (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)
_COMPANY = {"name": "Hansen Werkzeuge GmbH", "postcode": "", "city": "", "country": ""}


@dataclass(frozen=True, slots=True)
class _Spent:
    """What some statements took: CPU seconds, seconds on the wall, bytes, most memory in MB."""

    cpu: float
    wall: float
    size: int
    memory: float


def main() -> None:
    """Print the figures."""
    words = argparse.ArgumentParser(description=__doc__)
    words.add_argument("--customers", type=int, default=200_000)
    words.add_argument("--pages", type=int, default=600)
    words.add_argument("--rows", type=int, default=20)
    words.add_argument("--workers", type=int, nargs="+", default=[1, 2])
    asked = words.parse_args()
    os.environ["POLARS_MAX_THREADS"] = "1"  # of the workers, each of which has a core
    for what, work, count in (("compose", _told, asked.customers), ("render", _drawn, asked.pages)):
        for style in statements.STYLES:
            for workers in asked.workers:
                _print(f"{what} {style}", partial(work, style, asked.rows), count, workers)


def _print(name: str, work: Callable[[range], _Spent], count: int, workers: int) -> None:
    spawned = multiprocessing.get_context("spawn")  # a fork of threads of polars would hang
    begin = spawned.Barrier(workers)
    shares = [range(n * count // workers, (n + 1) * count // workers) for n in range(workers)]
    with spawned.Pool(workers, _ready, (begin,)) as pool:
        spent = pool.map(work, shares, chunksize=1)
    cpu, wall = sum(one.cpu for one in spent), max(one.wall for one in spent)
    size, memory = sum(one.size for one in spent), max(one.memory for one in spent)
    print(
        f"{name}, {workers} at once: {count} in {wall:.1f} s, {cpu:.1f} s CPU,"
        f" {cpu / count * 1000:.2f} ms CPU and {size / count / 1024:.1f} kB each,"
        f" {memory:.0f} MB each process",
        flush=True,
    )


def _ready(begin: Barrier) -> None:
    """All have read fonts and words before any begins."""
    _drawn("open_item", 1, range(1))
    begin.wait()


def _told(style: str, rows: int, share: range) -> _Spent:
    cpu = wall = size = 0.0
    for start in range(share.start, share.stop, _SLICE):
        accounts, people = _books(start, min(_SLICE, share.stop - start), rows, style)
        begun, at = time.process_time(), time.perf_counter()
        size += sum(len(statements.kept(one.data)) for one in _letters(style, accounts, people))
        cpu, wall = cpu + time.process_time() - begun, wall + time.perf_counter() - at
    return _Spent(cpu, wall, int(size), _memory())


def _drawn(style: str, rows: int, share: range) -> _Spent:
    accounts, people = _books(share.start, len(share), rows, style)
    data = [one.data for one in _letters(style, accounts, people)]
    begun, at = _cpu(), time.perf_counter()
    renderer = statements.Renderer()
    size = sum(len(renderer.pdf(one, str(_DAY))) for one in data)
    del renderer  # what typst took is known once its process has ended
    return _Spent(_cpu() - begun, time.perf_counter() - at, size, _memory())


def _cpu() -> float:
    return sum(one.ru_utime + one.ru_stime for one in map(resource.getrusage, _WHO))


def _memory() -> float:
    return max(resource.getrusage(who).ru_maxrss for who in _WHO) / 1024


def _letters(
    style: str, accounts: statements.Accounts, people: list[dict[str, str]]
) -> Iterator[statements.Composed]:
    form, choice = statements.Form(style), statements.Choice()
    moved = statements.carried(accounts.movements, form.first_day(_DAY))  # as it is read
    accounts = dataclasses.replace(accounts, movements=moved)
    wanted, _ = statements.chosen(accounts, people, form, choice)
    return statements.letters(accounts, wanted, {}, form, _COMPANY)


def _books(
    start: int, count: int, rows: int, style: str
) -> tuple[statements.Accounts, list[dict[str, str]]]:
    """Customers of so many invoices each, and what moved their accounts where a style shows it."""
    numbers = [f"C{n:07}" for n in range(start, start + count)]
    people = [
        {"no": number, "name": f"Customer {number}", "name_2": "", "address": "Am Wall 3",
         "postcode": "28195", "city": "Bremen", "country": "DE", "language": "de"}
        for number in numbers
    ]  # fmt: skip
    index = pl.DataFrame({"n": pl.int_range(count * rows, eager=True)})
    day = pl.lit(_DAY) - pl.duration(days=pl.col("n") % 90)
    shared = index.select(
        entry_id=pl.col("n") + 1, party_no=pl.Series(numbers).gather(index["n"] // rows),
        document_type=pl.lit("invoice"), document_no=pl.format("RE-{}", pl.col("n")),
        instalment=pl.lit(0, pl.Int64), posting_date=day.cast(pl.Date),
        due_date=(day + pl.duration(days=30)).cast(pl.Date), document_date=pl.lit(None, pl.Date),
        currency=pl.lit("EUR"), amount=pl.col("n") * 37 % 900_000 + 100,
    )  # fmt: skip
    entries = shared.with_columns(
        remaining_amount=pl.col("amount"), on_hold=pl.lit(""), mandate_id=pl.lit(""),
        project=pl.lit(""), paid_otherwise=pl.lit(""),
        discount_date=pl.lit(None, pl.Date), discount_amount=pl.lit(0, pl.Int64),
        discount_date_2=pl.lit(None, pl.Date), discount_amount_2=pl.lit(0, pl.Int64),
    )  # fmt: skip
    movements = shared.select(
        "party_no", "currency", day="posting_date", kind="document_type",
        document_no="document_no", instalment="instalment", amount="amount", entry_id="entry_id",
        project=pl.lit(""), no=pl.lit(0, pl.Int64), seq=pl.lit(0, pl.Int64),
        posted_no=pl.lit(1, pl.Int64), undoes_no=pl.lit(None, pl.Int64),
        paid_currency=pl.lit(None, pl.String), paid_amount=pl.lit(None, pl.Int64),
    ).select(list(as_of.MOVEMENTS))  # fmt: skip
    movements = movements.head(0) if style == "open_item" else movements
    return statements.Accounts(_DAY, "0" * 64, entries, movements), people


if __name__ == "__main__":
    main()
