"""Opening a ledger that is there, and making one: SQLite or PostgreSQL."""

import contextlib
from collections.abc import Iterator
from contextvars import ContextVar
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, create_engine, event, make_url
from sqlalchemy.exc import DBAPIError, OperationalError
from sqlalchemy.pool import NullPool

from pipeline.domain.errors import LedgerError, UsageError
from pipeline.ledger import grants, reading
from pipeline.ledger.connection import Ledger
from pipeline.ledger.refusals import BUSY, first_line, refusal

_CACHE = -131_072  # KiB; with SQLite's 2 MB a register of 6,000 journal entries is read in circles
_WAL = (
    65_536  # pages: 256 MB of log before it is copied into the file; many registers change a page
)
_OURS = {"register", "register_seal"}
"""Either is there in a ledger: that one of them is gone, verify tells."""
_TABLES = {
    "sqlite": "SELECT name FROM sqlite_schema WHERE type = 'table' AND substr(name, 1, 7) <>"
    " 'sqlite_'",
    "postgresql": "SELECT relname FROM pg_class WHERE relnamespace = current_schema()::regnamespace"
    " AND relkind IN ('r', 'p')",
}
VERSION = "0029"
"""The newest revision in ``migrations/versions``."""
_kept: ContextVar[dict[str, Ledger]] = ContextVar("_kept", default={})  # noqa: B039 - never changed


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
        found, _ = _schema(ledger, new=True)
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
    if "alembic_version" not in _tables(connection):
        return ""
    return str(connection.exec_driver_sql("SELECT version_num FROM alembic_version").scalar())


def _tables(connection: Connection) -> set[str]:
    """The tables of the database, those of SQLite itself aside."""
    return set(connection.exec_driver_sql(_TABLES[connection.dialect.name]).scalars())


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
    """Open an existing ledger; UsageError when there is none yet.

    Inside ``kept`` of the same one it is that.
    """
    if url in _kept.get():
        yield _kept.get()[url]
        return
    engine = _engine(url)
    ledger = Ledger(engine)
    try:
        tables, version = _schema(ledger)
        if not _OURS & tables:
            raise UsageError("the ledger does not exist yet; run: lettrage init")
        if version and version < VERSION:  # it lacks what this one reads
            raise UsageError("the ledger is of an older version of lettrage; run: lettrage init")
        yield ledger
    except OperationalError as error:
        if error.connection_invalidated:
            raise refusal(error) from None
        raise LedgerError(f"the ledger cannot be opened: {first_line(error)}") from None
    finally:
        ledger.close()


@contextlib.contextmanager
def kept(url: str) -> Iterator[None]:
    """One ledger for all that is opened of this URL inside, by this thread.

    For steps that follow each other: to open a ledger takes longer than to read a small one, as
    SQLite reads the whole schema anew, and waits for the disk when its file is closed. None of them
    may be ``looking``: the others would see the books as they were then.
    """
    with open_ledger(url) as ledger:
        token = _kept.set({**_kept.get(), url: ledger})
        try:
            yield
        finally:
            _kept.reset(token)


def _schema(ledger: Ledger, *, new: bool = False) -> tuple[set[str], str]:
    """The tables of the database, and their revision where they are ours, else empty.

    UsageError where no ledger can be. ``new``: it may be made.
    """
    file = ledger.engine.url.database if ledger.sqlite else None
    if file is not None and not new and not Path(file).exists():
        return set(), ""
    try:
        with ledger.reading() as connection:
            tables = _tables(connection)
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
