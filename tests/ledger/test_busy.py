"""Another process holds the ledger: whoever waits too long is told so, and nothing is half done."""

import contextlib
import shutil
import sqlite3
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path

import polars as pl
import psycopg
import pytest

from pipeline import cli, config, ledger, steps
from pipeline.demo import samples
from pipeline.domain.errors import LedgerBusyError
from pipeline.ledger import Ledger, checkpoints, connection, reading
from pipeline.ledger.connection import insert, now
from pipeline.ledger.verify import verify

NIGHT = samples() / "night-1"
_HOLDER = """
import sys
from pipeline import ledger
with ledger.open(sys.argv[1]) as book, book.transaction():
    print("held", flush=True)
    sys.stdin.readline()
"""
_ASKER = """
import contextlib, sqlite3, sys
with contextlib.closing(sqlite3.connect(sys.argv[1], timeout=0.1, isolation_level=None)) as books:
    books.execute("BEGIN IMMEDIATE")
"""


@contextlib.contextmanager
def held(url: str) -> Iterator[None]:
    """Another process writes as long as this lasts."""
    pipe = subprocess.PIPE
    with subprocess.Popen([sys.executable, "-c", _HOLDER, url], stdin=pipe, stdout=pipe) as other:
        assert other.stdout is not None
        assert other.stdout.readline() == b"held\n"
        yield
        other.communicate(b"\n")


