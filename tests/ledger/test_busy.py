"""Another process holds the ledger: whoever waits too long is told so, and nothing is half done."""

import contextlib
import subprocess
import sys
from collections.abc import Iterator

import polars as pl
import pytest

from pipeline import cli, config, ledger, steps
from pipeline.demo import samples
from pipeline.domain.errors import LedgerBusyError
from pipeline.ledger import bulk
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
    monkeypatch.setattr(bulk, "WAIT_MS", 300)
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


def test_readers_wait_for_nobody(settings: config.Settings) -> None:
    with held(settings.ledger), ledger.open(settings.ledger) as book:
        assert book.rows("SELECT count(*) FROM statement") == [(0,)]
        assert book.frame("SELECT count(*) FROM entry", {"n": pl.Int64})["n"][0] > 0


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
