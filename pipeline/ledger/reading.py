"""Frames out of the database, read by ADBC: one query, or several in one state of the ledger."""

import contextlib
from collections.abc import Callable, Iterable, Iterator
from functools import lru_cache, partial
from typing import Any

import polars as pl
from sqlalchemy import Connection, Engine

from pipeline.domain.errors import LedgerBusyError, LedgerError
from pipeline.ledger import idle

WAIT_MS = 60_000
_TRIES = 20
_WRITTEN = "PRAGMA data_version"
"""Another number when another connection has committed since."""
_CACHE = "PRAGMA cache_size=-65536"
"""64 MB: with the 2 MB of SQLite a check of indexes reads each page of a large file many times."""
_FRAME = 1 << 16
_KNOWN = 8
"""PostgreSQL databases whose types are kept."""
LITERAL = {"no_parameters": True}
"""How a statement that says all by itself is executed: a per cent sign is no parameter of it."""
_WHOLE_RESULT = str(1 << 24)  # rows of one batch: types are inferred over all of it


class Reader:
    """Queries as frames; on PostgreSQL over one connection, kept until ``close``.

    A connection to PostgreSQL takes longer than most queries. SQLite's driver keeps its snapshot
    as long as its connection, so that there each query has one of its own. A query never waits
    for a writer, and does not see what an open transaction of the caller wrote.
    """

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._sqlite = engine.dialect.name == "sqlite"
        self._connection: _Connection | None = None

    def read(self, sql: str, schema: dict[str, Any]) -> pl.DataFrame:
        """A query as a frame, columns as in ``schema``."""
        try:
            with _said_plainly():
                if self._connection is None:
                    self._connection = _connect(self._engine)
                return Snapshot(self._connection, sqlite=self._sqlite).frame(sql, schema)
        except LedgerError:
            self.close()
            raise
        finally:
            if self._sqlite:
                self.close()

    def close(self) -> None:
        """Give the connection back; a later query makes another."""
        if self._connection is not None:
            self._connection.close()
            self._connection = None


class Snapshot:
    """Queries over one ADBC connection; within a transaction all of them see one state."""

    def __init__(self, connection: "_Connection", *, sqlite: bool) -> None:
        self.sqlite = sqlite
        self._connection = connection
        self._state = ""
        self._tables = ""

    def behind(self, tables: str) -> "Snapshot":
        """The same state for ``frame``, where common tables stand in for those of their names."""
        found = Snapshot(self._connection, sqlite=self.sqlite)
        found._tables = tables
        return found

    def frame(self, sql: str, schema: dict[str, Any]) -> pl.DataFrame:
        """A query as a frame; its columns come in the order of ``schema``."""
        if self._tables:
            more = sql.removeprefix("WITH ")
            sql = f"WITH {self._tables}{' ' if more == sql else ', '}{more}"
        if not self.sqlite:  # PostgreSQL names two expressions alike
            sql = f"SELECT * FROM ({sql}) AS q ({', '.join(schema)})"
        found = self._fetch(sql)
        found.columns = list(schema)
        return _typed(found, schema)

    def frames(self, sql: str, schema: dict[str, Any]) -> Iterator[pl.DataFrame]:
        """A query in its order as frames of some ten thousand rows, its columns named by itself.

        On SQLite text must not be null: its driver takes the types from the first frame.
        """
        with _said_plainly(), self._connection.statement() as statement:
            if self.sqlite:
                statement.set_options(**{"adbc.sqlite.query.batch_rows": str(_FRAME)})
            statement.set_sql_query(sql)
            stream, _ = statement.execute_query()
            for found in pl.scan_arrow_c_stream(stream).collect_batches(
                chunk_size=_FRAME, maintain_order=True
            ):
                found.columns = list(schema)
                yield _typed(found, schema)

    def rows(self, sql: str) -> list[tuple[Any, ...]]:
        """All rows of a query whose columns have different names."""
        return self._fetch(sql).rows()

    def run(self, sql: str) -> None:
        """A statement that gives no rows."""
        with _said_plainly(), self._connection.statement() as statement:
            statement.set_sql_query(sql)
            statement.execute_query()

    @contextlib.contextmanager
    def apart(self) -> Iterator[None]:
        """Queries whose error leaves later ones alone; on PostgreSQL it ends their transaction."""
        try:
            yield
        except LedgerError:
            if self._state:
                self._connection.rollback()
                self.enter(self._state)
            raise

    def enter(self, state: str) -> None:
        """See from now on the ``state`` that another transaction of PostgreSQL exported."""
        self._state = state
        self.run("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY")
        self.run(f"SET TRANSACTION SNAPSHOT '{state}'")

    def _fetch(self, sql: str) -> pl.DataFrame:
        with _said_plainly(), self._connection.statement() as statement:
            if self.sqlite:
                statement.set_options(**{"adbc.sqlite.query.batch_rows": _WHOLE_RESULT})
            statement.set_sql_query(sql)
            stream, _ = statement.execute_query()
            return pl.DataFrame(stream)


@contextlib.contextmanager
def snapshot(engine: Engine) -> Iterator[Snapshot]:
    """One state of the ledger for several queries; it neither waits for nor stops a writer."""
    with snapshots(engine, 1) as found:
        yield found[0]