def test_a_writer_that_waits_too_long_may_try_again(
    settings: config.Settings, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(reading, "WAIT_MS", 300)
    with held(settings.ledger):
        for attempt in (
            lambda: steps.ingest(settings, [NIGHT], "tester"),
            lambda: ledger.init(settings.ledger),
        ):
            with pytest.raises(LedgerBusyError, match="busy, try again") as caught:
                attempt()
            assert caught.value.retryable
        assert cli.main(["--ledger", settings.ledger, "ingest", str(NIGHT)]) == 1
        assert "busy, try again" in capsys.readouterr().err
    with ledger.open(settings.ledger) as book:
        assert book.rows("SELECT count(*) FROM feed_file") == [(0,)]
        assert [c.invariant for c in verify(book) if c.violations] == []
    assert steps.ingest(settings, [NIGHT], "tester")["files"] > 0


@pytest.mark.parametrize("use", ["read", "write"])
def test_a_connection_that_the_server_ended_may_be_tried_again(postgres: str, use: str) -> None:
    """It is kept from one use to the next, and a firewall may have closed it meanwhile."""
    with pytest.raises(LedgerBusyError, match="lost, try again") as caught:
        _ended_between_two_uses(postgres, use)
    assert caught.value.retryable
    with ledger.open(postgres) as book:
        assert book.rows("SELECT 1") == [(1,)]


def _ended_between_two_uses(url: str, use: str) -> None:
    with ledger.open(url) as book:
        with book.transaction() as connection:
            assert now(connection)
        with contextlib.closing(psycopg.connect(url.replace("+psycopg", ""))) as other:
            other.execute(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
                " WHERE pid <> pg_backend_pid() AND datname = current_database()"
            )
        if use == "read":
            book.rows("SELECT 1")
        with book.transaction():
            pass


def test_readers_wait_for_nobody(settings: config.Settings) -> None:
    with held(settings.ledger), ledger.open(settings.ledger) as book:
        assert book.rows("SELECT count(*) FROM statement") == [(0,)]
        assert book.frame("SELECT count(*) FROM entry", {"n": pl.Int64})["n"][0] > 0


@pytest.fixture(params=["small", "large"])
def file_size(request: pytest.FixtureRequest) -> str:
    if request.param == "large":
        request.getfixturevalue("as_a_large_file")
    return str(request.param)


@pytest.mark.usefixtures("file_size")
def test_reading_inside_a_transaction_on_sqlite_does_not_let_another_write(
    sqlite_settings: config.Settings,
) -> None:
    """Two copies of SQLite are in one process; closing a file in one must not free the other's."""
    file = sqlite_settings.ledger.removeprefix("sqlite:///")
    with ledger.open(sqlite_settings.ledger) as book, book.transaction():
        book.frame("SELECT count(*) FROM entry", {"n": pl.Int64})
        with ledger.open(sqlite_settings.ledger) as other:
            other.frame("SELECT count(*) FROM entry", {"n": pl.Int64})
        asked = subprocess.run([sys.executable, "-c", _ASKER, file], capture_output=True, text=True,
                               check=False)  # fmt: skip
    assert "database is locked" in asked.stderr


_WRITER = """
import sys
from pipeline import ledger
from pipeline.ledger.connection import insert
with ledger.open(sys.argv[1]) as book, book.transaction() as connection:
    row = ("debit-elsewhere", "", "", "created")
    insert(connection, "gl_account", ("no", "name", "kind", "origin"), [row])
"""
_READER = """
import sys
from pipeline import ledger
from tests.ledger.test_busy import COUNTS
with ledger.open(sys.argv[1]) as book:
    print(book.rows(COUNTS))
"""


def test_what_was_kept_open_holds_when_others_were_the_last_to_close(
    sqlite_settings: config.Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Who closes last takes the log away.

    A connection that lost its locks would go on in a log that is gone, and what it writes with it.
    """
    counts, url = {"debits": pl.Int64, "credits": pl.Int64}, sqlite_settings.ledger
    with ledger.open(url) as book:
        write_pairs(book, "small")
        monkeypatch.setattr(connection, "_SMALL", 0)
        assert book.frame(COUNTS, counts).rows() == [(PAIRS, PAIRS)], "by the other copy of SQLite"
        subprocess.run([sys.executable, "-c", _WRITER, url], check=True)
        assert book.rows(COUNTS) == [(PAIRS + 1, PAIRS)]
        write_pairs(book, "after")
        other = subprocess.run([sys.executable, "-c", _READER, url], check=True, text=True,
                               capture_output=True)  # fmt: skip
        assert other.stdout == f"[({2 * PAIRS + 1}, {2 * PAIRS})]\n", "it sees what is written"


def test_the_log_is_copied_beside_the_writer_and_takes_nothing_from_it(
    sqlite_settings: config.Settings, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """By a connection of its own, which is closed while the writer goes on."""
    monkeypatch.setattr(checkpoints, "_ROWS", 1)
    file = sqlite_settings.ledger.removeprefix("sqlite:///")
    with ledger.open(sqlite_settings.ledger) as book:
        with book.connected():
            write_pairs(book, "copied")
        shutil.copyfile(file, tmp_path / "without-its-log.db")
        with contextlib.closing(sqlite3.connect(tmp_path / "without-its-log.db")) as copied:
            debits, credits = copied.execute(COUNTS).fetchone()
        assert debits == credits > 0, "whole transactions, though nobody has closed the file"
        with book.transaction():
            asked = subprocess.run([sys.executable, "-c", _ASKER, file], capture_output=True,
                                   text=True, check=False)  # fmt: skip
        assert "database is locked" in asked.stderr
        assert book.rows(COUNTS) == [(PAIRS, PAIRS)]


def test_a_log_that_cannot_be_copied_stops_no_writer(
    sqlite_settings: config.Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(checkpoints, "_ROWS", 1)
    monkeypatch.setattr(checkpoints, "_PASSIVE", "PRAGMA")
    with ledger.open(sqlite_settings.ledger) as book:
        with book.connected():
            write_pairs(book, "in the log")
        assert book.rows(COUNTS) == [(PAIRS, PAIRS)]


@pytest.mark.usefixtures("file_size")
def test_a_look_at_the_books_sees_one_state_of_them(sqlite_settings: config.Settings) -> None:
    counts, url = {"debits": pl.Int64, "credits": pl.Int64}, sqlite_settings.ledger
    with ledger.open(url) as book:
        with book.looking():
            before = book.frame(COUNTS, counts)
            subprocess.run([sys.executable, "-c", _WRITER, url], check=True)
            assert book.side_by_side([COUNTS], counts).rows() == before.rows() == [(0, 0)]
        assert book.rows(COUNTS) == [(1, 0)]


PAIRS = 20
COUNTS = (
    "SELECT (SELECT count(*) FROM gl_account WHERE no LIKE 'debit-%') AS debits,"
    " (SELECT count(*) FROM gl_account WHERE no LIKE 'credit-%') AS credits"
)


def write_pairs(book: Ledger, name: str) -> None:
    """Two accounts a transaction, the second one after a look at the books."""
    for number in range(PAIRS):
        with book.transaction() as connection:
            for kind in ("debit", "credit"):
                row = (f"{kind}-{name}-{number}", name, "", "created")
                insert(connection, "gl_account", ("no", "name", "kind", "origin"), [row])
                book.frame(COUNTS, {"debits": pl.Int64, "credits": pl.Int64})


def read_pairs(book: Ledger, seen: list[tuple[int, int]], done: threading.Event) -> None:
    while not done.is_set():
        seen.append(book.frame(COUNTS, {"debits": pl.Int64, "credits": pl.Int64}).row(0))
        seen.append(tuple(book.rows(COUNTS)[0]))


@pytest.mark.usefixtures("file_size")
@pytest.mark.parametrize("books", ["one ledger", "two ledgers"])
def test_threads_write_and_read_in_turns_on_sqlite(
    sqlite_settings: config.Settings, books: str
) -> None:
    """No thread waits for ever, none sees half a transaction, nothing is lost."""
    url, seen, done = sqlite_settings.ledger, list[tuple[int, int]](), threading.Event()
    failed: list[BaseException] = []

    def thread(work: Callable[[], None]) -> threading.Thread:
        def run() -> None:
            try:
                work()
            except BaseException as error:  # noqa: BLE001 - told below, where the test sees it
                failed.append(error)

        found = threading.Thread(target=run, daemon=True)
        found.start()
        return found

    with ledger.open(url) as one, ledger.open(url) as other:
        second = one if books == "one ledger" else other
        writers = [thread(lambda: write_pairs(one, "a")), thread(lambda: write_pairs(second, "b"))]
        readers = [thread(lambda: read_pairs(one, seen, done)),
                   thread(lambda: read_pairs(second, seen, done))]  # fmt: skip
        for writer in writers:
            writer.join(120)
        done.set()
        for reader in readers:
            reader.join(60)
        assert not [one for one in (*writers, *readers) if one.is_alive()], "they wait for ever"
        assert failed == []
        assert one.rows(COUNTS) == [(2 * PAIRS, 2 * PAIRS)]
    assert seen
    assert [pair for pair in seen if pair[0] != pair[1]] == [], "half a transaction"


def test_what_is_read_together_is_what_is_read_one_after_the_other(
    settings: config.Settings,
) -> None:
    """Also within such a reading, and by who writes: there it is asked of the writer itself."""
    numbers = {"n": pl.Int64}
    with ledger.open(settings.ledger) as book:
        one = partial(book.frame, "SELECT count(*) FROM party", numbers)
        both = partial(book.side_by_side, ["SELECT 1", "SELECT 2"], numbers)
        apart = [read().rows() for read in (one, both, one)]
        assert [frame.rows() for frame in book.together([one, both, one])] == apart
        assert apart[1] == [(1,), (2,)]
        with book.transaction() as connection:
            connection.exec_driver_sql(
                "INSERT INTO feed_file (sha256, name, size, status, reason, detail, actor,"
                " encoding) VALUES ('ab', 'a', 1, 'refused', '', '', 'tester', '')"
            )
            files = partial(book.frame, "SELECT count(*) FROM feed_file", numbers)
            seen = [frame.item() for frame in book.together([files, files])]
            assert seen == ([1, 1] if book.sqlite else [0, 0])
            connection.rollback()


def test_a_thread_that_waits_too_long_for_another_is_told_so(
    sqlite_settings: config.Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(reading, "WAIT_MS", 200)
    held_now, ended, told = threading.Event(), threading.Event(), []

    def hold() -> None:
        with ledger.open(sqlite_settings.ledger) as book, book.transaction():
            held_now.set()
            ended.wait(60)

    def opened() -> Ledger:
        return ledger.open(sqlite_settings.ledger).__enter__()

    holder = threading.Thread(target=hold, daemon=True)
    with ledger.open(sqlite_settings.ledger) as book:
        holder.start()
        assert held_now.wait(60)
        for attempt in (opened, lambda: book.rows(COUNTS), lambda: book.transaction().__enter__()):
            with pytest.raises(LedgerBusyError, match="another thread") as caught:
                attempt()
            told.append(caught.value.retryable)
        ended.set()
        holder.join(60)
        assert told == [True, True, True]
        assert book.rows(COUNTS) == [(0, 0)], "its turn has come"


def test_a_ledger_is_closed_in_its_turn_on_sqlite(sqlite_settings: config.Settings) -> None:
    """A file that is closed under a thread which reads by the other copy loses that one's locks."""
    with ledger.open(sqlite_settings.ledger) as book:
        with book.turn():
            other = threading.Thread(target=book.close, daemon=True)
            other.start()
            other.join(0.2)
            assert other.is_alive(), "it waits until this thread has read"
        other.join(60)
        assert not other.is_alive()


def test_a_page_that_looks_reads_all_of_it_by_one_connection(
    settings: config.Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Also what is read together from a large file: it sees nothing that came meanwhile."""
    monkeypatch.setattr(connection, "_SMALL", 0)
    numbers = {"debits": pl.Int64, "credits": pl.Int64}
    with ledger.open(settings.ledger) as book, book.looking():
        one = partial(book.frame, COUNTS, numbers)
        assert one().rows() == [(0, 0)]
        subprocess.run([sys.executable, "-c", _WRITER, settings.ledger], check=True)
        assert [frame.rows() for frame in book.together([one, one])] == 2 * [[(0, 0)]]
