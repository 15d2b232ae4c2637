"""Two nights of the sample company: what becomes of each line, and that twice is as once."""

from pathlib import Path

import polars as pl
import pytest

from pipeline import config, ledger, statement_previews, steps
from pipeline.demo import samples
from pipeline.ledger.content import content_hash
from pipeline.ledger.export import export
from pipeline.ledger.verify import verify
from tests.prepared import books

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


@pytest.mark.parametrize("database", ["sqlite", "postgresql"])
def test_both_nights_in_one_run_give_the_same_applications(
    database: str,
    sqlite_two_nights: config.Settings,
    tmp_path: Path,
    request: pytest.FixtureRequest,
) -> None:
    of_sqlite = f"sqlite:///{tmp_path}/other.db"
    other = books(of_sqlite if database == "sqlite" else request.getfixturevalue("postgres"))
    steps.nightly(other, NIGHTS, "tester")
    once, twice = exported(other, "applications"), exported(sqlite_two_nights, "applications")
    assert once.equals(twice)
    with ledger.open(other.ledger) as one, ledger.open(sqlite_two_nights.ledger) as two:
        assert content_hash(one) == content_hash(two)
    holds(other)


def test_a_discount_in_time_is_posted_to_its_account(sqlite_two_nights: config.Settings) -> None:
    rows = exported(sqlite_two_nights, "gl").filter(pl.col("gl_account") == "DISCOUNT-GRANTED")
    assert rows["amount"].to_list() == ["20.00", "20.00", "47.60", "40.00"]


def test_the_night_report_ties(two_nights: config.Settings) -> None:
    report = steps.night_report(two_nights)
    assert report["problems"] == []
    assert {a["proof"]["difference"] for a in report["accounts"].values()} == {"0.00"}


def test_every_customer_who_owes_gets_a_statement(
    sqlite_two_nights: config.Settings, tmp_path: Path
) -> None:
    import datetime as dt

    day = dt.date(2026, 10, 31)
    first = statement_previews.write(sqlite_two_nights, day, tmp_path / "a")
    statement_previews.write(sqlite_two_nights, day, tmp_path / "b")
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
