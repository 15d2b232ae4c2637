"""A ledger that is open, on SQLite or PostgreSQL: the few differences between them live here."""

import contextlib
import threading
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from pathlib import Path
from typing import Any

import polars as pl
from sqlalchemy import Connection, Engine, text
from sqlalchemy.exc import DBAPIError

from pipeline.domain.errors import LedgerBusyError
from pipeline.ledger import idle, reading
from pipeline.ledger.bulk import insert, next_id
from pipeline.ledger.checkpoints import Checkpoints
from pipeline.ledger.refusals import refusal

__all__ = ["Ledger", "insert", "next_id", "now"]

_LOCK = 0x1E77A6E
_LOOKING = "PRAGMA cache_size=-8192"
"""8 MB for who reads pages of a few rows: filling the large cache costs a scan half of its time."""
_SMALL = 16 << 20
"""Bytes up to which frames are read by the connection that is open, row by row."""
_READERS = 2


_turns = threading.RLock()
_writers: dict[str, Connection] = {}
"""The connection that writes to each SQLite file. Frames are read by another copy of SQLite than
writes are made with, and a process that closes a file in one loses the locks that it has by the
other: two processes would write at once. So while it is open all frames are read by it, and other
threads wait for their turn, to read too: the file of a reader must not be closed under it."""


