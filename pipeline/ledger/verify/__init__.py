"""``lettrage verify``: every invariant recomputed from the rows, trusting no trigger or cache.

Numbers I1 to I42 follow the project's list of invariants, I43 is what was handed over, I44
what references of payment parts stand for. I41 (the same facts give the same books) is the content
hash, which two ledgers are compared by.
"""

from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor, as_completed
from contextlib import contextmanager
from functools import partial
from queue import SimpleQueue
from typing import Any

import polars as pl
from sqlalchemy.exc import DBAPIError

from pipeline.domain.errors import LedgerError
from pipeline.ledger.connection import Ledger
from pipeline.ledger.content import content_of
from pipeline.ledger.reading import Snapshot, snapshots
from pipeline.ledger.verify import (
    bank_queries,
    entry_queries,
    exports,
    journal_queries,
    links,
    originals,
    payment_parts,
    recomputed,
    sending,
    statements,
    structure,
)
from pipeline.ledger.verify.check import (
    Check,
    Query,
    Ranges,
    Rows,
    Work,
    ask,
    counted,
    merged,
    scan,
    together,
)

__all__ = ["CHECKS", "NOT_CHECKED", "QUERIES", "Check", "checks", "compare", "verify",
           "verify_with_content"]  # fmt: skip

QUERIES: dict[str, Query | Rows] = {
    **journal_queries.QUERIES,
    **entry_queries.QUERIES,
    **bank_queries.QUERIES,
    **sending.QUERIES,
    **links.QUERIES,
}
CHECKS: dict[str, Query | Rows | Work | Ranges] = {
    **QUERIES,
    **recomputed.CHECKS,
    **statements.CHECKS,
    **originals.CHECKS,
    **exports.CHECKS,
    **payment_parts.CHECKS,
    **sending.CHECKS,
}
"""All but those of the schema and the file, which stand in ``structure``."""

Told = Callable[[int, int], None]
_Task = Callable[[Snapshot], list[Check]]
_Submit = Callable[[Callable[[Snapshot], Any]], "Future[Any]"]
_SIDE_BY_SIDE = 2
"""Threads with a connection each; memory is that of so many checks."""
_FEW = 10_000
"""Rows of a small ledger: its queries are asked some at a time, and over one connection."""
_AT_ONCE = 16
"""Of more queries in one, PostgreSQL's plan takes longer than what is saved."""
_LARGE = ("posting", "entry", "statement_line")
_PLACE = {name: place for place, name in enumerate(CHECKS)}

NOT_CHECKED = {
    "I24": "an OFX statement, and all that a line says, against the file: verify --files does",
}
"""What an invariant says that no check of it looks at."""


def verify(ledger: Ledger, told: Told = lambda done, total: None) -> list[Check]:
    """Check every invariant in one snapshot; a violation names the rows.

    ``told`` hears how many of how many questions are answered, from the thread that asked.
    """
    few = _is_small(ledger)
    with _side_by_side(ledger, 1 if few else _SIDE_BY_SIDE) as (books, submit):
        return _all(_tasks(books, structure.expected(ledger), few=few), submit, told)


def verify_with_content(ledger: Ledger, told: Told) -> tuple[list[Check], str]:
    """As ``verify``, and the content hash of the same state; empty where it cannot be read."""
    few = _is_small(ledger)
    with _side_by_side(ledger, 1 if few else _SIDE_BY_SIDE) as (books, submit):
        tasks = _tasks(books, structure.expected(ledger), few=few)
        content = submit(_content)
        return _all(tasks, submit, told), content.result()


def _is_small(ledger: Ledger) -> bool:
    """Is it a ledger whose checks take longer to ask than to answer?"""
    parts = (f"SELECT * FROM (SELECT 1 AS n FROM {table} LIMIT {_FEW}) {table}" for table in _LARGE)
    try:
        return len(ledger.rows(" UNION ALL ".join(parts))) < _FEW
    except DBAPIError:  # what cannot be read a check tells
        return False