@contextlib.contextmanager
def snapshots(engine: Engine, count: int) -> Iterator[list[Snapshot]]:
    """One state of the ledger over several connections, for a thread each; as ``snapshot``.

    LedgerBusyError where others write so often that no two see the same.
    """
    if engine.dialect.name == "sqlite":
        if count == 1:
            with contextlib.ExitStack() as stack:
                yield [_begun(engine, stack)]
            return
        for _ in range(_TRIES):
            with contextlib.ExitStack() as stack:
                watch = Snapshot(stack.enter_context(contextlib.closing(_connect(engine))),
                                 sqlite=True)  # fmt: skip
                written = watch.rows(_WRITTEN)
                found = [_begun(engine, stack) for _ in range(count)]
                if watch.rows(_WRITTEN) == written:
                    yield found
                    return
        raise LedgerBusyError("the ledger is busy: another process writes")
    with contextlib.ExitStack() as stack:
        keeper = _transaction(engine, stack)  # asks nothing more, so that no error ends it
        keeper.run("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY")
        state = keeper.rows("SELECT pg_export_snapshot() AS state")[0][0]
        found = [_transaction(engine, stack) for _ in range(count)]
        for books in found:
            books.enter(state)
        yield found


def _begun(engine: Engine, stack: contextlib.ExitStack) -> Snapshot:
    """A state of a SQLite file: it is that of its first query."""
    found = _transaction(engine, stack)
    found.rows("SELECT count(*) AS n FROM sqlite_schema")
    return found


def _transaction(engine: Engine, stack: contextlib.ExitStack) -> Snapshot:
    with _said_plainly():
        connection = stack.enter_context(contextlib.closing(_connect(engine, autocommit=False)))
    found = Snapshot(connection, sqlite=engine.dialect.name == "sqlite")
    if found.sqlite:
        found.run(_CACHE)
    return found


@contextlib.contextmanager
def _said_plainly() -> Iterator[None]:
    import adbc_driver_manager

    try:
        yield
    except adbc_driver_manager.Error as error:
        first = str(error).splitlines()[0]
        if "locked" in first:
            raise LedgerBusyError("the ledger is busy: another process writes") from None
        raise LedgerError(f"the ledger cannot be read: {first}") from None


def _typed(found: pl.DataFrame, schema: dict[str, Any]) -> pl.DataFrame:
    """What a query gave, in the types of ``schema``; most frames of a small night are empty."""
    if found.is_empty():
        return pl.DataFrame(schema=schema)
    kinds = found.schema
    wrong = [_cast(name, kind, kinds[name]) for name, kind in schema.items() if kinds[name] != kind]
    return found.with_columns(wrong) if wrong else found


def _cast(name: str, kind: Any, found: Any) -> pl.Expr:
    column = pl.col(name)
    if kind == pl.Date:
        text = column if found == pl.String else column.cast(pl.String)
        return pl.when(text != "").then(text).otherwise(None).str.to_date("%Y-%m-%d").alias(name)
    return column.cast(kind)


class _Connection:
    """An ADBC connection of the driver itself.

    Its Python database interface loads all of PyArrow, which takes a command longer than to read a
    small ledger.
    """

    def __init__(
        self, database: Any, *, autocommit: bool, at_end: Callable[[], None] = lambda: None
    ) -> None:
        import adbc_driver_manager

        self._at_end = at_end
        self._connection = adbc_driver_manager.AdbcConnection(database)
        if not autocommit:
            self._connection.set_autocommit(False)

    def statement(self) -> Any:
        """A statement that is not asked yet; it ends with the block that it opens."""
        import adbc_driver_manager

        return adbc_driver_manager.AdbcStatement(self._connection)

    def rollback(self) -> None:
        """Undo what the open transaction did."""
        self._connection.rollback()

    def close(self) -> None:
        """End what is open, and give it back."""
        self._connection.close()
        self._at_end()


def _connect(engine: Engine, *, autocommit: bool = True) -> _Connection:
    """A connection, by default one in which each statement is a transaction."""
    if engine.dialect.name == "sqlite":
        import adbc_driver_sqlite

        idle.close(engine)
        made = adbc_driver_sqlite.connect(engine.url.database)
        found = _Connection(made, autocommit=autocommit, at_end=partial(_closed, made, engine))
        Snapshot(found, sqlite=True).run(f"PRAGMA busy_timeout={WAIT_MS}")
        return found
    url = engine.url.set(drivername="postgresql").render_as_string(hide_password=False)
    return _Connection(_postgresql(url), autocommit=autocommit)


def _closed(database: Any, engine: Engine) -> None:
    """Close a file that the driver of SQLite has open."""
    database.close()
    idle.close(engine)


@lru_cache(_KNOWN)
def _postgresql(url: str) -> Any:
    """A database of the driver, which is open to no server: it knows the types of that database.

    To read them takes the driver ten times as long as to connect.
    """
    import adbc_driver_postgresql

    return adbc_driver_postgresql.connect(url)


def listed(numbers: Iterable[int]) -> str:
    """Whole numbers as an SQL ``IN`` takes them, in order; of none a list that finds nothing."""
    return ", ".join(str(int(number)) for number in sorted(numbers)) or "NULL"


def quoted(text: str) -> str:
    """Text as SQL."""
    return "'" + text.replace("'", "''") + "'"


def through(connection: Connection, sql: str, schema: dict[str, Any]) -> pl.DataFrame:
    """A query as a frame, by the connection that writes."""
    rows = [tuple(row) for row in connection.exec_driver_sql(sql, None, LITERAL)]
    found = pl.DataFrame(rows, schema=list(schema), orient="row", infer_schema_length=None)
    return _typed(found, schema)
