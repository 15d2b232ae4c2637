"""One invariant of ``verify``: what it looks at, how it is asked, what came of it."""

import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import partial
from itertools import groupby
from operator import attrgetter
from typing import Any

import polars as pl

from pipeline.domain.errors import LedgerError
from pipeline.ledger.reading import Snapshot

SHOWN = 20
"""How many ids of violations are named."""


@dataclass(frozen=True, slots=True)
class Check:
    """One invariant: rows looked at, violations, the first 20 ids, and the time that it took.

    ``holds`` says in plain words what must hold, for who knows accounting and no SQL.
    """

    invariant: str
    holds: str
    checked: int
    violations: int
    ids: tuple[Any, ...]
    seconds: float = 0.0


@dataclass(frozen=True, slots=True)
class Query:
    """An invariant as a query that must find nothing; its first column names what breaks it."""

    table: str
    holds: str
    sql: str


@dataclass(frozen=True, slots=True)
class Rows:
    """An invariant of single rows: no row of ``over``, a FROM clause, may be ``wrong``.

    Those of the same rows are asked in one scan. ``name``, never null, names a row.
    """

    table: str
    holds: str
    over: str
    name: str
    wrong: str

    @property
    def sql(self) -> str:
        """It alone."""
        return f"SELECT {self.name} FROM {self.over} WHERE {self.wrong}"


@dataclass(frozen=True, slots=True)
class Work:
    """An invariant that SQL alone cannot say: a function that gives the ids that break it."""

    table: str
    holds: str
    broken: Callable[[Snapshot], list[Any]]


@dataclass(frozen=True, slots=True)
class Ranges:
    """An invariant that is asked range by range, so that memory stays flat and two go at once."""

    table: str
    holds: str
    ranges: Callable[[Snapshot], list[Any]]
    broken: Callable[[Snapshot, Any], list[Any]]

    def works(self, books: Snapshot) -> list[Work]:
        """One to ask for each range; where the ranges cannot be found that is what it finds."""
        try:
            with books.apart():
                found = self.ranges(books)
        except (LedgerError, pl.exceptions.PolarsError, ValueError, TypeError):
            return [Work(self.table, self.holds, lambda _: [f"{self.table} cannot be read"])]
        asked = (partial(_within, self.broken, one) for one in found)
        return [Work(self.table, self.holds, one) for one in asked]


def _within(broken: Callable[[Snapshot, Any], list[Any]], one: Any, books: Snapshot) -> list[Any]:
    return broken(books, one)


def merged(checks: Iterable[Check]) -> Iterator[Check]:
    """One check an invariant, of those of its ranges, which follow each other."""
    for invariant, group in groupby(checks, key=attrgetter("invariant")):
        own = list(group)
        ids = tuple(name for one in own for name in one.ids)[:SHOWN]
        violations, seconds = (sum(getattr(one, name) for one in own)
                               for name in ("violations", "seconds"))  # fmt: skip
        yield Check(invariant, own[0].holds, own[0].checked, violations, ids, seconds)


def ask(
    books: Snapshot, invariant: str, wanted: Query | Rows | Work, counts: dict[str, int]
) -> Check:
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
    return checked(invariant, wanted.holds, counts.get(table, 0), found, begun)


def _found(books: Snapshot, wanted: Query | Rows | Work) -> list[Any]:
    if isinstance(wanted, Work):
        return wanted.broken(books)
    return [row[0] for row in books.rows(wanted.sql)]


def scan(books: Snapshot, wanted: dict[str, Rows], counts: dict[str, int]) -> list[Check]:
    """Check invariants of the same rows in one scan; where a row is wrong, each by itself."""
    first = next(iter(wanted.values()))
    any_wrong = " OR ".join(f"({one.wrong})" for one in wanted.values())
    return _at_once(books, wanted, f"SELECT 1 AS n FROM {first.over} WHERE {any_wrong}", counts)


def together(books: Snapshot, wanted: dict[str, Query], counts: dict[str, int]) -> list[Check]:
    """Check invariants of a small ledger by one question; where one is broken, each by itself.

    To ask takes longer there than to find the answer.
    """
    any_found = (f"SELECT 1 AS n WHERE EXISTS ({one.sql})" for one in wanted.values())
    return _at_once(books, wanted, " UNION ALL ".join(any_found), counts)


def _at_once(
    books: Snapshot, wanted: Mapping[str, Query | Rows], sql: str, counts: dict[str, int]
) -> list[Check]:
    begun = time.perf_counter()
    table = next(iter(wanted.values())).table
    if ask(books, "", Query(table, "each of them holds", f"{sql} LIMIT 1"), counts).violations:
        return [ask(books, name, one, counts) for name, one in wanted.items()]
    spent = (time.perf_counter() - begun) / len(wanted)
    return [Check(name, one.holds, counts[one.table], 0, (), spent) for name, one in wanted.items()]


def counted(books: Snapshot, tables: Iterable[str]) -> dict[str, int]:
    """The rows of each table by one question; none where one cannot be read."""
    names = sorted(tables)
    counts = ", ".join(f"(SELECT count(*) FROM {name}) AS {name}" for name in names)
    try:
        with books.apart():
            return dict(zip(names, books.rows(f"SELECT {counts}")[0], strict=True))
    except (LedgerError, pl.exceptions.PolarsError):
        return {}


def checked(invariant: str, holds: str, count: int, found: list[Any], begun: float) -> Check:
    """A check that began at ``begun`` (performance counter) and found ``found``."""
    spent = time.perf_counter() - begun
    return Check(invariant, holds, count, len(found), tuple(found[:SHOWN]), spent)
