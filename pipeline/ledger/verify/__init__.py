"""``lettrage verify``: every invariant recomputed from the rows, trusting no trigger or cache.

Numbers I1 to I42 follow the project's list of invariants, I43 is what was handed over, I44
what references of payment parts stand for. I41 (the same facts give the same books) is the content
hash, which two ledgers are compared by.
"""

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from queue import SimpleQueue

import polars as pl

from pipeline.domain.errors import LedgerError
from pipeline.ledger.connection import Ledger
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
from pipeline.ledger.verify.check import Check, Query, Work, ask

__all__ = ["NOT_CHECKED", "QUERIES", "Check", "checks", "compare", "verify"]

QUERIES: dict[str, Query] = {
    **journal_queries.QUERIES,
    **entry_queries.QUERIES,
    **bank_queries.QUERIES,
    **sending.QUERIES,
    **links.QUERIES,
}

_Task = Callable[[Snapshot], list[Check]]
_SIDE_BY_SIDE = 2
"""Threads with a connection each; memory is that of so many checks."""

NOT_CHECKED = {
    "I24": "an OFX statement against the text of its file: that is for verify --files",
}
"""What an invariant says that no check of it looks at."""


def verify(ledger: Ledger) -> list[Check]:
    """Check every invariant in one snapshot; a violation names the rows."""
    tasks = _tasks(structure.expected(ledger))
    with ledger.turn(), snapshots(ledger.engine, _SIDE_BY_SIDE) as states:
        free: SimpleQueue[Snapshot] = SimpleQueue()
        for books in states:
            free.put(books)

        def done(task: _Task) -> list[Check]:
            books = free.get()
            try:
                return task(books)
            finally:
                free.put(books)

        with ThreadPoolExecutor(_SIDE_BY_SIDE) as workers:
            last_first = [workers.submit(done, task) for task in reversed(tasks)]
            return [check for one in reversed(last_first) for check in one.result()]


def checks(books: Snapshot, expected: structure.Definitions) -> Iterator[Check]:
    """Each invariant in turn; ``expected`` is the schema that this release makes."""
    for task in _tasks(expected):
        yield from task(books)


def _tasks(expected: structure.Definitions) -> list[_Task]:
    """What asks for the invariants, in their order; those that take longest are the last."""
    counts: dict[str, int] = {}

    def one(invariant: str, wanted: Query | Work, books: Snapshot) -> list[Check]:
        return [ask(books, invariant, wanted, counts)]

    asked: dict[str, Query | Work] = {
        **QUERIES, **recomputed.CHECKS, **statements.CHECKS, **originals.CHECKS, **exports.CHECKS,
        **payment_parts.CHECKS,
        **sending.CHECKS,
    }  # fmt: skip
    found: list[_Task] = [partial(one, name, wanted) for name, wanted in asked.items()]
    return [*found, lambda books: list(structure.compared(books, expected))]


def compare(ledger: Ledger, content: str, head: str = "", wanted: str = "") -> list[Check]:
    """Checks against what is known outside: a register's hash (I11), the content (I41).

    ``content`` is empty where it cannot be read.
    """
    found = []
    if head:
        hashes = _hashes(ledger)
        gone = () if head in hashes else (head,)
        found.append(Check("I11c", len(hashes), len(gone), gone))
    if wanted:
        other = () if wanted == content else (content or "the content cannot be read",)
        found.append(Check("I41", 1, len(other), other))
    return found


def _hashes(ledger: Ledger) -> list[str]:
    try:
        return ledger.frame("SELECT hash FROM register_seal", {"hash": pl.String})["hash"].to_list()
    except LedgerError:
        return []
