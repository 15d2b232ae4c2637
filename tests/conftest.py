"""Fixtures of all tests: ledgers on SQLite and PostgreSQL, and the check that their books hold."""

import contextlib
import hashlib
import signal
import sqlite3
from collections.abc import Iterator
from pathlib import Path
from types import FrameType

import pytest

from pipeline import config, ledger
from pipeline.ledger import connection
from pipeline.ledger.verify import verify
from tests.postgres import Server, started
from tests.prepared import after_first_night, after_two_nights, books, folder, postgres_of

_HOLD: set[str] = set()
"""What ``_digest`` says of ledger files whose books hold: many tests only read their copy."""


def pytest_addoption(parser: pytest.Parser) -> None:
    text = "write what the golden files tell anew (and fail)"
    parser.addoption("--write-golden", action="store_true", help=text)


def pytest_configure(config: pytest.Config) -> None:
    """A run that is told to end stops its servers first, as with Ctrl-C."""
    folder()  # of the process that starts the others
    with contextlib.suppress(ValueError):  # not in the main thread: nobody signals it
        signal.signal(signal.SIGTERM, _interrupt)


def _interrupt(number: int, frame: FrameType | None) -> None:
    raise KeyboardInterrupt


@pytest.fixture(scope="session")
def server() -> Iterator[Server]:
    yield from started()


@pytest.fixture(autouse=True)
def the_books_hold(request: pytest.FixtureRequest) -> Iterator[None]:
    """After each test every invariant holds in each ledger file that it leaves behind.

    A test that breaks books on purpose says so: ``@pytest.mark.breaks_the_books``.
    """
    used = "tmp_path" in request.fixturenames
    folder = request.getfixturevalue("tmp_path") if used else None
    yield
    if folder is not None:
        if request.node.get_closest_marker("breaks_the_books"):
            return
        for file in sorted(folder.rglob("*.db")):
            digest = _digest(file)
            if digest not in _HOLD and _is_ledger(file):
                _check(request, f"sqlite:///{file}")
                _HOLD.add(digest)


def _check(request: pytest.FixtureRequest, url: str) -> None:
    if not request.node.get_closest_marker("breaks_the_books"):
        with ledger.open(url) as book:
            assert [(c.invariant, c.ids) for c in verify(book) if c.violations] == [], url


def _digest(file: Path) -> str:
    """Of all its bytes, those of its log too, which is left where a process was killed."""
    log = file.with_name(f"{file.name}-wal")
    both = (file.read_bytes(), log.read_bytes() if log.exists() else b"")
    return " ".join(hashlib.sha256(part).hexdigest() for part in both)


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


@pytest.fixture(params=["sqlite", "postgresql"])
def url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path}/ledger.db"
    found: str = request.getfixturevalue("postgres")
    return found


@pytest.fixture
def as_a_large_file(monkeypatch: pytest.MonkeyPatch) -> None:
    """Frames are read by another copy of SQLite than writes are made with, as of large files."""
    monkeypatch.setattr(connection, "_SMALL", 0)


@pytest.fixture
def settings(url: str) -> config.Settings:
    return books(url)


@pytest.fixture
def sqlite_settings(tmp_path: Path) -> config.Settings:
    return books(f"sqlite:///{tmp_path}/ledger.db")


@pytest.fixture
def first_night(url: str) -> config.Settings:
    return after_first_night(url)


@pytest.fixture
def sqlite_first_night(tmp_path: Path) -> config.Settings:
    return after_first_night(f"sqlite:///{tmp_path}/ledger.db")


@pytest.fixture
def two_nights(url: str) -> config.Settings:
    return after_two_nights(url)


@pytest.fixture
def sqlite_two_nights(tmp_path: Path) -> config.Settings:
    return after_two_nights(f"sqlite:///{tmp_path}/ledger.db")
