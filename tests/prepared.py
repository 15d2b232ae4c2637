"""Ledgers that are made once a session and copied to whoever starts from them."""

import atexit
import contextlib
import dataclasses
import fcntl
import functools
import itertools
import os
import shutil
import sqlite3
from collections.abc import Callable, Iterator
from pathlib import Path

from sqlalchemy import make_url

from pipeline import config, ledger, steps
from pipeline.demo import BOOKS, NIGHTS, samples
from pipeline.ledger.load import load
from tests.leftovers import own_folder
from tests.postgres import Server, database, maintenance

_NUMBERS = itertools.count()
_FOLDER = "LETTRAGE_TEST_STATES"


@contextlib.contextmanager
def postgres_of(server: Server) -> Iterator[str]:
    """The URL of a new database of ``server``, for as long as it is asked for."""
    url = database(server.url, f"ledger_{next(_NUMBERS)}")
    prepared(url, "new", ledger.init)
    try:
        yield url
    finally:
        with maintenance(url) as connection:
            connection.exec_driver_sql(f"DROP DATABASE {make_url(url).database} WITH (FORCE)")


def prepared(url: str, state: str, fill: Callable[[str], object]) -> None:
    """Put a copy of the ledger that ``fill`` makes, once a session, in the place of ``url``.

    ``state`` names what ``fill`` makes: the same name is the same ledger.
    """
    if url.startswith("sqlite"):
        _prepared_sqlite(Path(make_url(url).database or ""), state, fill)
        return
    name, template = make_url(url).database, f"state_{state}"
    with maintenance(url) as connection:
        known = f"SELECT 1 FROM pg_database WHERE datname = '{template}'"
        if connection.exec_driver_sql(known).first() is None:
            connection.exec_driver_sql(f"CREATE DATABASE {template} TEMPLATE template0")
            fill(database(url, template))
        connection.exec_driver_sql(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")
        connection.exec_driver_sql(f"CREATE DATABASE {name} TEMPLATE {template}")


def _prepared_sqlite(file: Path, state: str, fill: Callable[[str], object]) -> None:
    template = folder() / f"{state}.db"
    with template.with_suffix(".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)  # another test process may just make it
        if not template.exists():
            made = template.with_suffix(".made")
            fill(f"sqlite:///{made}")
            with contextlib.closing(sqlite3.connect(made)) as connection:
                connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
            made.rename(template)
    shutil.copyfile(template, file)


@functools.cache
def folder() -> Path:
    """Where the SQLite files of this session lie: of all its processes, gone with the first."""
    if _FOLDER not in os.environ:
        made = own_folder("states")
        atexit.register(_remove, made, os.getpid())
        os.environ[_FOLDER] = str(made)
    return Path(os.environ[_FOLDER])


def _remove(made: Path, owner: int) -> None:
    if os.getpid() == owner:  # not a child that a test forked
        shutil.rmtree(made, ignore_errors=True)


def books(url: str) -> config.Settings:
    """Settings of the sample company, its books in the ledger at ``url``, no night yet."""
    prepared(url, "books", _load_books)
    return config.read(samples() / "lettrage.toml", url)


def after_first_night(url: str, park: str = "month_end") -> config.Settings:
    """Settings of the sample company, its first night in the ledger at ``url``.

    ``park`` is the policy of that night, and of the settings.
    """

    def run(place: str) -> None:
        steps.nightly(parking(books(place), park), [samples() / NIGHTS[0]], "tester")

    prepared(url, f"first_night_{park}", run)
    return parking(config.read(samples() / "lettrage.toml", url), park)


def parking(settings: config.Settings, park: str) -> config.Settings:
    """The same settings under another ``[policy] park``."""
    return dataclasses.replace(settings, policy={**settings.policy, "park": park})


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
