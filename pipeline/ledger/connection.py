"""Opening a ledger: SQLite or PostgreSQL; the few differences between them live here."""

import contextlib
import threading
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from pathlib import Path
from typing import Any

import polars as pl
from sqlalchemy import Connection, Engine, create_engine, event, inspect, make_url, text
from sqlalchemy.exc import DBAPIError, OperationalError
from sqlalchemy.pool import NullPool

from pipeline.domain.errors import LedgerBusyError, LedgerError, UsageError
from pipeline.ledger import grants, idle, reading
from pipeline.ledger.bulk import insert, next_id
from pipeline.ledger.refusals import BUSY, first_line, refusal

__all__ = ["Ledger", "init", "insert", "next_id", "now", "open_ledger"]

_LOCK = 0x1E77A6E
_CACHE = -131_072  # KiB; with SQLite's 2 MB a register of 6,000 journal entries is read in circles
_WAL = (
    65_536  # pages: 256 MB of log before it is copied into the file; many registers change a page
)
_LOOKING = "PRAGMA cache_size=-8192"
"""8 MB for who reads pages of a few rows: filling the large cache costs a scan half of its time."""
_SMALL = 16 << 20
"""Bytes up to which frames are read by the connection that is open, row by row."""
_OURS = {"register", "register_seal"}
"""Either is there in a ledger: that one of them is gone, verify tells."""
VERSION = "0024"
"""The newest revision in ``migrations/versions``."""
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
        with self._told_plainly(), self.connected() as connection, connection.begin():
            if not self.sqlite:
                connection.exec_driver_sql(f"SET LOCAL lock_timeout = {reading.WAIT_MS}")
                connection.exec_driver_sql(f"SELECT pg_advisory_xact_lock({_LOCK})")
            yield connection

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
            try:
                yield connection
            finally:
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
            self._kept.reader = connection
            try:
                yield
            finally:
                self._kept.reader = None

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
        reader = getattr(self._kept, "reader", None)
        if reader is not None:
            return reading.through(reader, sql, schema)
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
        if self._is_guest():
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
        kept = getattr(self._kept, "reader", None)
        if kept is not None:
            yield kept
            return
        with self.turn(), self.connections.one() as connection:
            yield connection

    def close(self) -> None:
        """Give all connections back."""
        self._reader.close()
        self.connections.close()


def init(url: str, service_role: str = "") -> None:
    """Create the ledger or upgrade it to this version; doing it twice changes nothing.

    ``service_role`` gets the privileges of the service (PostgreSQL). Raises LedgerBusyError when
    another process holds the ledger for a minute.
    """
    engine = _engine(url)
    if service_role and engine.dialect.name == "sqlite":
        raise UsageError("--service-role: SQLite has no roles; expected a PostgreSQL ledger")
    ledger = Ledger(engine)
    try:
        found, _ = _schema(ledger.connections, new=True)
        if engine.dialect.name == "sqlite" and found and "register" not in found:
            raise UsageError(
                f"--ledger {engine.url.database}: holds tables of another program; expected a file"
                " of its own"
            )
        if engine.dialect.name == "sqlite":
            event.listen(engine, "connect", _write_ahead)
        with ledger.transaction() as connection:
            if _version(connection) != VERSION:
                upgrade(connection)
            if service_role:
                grants.grant(connection, service_role)
    finally:
        ledger.close()


def _version(connection: Connection) -> str:
    """The revision of the schema on this connection; empty when it has none."""
    if not inspect(connection).has_table("alembic_version"):
        return ""
    return str(connection.exec_driver_sql("SELECT version_num FROM alembic_version").scalar())


def upgrade(connection: Connection) -> None:
    """Bring the schema on this connection to this version."""
    from alembic import command  # a third of a second that hardly a command has to wait for
    from alembic.config import Config
    from alembic.util.exc import CommandError

    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent / "migrations"))
    config.attributes["connection"] = connection
    try:
        command.upgrade(config, "head")
    except CommandError:
        raise LedgerError(
            "the ledger was written by a newer version of lettrage; upgrade lettrage, nothing was"
            " changed"
        ) from None


