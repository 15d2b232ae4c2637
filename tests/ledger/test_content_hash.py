"""The same files give the same books: in any order, in one night or two, on either database."""

import random
from pathlib import Path

import pytest

from pipeline import config, ledger, steps
from pipeline.ledger.content import content_hash
from pipeline.ledger.verify import verify
from tests.ledger import loading
from tests.prepared import books
from tests.test_night import NIGHTS


def content(settings: config.Settings) -> str:
    with ledger.open(settings.ledger) as book:
        assert [c.invariant for c in verify(book) if c.violations] == []
        return content_hash(book)


@pytest.fixture(scope="module")
def expected(tmp_path_factory: pytest.TempPathFactory) -> str:
    """The content after the two nights, one after the other, on SQLite."""
    settings = books(f"sqlite:///{tmp_path_factory.mktemp('reference')}/ledger.db")
    for night in NIGHTS:
        steps.nightly(settings, [night], "tester")
    return content(settings)


def test_two_nights_give_the_same_content_on_both_databases(
    settings: config.Settings, expected: str
) -> None:
    for night in NIGHTS:
        steps.nightly(settings, [night], "tester")
    assert content(settings) == expected


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_the_order_of_the_files_of_a_night_does_not_matter(
    sqlite_settings: config.Settings, expected: str, seed: int
) -> None:
    for night in NIGHTS:
        files = sorted(night.iterdir())
        random.Random(seed).shuffle(files)
        steps.ingest(sqlite_settings, files, "tester")
        steps.nightly(sqlite_settings, [night], "tester")
    assert content(sqlite_settings) == expected


def test_both_nights_in_one_run_give_the_same_content(
    sqlite_settings: config.Settings, expected: str
) -> None:
    steps.nightly(sqlite_settings, NIGHTS, "tester")
    assert content(sqlite_settings) == expected


def test_values_are_the_same_night_by_night_and_in_one_run_on_both_databases(
    settings: config.Settings, tmp_path: Path
) -> None:
    """What entries are carried at, what is realised, and what a valuation supplies."""
    folder = tmp_path / "reference"
    folder.mkdir()
    at_once = books(f"sqlite:///{folder}/ledger.db")
    for each, runs in ((settings, [[night] for night in NIGHTS]), (at_once, [NIGHTS])):
        loading.rates(each, folder)
        steps.value(each, "tester")  # as ``lettrage load rates`` does
        for night in runs:
            steps.nightly(each, night, "tester")
    with ledger.open(settings.ledger) as book:
        assert book.rows("SELECT count(*) FROM valuation")[0][0] > 20
    assert content(settings) == content(at_once)


@pytest.mark.breaks_the_books
def test_one_cent_is_another_content(sqlite_settings: config.Settings, tmp_path: Path) -> None:
    before = content(sqlite_settings)
    with ledger.open(sqlite_settings.ledger) as book:
        with book.transaction() as connection:
            connection.exec_driver_sql("DROP TRIGGER entry_no_update")
            connection.exec_driver_sql("UPDATE entry SET amount = amount + 1 WHERE id = 1")
        assert content_hash(book) != before
