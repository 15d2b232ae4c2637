"""``lettrage verify``: every invariant recomputed from the rows, trusting no trigger or cache.

Numbers I1 to I42 follow the project's list of invariants, I43 is what was handed over. I41 (the
same facts give the same books) is the content hash, which two ledgers are compared by.
"""

from collections.abc import Iterator

import polars as pl

from pipeline.domain.errors import LedgerError
from pipeline.ledger.bulk import Snapshot, snapshot
from pipeline.ledger.connection import Ledger
from pipeline.ledger.verify import (
    bank_queries,
    entry_queries,
    exports,
    journal_queries,
    links,
    originals,
    recomputed,
    statements,
    structure,
)
from pipeline.ledger.verify.check import Check, Query, ask

__all__ = ["NOT_CHECKED", "QUERIES", "Check", "checks", "compare", "verify"]

QUERIES: dict[str, Query] = {
    **journal_queries.QUERIES,
    **entry_queries.QUERIES,
    **bank_queries.QUERIES,
    **links.QUERIES,
}

NOT_CHECKED = {
    "I24": "an OFX statement against the text of its file: that is for verify --files",
}
"""What an invariant says that no check of it looks at."""


def verify(ledger: Ledger) -> list[Check]:
    """Check every invariant in one snapshot; a violation names the rows."""
    expected = structure.expected(ledger)
    with ledger.turn(), snapshot(ledger.engine) as books:
        return list(checks(books, expected))


def checks(books: Snapshot, expected: structure.Definitions) -> Iterator[Check]:
    """Each invariant in turn; ``expected`` is the schema that this release makes."""
    counts: dict[str, int] = {}
    for invariant, query in QUERIES.items():
        yield ask(books, invariant, query, counts)
    made_again = {**recomputed.CHECKS, **statements.CHECKS, **originals.CHECKS, **exports.CHECKS}
    for invariant, work in made_again.items():
        yield ask(books, invariant, work, counts)
    yield from structure.compared(books, expected)


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