@contextlib.contextmanager
def open_ledger(url: str) -> Iterator[Ledger]:
    """Open an existing ledger; UsageError when there is none yet."""
    engine = _engine(url)
    ledger = Ledger(engine)
    try:
        tables, version = _schema(ledger.connections)
        if not _OURS & tables:
            raise UsageError("the ledger does not exist yet; run: lettrage init")
        if version and version < VERSION:  # it lacks what this one reads
            raise UsageError("the ledger is of an older version of lettrage; run: lettrage init")
        yield ledger
    except OperationalError as error:
        raise LedgerError(f"the ledger cannot be opened: {first_line(error)}") from None
    finally:
        ledger.close()


def _schema(connections: idle.Connections, *, new: bool = False) -> tuple[set[str], str]:
    """The tables of the database, and their revision where they are ours, else empty.

    UsageError where no ledger can be. ``new``: it may be made.
    """
    engine = connections.engine
    file = engine.url.database if engine.dialect.name == "sqlite" else None
    if file is not None and not new and not Path(file).exists():
        return set(), ""
    try:
        with connections.one() as connection:
            tables = set(inspect(connection).get_table_names())
            return tables, _version(connection) if _OURS & tables else ""
    except DBAPIError as error:
        first = first_line(error)
        if file is None or any(word in first for word in BUSY):
            raise
        raise UsageError(
            f"--ledger {file}: cannot be opened: {first}; expected a SQLite file in a folder, both"
            " of which may be written"
        ) from None


def _engine(url: str) -> Engine:
    expected = "expected sqlite:////FILE or postgresql+psycopg://USER@HOST/DATABASE"
    try:
        made = make_url(url)
        # in its turn any thread uses what another has opened
        shared = {"check_same_thread": False} if made.get_backend_name() == "sqlite" else {}
        engine = create_engine(made, poolclass=NullPool, connect_args=shared)
    except Exception:  # noqa: BLE001 - SQLAlchemy raises many kinds for a wrong URL
        raise UsageError(f"--ledger: no URL of a database that is known here; {expected}") from None
    if engine.dialect.name == "sqlite":
        if engine.url.database in (None, "", ":memory:"):
            raise UsageError(f"--ledger: in memory it would end with the command; {expected}")
        event.listen(engine, "connect", _prepare_sqlite)
        event.listen(engine, "begin", _begin)
    elif engine.dialect.name != "postgresql":
        raise UsageError(f"--ledger: {engine.dialect.name!r}; {expected}")
    return engine


def _prepare_sqlite(connection: Any, record: object) -> None:
    connection.isolation_level = None
    for pragma in (
        f"busy_timeout={reading.WAIT_MS}",
        "synchronous=FULL",
        "foreign_keys=ON",
        "recursive_triggers=ON",
        f"cache_size={_CACHE}",
        f"wal_autocheckpoint={_WAL}",
        "temp_store=MEMORY",
    ):
        connection.execute(f"PRAGMA {pragma}")


def _write_ahead(connection: Any, record: object) -> None:
    """Kept in the file: set when it is made, never on a file that may be another program's."""
    connection.execute("PRAGMA journal_mode=WAL")


def _begin(connection: Connection) -> None:
    """A writer takes the lock at once: a reader that writes later would fail without waiting."""
    writing = connection.get_execution_options().get("writing", False)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writing else "BEGIN")


def now(connection: Connection) -> str:
    """The time by the clock of the database, UTC, as it is kept with what people do."""
    clock = "strftime('%Y-%m-%dT%H:%M:%SZ', 'now')"
    if connection.dialect.name != "sqlite":
        clock = "to_char(now() AT TIME ZONE 'UTC', 'YYYY-MM-DD\"T\"HH24:MI:SS\"Z\"')"
    return str(connection.exec_driver_sql(f"SELECT {clock}").scalar())
