"""Two nights of the sample company: what becomes of each line, and that twice is as once."""

import contextlib
import shutil
import sqlite3
from pathlib import Path

import polars as pl
import pytest
from sqlalchemy import create_engine

from pipeline import config, ledger, steps
from pipeline.demo import samples
from pipeline.domain.errors import LedgerError
from pipeline.ledger.export import export
from pipeline.ledger.verify import CHECKS, verify
from tests.conftest import books

NIGHTS = [samples() / "night-1", samples() / "night-2"]


def holds(settings: config.Settings) -> None:
    with ledger.open(settings.ledger) as book:
        broken = [(c.invariant, c.ids) for c in verify(book) if c.violations]
    assert broken == []


def exported(settings: config.Settings, kind: str) -> pl.DataFrame:
    with ledger.open(settings.ledger) as book:
        return export(book, kind)


def run(settings: config.Settings) -> None:
    for night in NIGHTS:
        steps.nightly(settings, [night], "tester")


def test_the_same_files_again_change_nothing(two_nights: config.Settings) -> None:
    before = {k: exported(two_nights, k) for k in ("lines", "applications", "gl", "exceptions")}
    with ledger.open(two_nights.ledger) as book:
        head = book.rows("SELECT max(register_no) FROM register_seal")
    run(two_nights)
    for kind, frame in before.items():
        assert frame.equals(exported(two_nights, kind)), kind
    with ledger.open(two_nights.ledger) as book:
        assert book.rows("SELECT max(register_no) FROM register_seal") == head
    holds(two_nights)


def test_both_nights_in_one_run_give_the_same_applications(
    sqlite_two_nights: config.Settings, tmp_path: Path
) -> None:

    other = books(f"sqlite:///{tmp_path}/other.db")
    steps.nightly(other, NIGHTS, "tester")
    once, twice = exported(other, "applications"), exported(sqlite_two_nights, "applications")
    assert once.equals(twice)
    holds(other)


def test_a_discount_in_time_is_posted_to_its_account(sqlite_two_nights: config.Settings) -> None:
    rows = exported(sqlite_two_nights, "gl").filter(pl.col("gl_account") == "DISCOUNT-GRANTED")
    assert rows["amount"].to_list() == ["20.00", "20.00", "47.60", "40.00"]


def test_the_night_report_ties(two_nights: config.Settings) -> None:
    report = steps.night_report(two_nights)
    assert report["problems"] == []
    assert {a["proof"]["difference"] for a in report["accounts"].values()} == {"0.00"}


@pytest.mark.parametrize("table", ["posting", "application", "journal_entry", "statement_line"])
def test_what_is_posted_cannot_be_changed(two_nights: config.Settings, table: str) -> None:
    with ledger.open(two_nights.ledger) as book:
        for verb in (f"DELETE FROM {table}", f"UPDATE {table} SET {_column(table)} = 1"):
            with pytest.raises(LedgerError), book.transaction() as connection:
                connection.exec_driver_sql(verb)


def _column(table: str) -> str:
    columns = {"posting": "amount", "application": "entry_amount", "statement_line": "amount"}
    return columns.get(table, "no")


CORRUPTIONS = [
    "UPDATE posting SET amount = amount + 1 WHERE rowid = {n}",
    "DELETE FROM posting WHERE rowid = {n}",
    "UPDATE posting SET gl_account = (SELECT max(no) FROM gl_account) WHERE rowid = {n}"
    " AND gl_account <> (SELECT max(no) FROM gl_account)",
    "UPDATE application SET entry_amount = entry_amount + 1 WHERE rowid = {n}",
    "UPDATE application SET applied_amount = applied_amount + 1 WHERE rowid = {n}"
    " AND role = 'settles'",
    "DELETE FROM application WHERE rowid = {n}",
    "UPDATE entry SET remaining_amount = remaining_amount - 1 WHERE rowid = {n}"
    " AND remaining_amount > 1",
    "UPDATE journal_entry SET posting_date = '2020-01-01' WHERE no = {n}",
    "UPDATE statement_line SET amount = amount + 1 WHERE line_id = {n}"
    " AND statement_id IN (SELECT id FROM statement WHERE status <> 'held')",
    "UPDATE register_seal SET hash = hash || 'x' WHERE register_no = {n}",
]


def test_verify_finds_every_seeded_corruption(
    sqlite_two_nights: config.Settings, tmp_path: Path
) -> None:
    engine = create_engine(sqlite_two_nights.ledger)
    with engine.begin() as connection:
        names = connection.exec_driver_sql("SELECT name FROM sqlite_master WHERE type='trigger'")
        for (name,) in names.fetchall():
            connection.exec_driver_sql(f"DROP TRIGGER {name}")
    engine.dispose()
    tried, missed = 0, []
    for sql in CORRUPTIONS:
        for number in range(1, 15):
            found, changed = _seed(tmp_path / "ledger.db", sql.format(n=number))
            tried += changed
            if changed and not found:
                missed.append(sql.format(n=number))
    assert tried >= 100
    assert missed == []
    assert len(CHECKS) > 30


def _seed(clean: Path, sql: str) -> tuple[bool, bool]:
    """Break a copy of the books without triggers; does verify see it, was anything changed?"""
    broken = clean.with_name("broken.db")
    shutil.copyfile(clean, broken)
    with contextlib.closing(sqlite3.connect(broken)) as connection:
        connection.execute("PRAGMA ignore_check_constraints = ON")
        changed = connection.execute(sql).rowcount > 0
        connection.commit()
    with ledger.open(f"sqlite:///{broken}") as book:
        found = any(check.violations for check in verify(book) if check.invariant != "I42")
    return found, changed


def test_every_customer_who_owes_gets_a_statement(
    sqlite_two_nights: config.Settings, tmp_path: Path
) -> None:
    import datetime as dt

    day = dt.date(2026, 10, 31)
    first = steps.customer_statements(sqlite_two_nights, day, tmp_path / "a")
    steps.customer_statements(sqlite_two_nights, day, tmp_path / "b")
    owing = exported(sqlite_two_nights, "entries").filter(
        (pl.col("open") == "true") & (pl.col("party_type") == "customer")
    )
    owing = owing.filter(pl.col("posting_date") <= "2026-10-31")
    assert first["statements"] == owing["party_no"].n_unique() >= 15
    for file in (tmp_path / "a").iterdir():
        assert file.read_bytes() == (tmp_path / "b" / file.name).read_bytes()


def test_beancount_accepts_the_journal(sqlite_two_nights: config.Settings, tmp_path: Path) -> None:
    import subprocess
    import sys

    from pipeline.ledger.export import journal

    file = tmp_path / "books.beancount"
    with ledger.open(sqlite_two_nights.ledger) as book:
        file.write_text(journal(book, "beancount", sqlite_two_nights), "utf-8")
    check = Path(sys.executable).parent / "bean-check"
    run = subprocess.run([check, file], capture_output=True, text=True, check=False)
    assert run.returncode == 0, run.stderr
