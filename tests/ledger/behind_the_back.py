"""Writing to a ledger past its rules, and checking what stands there, with nothing that stays."""

import contextlib
from collections.abc import Iterator
from typing import Any

from pipeline.ledger import Ledger, reading
from pipeline.ledger.schema.feeds import CLOSED
from pipeline.ledger.verify import CHECKS, checks, structure
from pipeline.ledger.verify.check import Check, Ranges, ask, merged
from pipeline.rereading import check_files

FILES = "I24c"
"""What ``verify --files`` adds."""


@contextlib.contextmanager
def open_to_all(book: Ledger) -> Iterator[Any]:
    """A connection on which everything can be written; nothing of it stays."""
    with contextlib.closing(reading._connect(book.engine, autocommit=False)) as connection:
        yield connection
        connection.rollback()


def run(connection: Any, *statements: str) -> None:
    for sql in statements:
        with connection.statement() as statement:
            statement.set_sql_query(sql)
            statement.execute_query()


def stripped(table: str, *, sqlite: bool) -> list[str]:
    """The table with its rows, but without constraints, indexes and triggers."""
    views = [CLOSED] if table == "statement_chain" and not sqlite else []  # gone with its table
    return [
        f"CREATE TABLE bare AS SELECT * FROM {table}",
        f"DROP TABLE {table}{'' if sqlite else ' CASCADE'}",
        f"CREATE TABLE {table} AS SELECT * FROM bare",
        *views,
    ]


def verified(book: Ledger, connection: Any) -> Iterator[Check]:
    return checks(reading.Snapshot(connection, sqlite=book.sqlite), structure.expected(book))


def asked(book: Ledger, connection: Any, invariant: str) -> Check:
    """One check as ``verify`` asks it; all of them would take a hundred times as long."""
    books = reading.Snapshot(connection, sqlite=book.sqlite)
    if invariant == FILES:
        return check_files(books)
    wanted = CHECKS[invariant]
    parts = wanted.works(books) if isinstance(wanted, Ranges) else [wanted]
    (found,) = merged(ask(books, invariant, part, {}) for part in parts)
    return found
