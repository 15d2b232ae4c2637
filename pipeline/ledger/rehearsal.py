"""A copy of the ledger to try things on: what a night would do, without a trace in the books."""

import contextlib
import sqlite3
import tempfile
from collections.abc import Iterator
from pathlib import Path

from sqlalchemy import Connection, Engine, create_engine

from pipeline.domain.errors import UsageError
from pipeline.ledger import rules
from pipeline.ledger.opening import init, open_ledger
from pipeline.ledger.schema import metadata

_PART = 50_000


@contextlib.contextmanager
def rehearsal(url: str) -> Iterator[str]:
    """The URL of an exact copy, one state of the ledger, that is gone afterwards.

    A PostgreSQL ledger is copied into SQLite, on which the same steps give the same results.
    Writers of the ledger are not held up. A SQLite file that does not exist yet is rehearsed
    empty.
    """
    with tempfile.TemporaryDirectory(prefix="lettrage-") as folder:
        file = Path(folder) / "rehearsal.db"
        copy = f"sqlite:///{file}"
        if url.startswith("sqlite"):
            _backup(url, file)
            init(copy)
        else:
            init(copy)
            with open_ledger(url) as book:
                _copy_tables(book.engine, copy)
        yield copy


def _backup(url: str, file: Path) -> None:
    source = create_engine(url).url.database or ""
    if not Path(source).exists():
        return
    try:
        with (
            contextlib.closing(sqlite3.connect(f"file:{Path(source).resolve()}?mode=ro", uri=True))
            as books,
            contextlib.closing(sqlite3.connect(file)) as copy,
        ):  # fmt: skip
            books.backup(copy)
    except sqlite3.DatabaseError as error:
        raise UsageError(f"--ledger {source}: cannot be read: {error}") from None


def _copy_tables(source: Engine, copy: str) -> None:
    target = create_engine(copy)
    with source.connect() as books, target.begin() as connection:
        books.exec_driver_sql("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY")
        names = connection.exec_driver_sql("SELECT name FROM sqlite_master WHERE type = 'trigger'")
        for (name,) in names.fetchall():
            connection.exec_driver_sql(f"DROP TRIGGER {name}")
        for table in metadata.sorted_tables:
            _copy_table(books, connection, table.name, [column.name for column in table.columns])
        rules.create(connection)
    target.dispose()


def _copy_table(books: Connection, copy: Connection, table: str, columns: list[str]) -> None:
    names = ", ".join(columns)
    copy.exec_driver_sql(f"DELETE FROM {table}")
    found = books.execution_options(stream_results=True, max_row_buffer=_PART).exec_driver_sql(
        f"SELECT {names} FROM {table}"
    )
    sql = f"INSERT INTO {table} ({names}) VALUES ({', '.join('?' * len(columns))})"
    for part in found.partitions(_PART):
        copy.exec_driver_sql(sql, [tuple(row) for row in part])
