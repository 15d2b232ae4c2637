"""N days in one run, N runs in date order, the commands by hand: one, to the last posting.

Month ends at which lines are parked, later lines that explain them, and payments taken back are
what tells the two apart; a night stops at such days before it looks at later lines.
"""

import tempfile
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from hypothesis import example, given
from hypothesis import settings as profile

from pipeline import cli, config, ledger, steps
from pipeline.ledger.content import content_hash
from pipeline.ledger.export import export
from pipeline.ledger.verify import verify
from tests.long import examples
from tests.postgres import Server
from tests.posting.books_of_a_week import DAYS, Line, Week, weeks
from tests.prepared import postgres_of

KINDS = ("lines", "applications", "gl", "entries", "statements", "exceptions")
TOLD = Week(
    (("C1", 10000, 200), ("C1", 20000, 0), ("C2", 30000, 0)),
    (
        Line("BANK", 0, 10000, "C1", 1, "payment"),
        Line("BANK", 0, -20000, "", 0, "transfer"),  # its other half comes in November
        Line("BANK", 0, 30000, "", 0, "payment"),  # nobody knows it
        Line("BANK-2", 1, -10000, "C1", 0, "return"),  # the other account: not its original
        Line("BANK", 1, -10000, "C1", 0, "return"),  # takes the first line back
        Line("BANK", 1, 30000, "C2", 3, "payment"),
        Line("BANK-2", 2, 20000, "", 0, "transfer"),
        Line("BANK", 2, 10000, "C1", 1, "payment"),  # pays what is open again
        Line("BANK", 2, 20000, "C1", 2, "payment"),
    ),
)

# The unknown payer was taught: each day's lines find what earlier days left of the invoices.
LEARNT = Week(
    (("C1", 10000, 0), ("C1", 20000, 0), ("C1", 10000, 200)),
    (
        Line("BANK", 0, 10000, "C1", 1, "payment"),
        Line("BANK", 0, 20000, "", 0, "payment"),
        Line("BANK-2", 1, 9800, "", 0, "payment"),
        Line("BANK", 1, -20000, "", 0, "return"),
        Line("BANK", 2, 20000, "", 0, "payment"),
        Line("BANK", 2, 10000, "", 1, "payment"),  # names what is closed
    ),
    taught=("C1",),
)

# What a line leaves on account of C1 may meet lines of the same week.
ON_ACCOUNT = Week(
    (("C1", 10000, 0), ("C1", 10000, 0)),
    (
        Line("BANK", 0, 10000, "C1", 0, "payment"),
        Line("BANK", 0, 20000, "C1", 0, "payment"),
        Line("BANK", 0, 10000, "C1", 0, "payment"),
        Line("BANK", 0, 20000, "C1", 1, "payment"),
        Line("BANK-2", 1, -20000, "C1", 3, "transfer"),
        Line("BANK", 1, 10000, "C1", 3, "payment"),
        Line("BANK-2", 2, 30000, "C2", 3, "transfer"),
        Line("BANK", 2, 10000, "C2", 2, "transfer"),
        Line("BANK-2", 2, 10000, "C2", 2, "transfer"),
    ),
    "never",
    "on_account",
)

# Numbers with a slip, an end, a list and a range, which the amount confirms only after other days.
DAMAGED = Week(
    (("C1", 30000, 0), ("C1", 20000, 0), ("C1", 10000, 200), ("C2", 10000, 0)),
    (
        Line("BANK", 0, 20000, "C1", 1, "payment"),
        Line("BANK", 1, 10000, "C1", 0, "payment", " RE-2026-1101"),  # what is left of the first
        Line("BANK-2", 1, 30000, "C1", 2, "payment", "/03"),
        Line("BANK", 2, 9800, "C1", 0, "payment", " 1003"),
        Line("BANK-2", 2, 10000, "C2", 0, "payment", " RE-2026-1040"),
    ),
)

# Oldest first: what a day pays depends on what the days before left, on both accounts.
OLDEST_FIRST = Week(
    (("C1", 30000, 0), ("C1", 20000, 0), ("C1", 20000, 200), ("C2", 10000, 0)),
    (
        Line("BANK", 0, 9800, "C1", 0, "payment"),
        Line("BANK", 1, 20000, "C1", 2, "payment"),  # names its document: comes first
        Line("BANK-2", 1, 10000, "C1", 0, "payment"),
        Line("BANK", 1, 20000, "C2", 0, "payment"),  # more than is open
        Line("BANK", 2, -10000, "C1", 0, "return"),
        Line("BANK-2", 2, 20000, "", 0, "payment"),
        Line("BANK-2", 2, 9800, "C1", 0, "payment"),
    ),
    taught=("C1",),
    ambiguous="fifo",
)


