"""One invariant of ``verify``: what it looks at, how it is asked, what came of it."""

import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import polars as pl

from pipeline.domain.errors import LedgerError
from pipeline.ledger.reading import Snapshot

SHOWN = 20
"""How many ids of violations are named."""


@dataclass(frozen=True, slots=True)
class Check:
    """One invariant: rows looked at, violations, the first 20 ids, and the time that it took."""

    invariant: str
    checked: int
    violations: int
    ids: tuple[Any, ...]
    seconds: float = 0.0


@dataclass(frozen=True, slots=True)
class Query:
    """An invariant as a query that must find nothing; its first column names what breaks it."""

    table: str
    sql: str


@dataclass(frozen=True, slots=True)
class Work:
    """An invariant that SQL alone cannot say: a function that gives the ids that break it."""

    table: str
    broken: Callable[[Snapshot], list[Any]]


def ask(books: Snapshot, invariant: str, wanted: Query | Work, counts: dict[str, int]) -> Check:
    """Check one invariant. Rows that cannot even be read break it too."""
    begun = time.perf_counter()
    table = wanted.table
    try:
        with books.apart():
            if table not in counts:
                counts[table] = int(books.rows(f"SELECT count(*) AS n FROM {table}")[0][0])
            found = _found(books, wanted)
    except (LedgerError, pl.exceptions.PolarsError, ValueError):
        found = [f"{table} cannot be read"]
    return checked(invariant, counts.get(table, 0), found, begun)


def _found(books: Snapshot, wanted: Query | Work) -> list[Any]:
    if isinstance(wanted, Query):
        return [row[0] for row in books.rows(wanted.sql)]
    return wanted.broken(books)


def checked(invariant: str, count: int, found: list[Any], begun: float) -> Check:
    """A check that began at ``begun`` (performance counter) and found ``found``."""
    spent = time.perf_counter() - begun
    return Check(invariant, count, len(found), tuple(found[:SHOWN]), spent)
