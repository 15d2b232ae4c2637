"""Opening a ledger: SQLite or PostgreSQL; the few differences between them live here."""

import contextlib
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import polars as pl
from alembic import command
from alembic.config import Config
from sqlalchemy import Connection, Engine, create_engine, event, inspect
from sqlalchemy.exc import DBAPIError, OperationalError
from sqlalchemy.pool import NullPool

from pipeline.domain.errors import LedgerBusyError, LedgerError, UsageError

_LOCK = 0x1E77A6E
_WAIT_MS = 60_000


class Ledger:
    """An opened ledger; every write happens inside one ``transaction``."""

    def __init__(self, engine: Engine) -> None:
        self.engine = engine
        self.sqlite = engine.dialect.name == "sqlite"

    @contextlib.contextmanager
    def transaction(self) -> Iterator[Connection]:
        """One write transaction under the ledger's lock: all of it, or nothing.

        Raises LedgerBusyError when another process holds the ledger for a minute (retryable),
        LedgerError when the database refuses what was written.
        """
        try:
            with self.engine.begin() as connection:
                if not self.sqlite:
                    connection.exec_driver_sql(f"SELECT pg_advisory_xact_lock({_LOCK})")
                yield connection
        except OperationalError as error:
            if "locked" in str(error.orig):
                raise LedgerBusyError("the ledger is busy: another process writes") from None
            raise LedgerError(f"the ledger refuses: {_first_line(error)}") from None
        except DBAPIError as error:
            raise LedgerError(f"the ledger refuses: {_first_line(error)}") from None

    def rows(self, sql: str) -> list[Any]:
        """All rows of a query without parameters, in its order."""
        with self.engine.connect() as connection:
            return list(connection.exec_driver_sql(sql).fetchall())

    def frame(self, sql: str, schema: dict[str, Any]) -> pl.DataFrame:
        """A query as a frame; its columns come in the order of ``schema``."""
        raw = {
            name: pl.String if kind == pl.Date else pl.Int64 if kind == pl.Boolean else kind
            for name, kind in schema.items()
        }
        rows = [tuple(row) for row in self.rows(sql)]
        loaded = pl.DataFrame(rows, schema=raw, orient="row")
        return loaded.with_columns(
            [
                pl.col(name).str.to_date("%Y-%m-%d") if kind == pl.Date else pl.col(name).cast(kind)
                for name, kind in schema.items()
                if kind in (pl.Date, pl.Boolean)
            ]
        )


def insert(
    connection: Connection, table: str, columns: Sequence[str], rows: Sequence[Sequence[Any]]
) -> None:
    """Insert many rows at once; column and table names come from our own constants."""
    if not rows:
        return
    sqlite = connection.dialect.name == "sqlite"
    marks = ", ".join(["?" if sqlite else "%s"] * len(columns))
    sql = f"INSERT INTO {table} ({', '.join(columns)}) VALUES ({marks})"
    connection.exec_driver_sql(sql, [tuple(row) for row in rows])


def next_id(connection: Connection, table: str, key: str = "id") -> int:
    """The next free surrogate id of a table; the caller holds the ledger's lock."""
    found = connection.exec_driver_sql(f"SELECT coalesce(max({key}), 0) + 1 FROM {table}").scalar()
    return int(found or 1)


def init(url: str) -> None:
    """Create the ledger or upgrade it to this version; doing it twice changes nothing."""
    engine = _engine(url)
    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent / "migrations"))
    try:
        with engine.begin() as connection:
            if engine.dialect.name != "sqlite":
                connection.exec_driver_sql(f"SELECT pg_advisory_xact_lock({_LOCK})")
            config.attributes["connection"] = connection
            command.upgrade(config, "head")
    except DBAPIError as error:
        raise LedgerError(f"the ledger cannot be created: {_first_line(error)}") from None
    finally:
        engine.dispose()


@contextlib.contextmanager
def open_ledger(url: str) -> Iterator[Ledger]:
    """Open an existing ledger; UsageError when there is none yet."""
    engine = _engine(url)
    try:
        file = engine.url.database if engine.dialect.name == "sqlite" else None
        if (file and not Path(file).exists()) or not inspect(engine).has_table("register"):
            raise UsageError("the ledger does not exist yet; run: lettrage init")
        yield Ledger(engine)
    except OperationalError as error:
        raise LedgerError(f"the ledger cannot be opened: {_first_line(error)}") from None
    finally:
        engine.dispose()


def _engine(url: str) -> Engine:
    try:
        engine = create_engine(url, poolclass=NullPool)
    except Exception as error:  # noqa: BLE001 - SQLAlchemy raises many kinds for a wrong URL
        raise UsageError(f"--ledger: {type(error).__name__}, expected a SQLAlchemy URL") from None
    if engine.dialect.name == "sqlite":
        event.listen(engine, "connect", _prepare_sqlite)
        event.listen(engine, "begin", _begin_immediate)
    elif engine.dialect.name != "postgresql":
        raise UsageError(f"--ledger: {engine.dialect.name!r}, expected sqlite or postgresql")
    return engine


def _prepare_sqlite(connection: Any, record: object) -> None:
    connection.isolation_level = None
    for pragma in (
        f"busy_timeout={_WAIT_MS}",
        "journal_mode=WAL",
        "synchronous=FULL",
        "foreign_keys=ON",
        "recursive_triggers=ON",
    ):
        connection.execute(f"PRAGMA {pragma}")


def _begin_immediate(connection: Connection) -> None:
    connection.exec_driver_sql("BEGIN IMMEDIATE")


def _first_line(error: DBAPIError) -> str:
    return str(error.orig).splitlines()[0]