class Ledger:
    """An opened ledger; every write happens inside one ``transaction``."""

    def __init__(self, engine: Engine) -> None:
        self.engine = engine
        self.sqlite = engine.dialect.name == "sqlite"
        self._reader = reading.Reader(engine)
        self.connections = idle.Connections(engine)
        self._place = str(Path(engine.url.database or "").resolve())
        self._kept = threading.local()

    @contextlib.contextmanager
    def transaction(self) -> Iterator[Connection]:
        """One write transaction under the ledger's lock: all of it, or nothing.

        Raises LedgerBusyError (retryable) when another process or thread holds the ledger for a
        minute, LedgerError when the database refuses what was written.
        """
        with self._told_plainly(), self.connected() as connection:
            with connection.begin():
                if not self.sqlite:
                    connection.exec_driver_sql(f"SET LOCAL lock_timeout = {reading.WAIT_MS}")
                    connection.exec_driver_sql(f"SELECT pg_advisory_xact_lock({_LOCK})")
                yield connection
            if self.sqlite:
                self._kept.checkpoints.committed()

    @contextlib.contextmanager
    def connected(self) -> Iterator[Connection]:
        """One connection for all transactions inside: pages that it has read stay in its cache.

        Between them others may write. Threads have a connection each.
        """
        kept = getattr(self._kept, "connection", None)
        if kept is not None:
            yield kept
            return
        own = self.connections.one(writing=True)
        with self.turn(), self._told_plainly(), own as connection:
            self._kept.connection = connection
            outer = _writers.get(self._place)  # of another Ledger of this file in this thread
            if self.sqlite:
                _writers[self._place] = connection
                self._kept.checkpoints = Checkpoints(connection)
            try:
                yield connection
            finally:
                if self.sqlite:
                    self._kept.checkpoints.close()
                self._kept.connection = None
                _writers.pop(self._place, None)
                if outer is not None:
                    _writers[self._place] = outer

    @contextlib.contextmanager
    def looking(self) -> Iterator[None]:
        """One connection for all reads inside, frames too, which all see one state of the books.

        For pages that ask many small questions: to connect takes longer than most of them.
        """
        engine = self.engine
        if not self.sqlite:
            engine = engine.execution_options(isolation_level="REPEATABLE READ")
        with self.turn(), self._told_plainly(), engine.connect() as connection:
            if self.sqlite:
                connection.exec_driver_sql(_LOOKING)
            self._kept.looking = connection
            try:
                yield
            finally:
                self._kept.looking = None

    @contextlib.contextmanager
    def _told_plainly(self) -> Iterator[None]:
        try:
            yield
        except (DBAPIError, self.engine.dialect.loaded_dbapi.Error) as error:
            raise refusal(error) from None

    def rows(self, sql: str) -> list[Any]:
        """All rows of a query without parameters, in its order."""
        with self.reading() as connection:
            return list(connection.exec_driver_sql(sql, None, reading.LITERAL).fetchall())

    def records(self, sql: str, **values: Any) -> list[dict[str, Any]]:
        """All rows of a query by the names of its columns, in its order; ``:name`` is a value."""
        with self.reading() as connection:
            return [dict(row) for row in connection.execute(text(sql), values).mappings()]

    def frame(self, sql: str, schema: dict[str, Any]) -> pl.DataFrame:
        """A query as a frame; its columns come in the order of ``schema`` (see ``reading.Reader``).

        Inside a transaction it is asked before that writes: what it has written may be seen.
        """
        if self._is_guest():
            return reading.Reader(self.engine).read(sql, schema)
        looking = self._looking()
        if looking is not None:
            return reading.through(looking, sql, schema)
        with self.turn():
            writer = _writers.get(self._place)
            if writer is None and self._is_small():
                with self.reading() as connection:
                    return reading.through(connection, sql, schema)
            if writer is None:
                return self._reader.read(sql, schema)
            begun = writer.in_transaction()
            found = reading.through(writer, sql, schema)
            if not begun:
                writer.rollback()
            return found

    def side_by_side(self, parts: Sequence[str], schema: dict[str, Any]) -> pl.DataFrame:
        """Queries over parts of a large table, one after the other in one frame."""
        return pl.concat(self.together([partial(self.frame, sql, schema) for sql in parts]))

    def together(self, reads: Sequence[Callable[[], pl.DataFrame]]) -> list[pl.DataFrame]:
        """What ``reads`` give; each asks this ledger for frames and for nothing else.

        On SQLite, where reading is work of this process, two at a time in the turn of this thread.
        """
        if self._is_guest() or self._looking() is not None:
            return [read() for read in reads]
        with self.turn():
            if not self.sqlite or self._place in _writers or self._is_small():
                return [read() for read in reads]
            idle.close(self.engine)  # not under the eyes of a thread that reads
            guests = partial(setattr, self._kept, "guest", True)  # of each thread for itself
            with ThreadPoolExecutor(_READERS, initializer=guests) as threads:
                return list(threads.map(lambda read: read(), reads))

    def _is_small(self) -> bool:
        """Is it a SQLite file that is read sooner than opened once more?"""
        if not self.sqlite:
            return False
        files = (Path(self._place), Path(f"{self._place}-wal"))
        return sum(file.stat().st_size for file in files if file.exists()) < _SMALL

    def _looking(self) -> Connection | None:
        """The connection by which this thread is ``looking``."""
        return getattr(self._kept, "looking", None)

    def _is_guest(self) -> bool:
        """Does this thread read in the turn of another, which waits for it?"""
        return getattr(self._kept, "guest", False)

    @contextlib.contextmanager
    def turn(self) -> Iterator[None]:
        """One thread at a time on SQLite, see ``_writers``; LedgerBusyError after a minute."""
        if not self.sqlite:
            yield
            return
        if not _turns.acquire(timeout=reading.WAIT_MS / 1000):
            raise LedgerBusyError("the ledger is busy, try again: another thread works with it")
        try:
            yield
        finally:
            _turns.release()

    @contextlib.contextmanager
    def reading(self) -> Iterator[Connection]:
        """A connection to read by, in the turn of this thread."""
        looking = self._looking()
        if looking is not None:
            yield looking
            return
        with self.turn(), self.connections.one() as connection:
            yield connection

    def close(self) -> None:
        """Give all connections back; on SQLite in the turn of this thread, whenever it comes.

        What was done is done: nobody is told to try again since another thread reads for long.
        """
        self._reader.close()
        if self.connections.waiting():
            with _turns if self.sqlite else contextlib.nullcontext():
                self.connections.close()


def now(connection: Connection) -> str:
    """The time by the clock of the database, UTC, as it is kept with what people do."""
    clock = "strftime('%Y-%m-%dT%H:%M:%SZ', 'now')"
    if connection.dialect.name != "sqlite":
        clock = "to_char(now() AT TIME ZONE 'UTC', 'YYYY-MM-DD\"T\"HH24:MI:SS\"Z\"')"
    return str(connection.exec_driver_sql(f"SELECT {clock}").scalar())