def _content(books: Snapshot) -> str:
    try:
        with books.apart():
            return content_of(books)
    except LedgerError:
        return ""


@contextmanager
def _side_by_side(ledger: Ledger, threads: int) -> Iterator[tuple[Snapshot, _Submit]]:
    """A state of the ledger, and what gives work with it to a free one of ``threads``."""
    with ledger.turn(), snapshots(ledger.engine, threads) as states:
        free: SimpleQueue[Snapshot] = SimpleQueue()
        for books in states:
            free.put(books)

        def done(work: Callable[[Snapshot], Any]) -> Any:
            books = free.get()
            try:
                return work(books)
            finally:
                free.put(books)

        with ThreadPoolExecutor(threads) as workers:
            yield states[0], lambda work: workers.submit(done, work)


def _all(tasks: list[_Task], submit: _Submit, told: Told) -> list[Check]:
    """What the tasks find, in their order; the last ones are asked first."""
    last_first = [submit(task) for task in reversed(tasks)]
    for done, _ in enumerate(as_completed(last_first), 1):
        told(done, len(tasks))
    return _in_order(check for one in reversed(last_first) for check in one.result())


def _in_order(found: Iterable[Check]) -> list[Check]:
    """One check an invariant; those of the schema and the file are the last."""
    return sorted(merged(found), key=lambda check: _PLACE.get(check.invariant, len(_PLACE)))


def checks(books: Snapshot, expected: structure.Definitions) -> list[Check]:
    """Each invariant in turn; ``expected`` is the schema that this release makes."""
    return _in_order(check for task in _tasks(books, expected, few=True) for check in task(books))


def _tasks(books: Snapshot, expected: structure.Definitions, *, few: bool) -> list[_Task]:
    """What asks for the invariants; those that take longest are the last.

    Of a ledger of ``few`` rows some queries are one question.
    """
    counts = counted(books, {wanted.table for wanted in CHECKS.values()}) if few else {}
    scans: dict[str, dict[str, Rows]] = {}
    queries: dict[str, Query] = {}

    def one(invariant: str, wanted: Query | Work, books: Snapshot) -> list[Check]:
        return [ask(books, invariant, wanted, counts)]

    found: list[_Task] = []
    for name, wanted in CHECKS.items():
        if isinstance(wanted, Rows):
            if wanted.over not in scans:
                scans[wanted.over] = {}
                found.append(partial(scan, wanted=scans[wanted.over], counts=counts))
            scans[wanted.over][name] = wanted
        elif isinstance(wanted, Query) and counts:
            queries[name] = wanted
        else:
            parts = wanted.works(books) if isinstance(wanted, Ranges) else [wanted]
            found += [partial(one, name, part) for part in parts]
    names = list(queries)
    for start in range(0, len(names), _AT_ONCE):
        few_of_them = {name: queries[name] for name in names[start : start + _AT_ONCE]}
        found.append(partial(together, wanted=few_of_them, counts=counts))
    return [*found, lambda books: list(structure.compared(books, expected))]


def compare(ledger: Ledger, content: str, head: str = "", wanted: str = "") -> list[Check]:
    """Checks against what is known outside: a register's hash (I11), the content (I41).

    ``content`` is empty where it cannot be read.
    """
    found = []
    if head:
        hashes = _hashes(ledger)
        gone = () if head in hashes else (head,)
        holds = "the register hash that is kept elsewhere is one of these books"
        found.append(Check("I11c", holds, len(hashes), len(gone), gone))
    if wanted:
        other = () if wanted == content else (content or "the content cannot be read",)
        holds = "the content hash of these books is the one that it is compared with"
        found.append(Check("I41", holds, 1, len(other), other))
    return found


def _hashes(ledger: Ledger) -> list[str]:
    try:
        return ledger.frame("SELECT hash FROM register_seal", {"hash": pl.String})["hash"].to_list()
    except LedgerError:
        return []