def told(settings: config.Settings) -> dict[str, Any]:
    """The books as exported, and their hash; they hold."""
    with ledger.open(settings.ledger) as book:
        assert [(c.invariant, c.ids) for c in verify(book) if c.violations] == []
        frames = {kind: export(book, kind) for kind in KINDS}
        found: dict[str, Any] = {"hash": content_hash(book)}
    for kind, frame in frames.items():
        columns = [name for name in frame.columns if name not in ("id", "candidates")]
        found[kind] = frame.select(columns).sort(columns).rows()
    return found


def nights_and_run(week: Week, urls: list[str], folder: Path) -> list[config.Settings]:
    """The week night by night, and all of it in one run; the same files again change nothing."""
    by_night, at_once = (week.loaded(url, folder / str(place)) for place, url in enumerate(urls))
    for day in range(len(DAYS)):
        steps.nightly(by_night, [week.inbox(folder / f"night-{day}", [day])], "tester")
    inbox = week.inbox(folder / "all", list(range(len(DAYS))))
    steps.nightly(at_once, [inbox], "tester")
    return [by_night, at_once]


def by_hand(week: Week, url: str, folder: Path) -> config.Settings:
    """The week by the single commands: files read and matched as they come, then all posted."""
    settings = week.loaded(url, folder)

    def run(*words: str) -> None:
        options = ["--ledger", url, "--config", str(folder / "lettrage.toml"), "--user", "tester"]
        assert cli.main([*options, *words]) == 0, words

    for day in range(len(DAYS)):
        run("ingest", str(week.inbox(folder / f"hand-{day}", [day])))
        run("match")
    run("post")
    run("reconcile")
    return settings


def test_a_week_with_parking_release_and_return(url: str, tmp_path: Path) -> None:
    urls = [f"sqlite:///{tmp_path}/nights.db", url]
    by_night, at_once = nights_and_run(TOLD, urls, tmp_path)
    one = told(at_once)
    assert told(by_night) == one
    assert told(by_hand(TOLD, f"sqlite:///{tmp_path}/hand.db", tmp_path / "hand")) == one
    with ledger.open(at_once.ledger) as book:
        lines = export(book, "lines")
        kinds = {row[0] for row in book.rows("SELECT kind FROM journal_entry")}
        head = book.rows("SELECT max(register_no) FROM register_seal")
    assert {"parking", "release", "return", "payment"} <= kinds
    parked = lines.filter(pl.col("status") == "parked")
    assert parked.select("bank_account_no", "amount").rows() == [
        ("BANK", "300.00"), ("BANK-2", "-100.00"),
    ]  # fmt: skip
    steps.nightly(at_once, [tmp_path / "all"], "tester")
    assert told(at_once) == one
    with ledger.open(at_once.ledger) as book:
        assert book.rows("SELECT max(register_no) FROM register_seal") == head


@pytest.mark.parametrize("park", ["nightly", "never"])
def test_under_every_policy(park: str, tmp_path: Path) -> None:
    week = Week(TOLD.invoices, TOLD.lines, park, "on_account")
    urls = [f"sqlite:///{tmp_path}/{name}.db" for name in ("nights", "run")]
    by_night, at_once = nights_and_run(week, urls, tmp_path)
    assert told(by_night) == told(at_once)


@profile(max_examples=examples(6), deadline=None, derandomize=True)
@given(weeks())
@example(ON_ACCOUNT)
@example(DAMAGED)
@example(LEARNT)
@example(OLDEST_FIRST)
def test_any_week(week: Week) -> None:
    with tempfile.TemporaryDirectory() as name:
        urls = [f"sqlite:///{name}/{part}.db" for part in ("nights", "run")]
        by_night, at_once = nights_and_run(week, urls, Path(name))
        commands = by_hand(week, f"sqlite:///{name}/hand.db", Path(name) / "hand")
        assert told(by_night) == told(at_once) == told(commands)


@profile(max_examples=3, deadline=None, derandomize=True)
@given(weeks())
def test_any_week_on_postgresql(server: Server, week: Week) -> None:
    with tempfile.TemporaryDirectory() as name, postgres_of(server) as url:
        by_night, at_once = nights_and_run(week, [f"sqlite:///{name}/nights.db", url], Path(name))
        assert told(by_night) == told(at_once)


def test_damaged_numbers_are_read_at_their_turn(tmp_path: Path) -> None:
    urls = [f"sqlite:///{tmp_path}/{name}.db" for name in ("nights", "run")]
    by_night, at_once = nights_and_run(DAMAGED, urls, tmp_path)
    found = told(at_once)
    assert told(by_night) == found
    with ledger.open(at_once.ledger) as book:
        rules = export(book, "proposals").filter(pl.col("status") == "posted")["rule"]
    assert rules.to_list().count("near_exact") >= 2
