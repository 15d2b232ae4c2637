"""What becomes of each line of the sample company, as the table of its README says."""

import re

import polars as pl
import pytest

from pipeline import config, ledger, steps
from pipeline.demo import samples
from pipeline.ledger.export import export
from pipeline.ledger.verify import verify

Line = tuple[str, str, int]
BANKS = {"DE": "DE-EUR", "CH": "CH-CHF", "FR": "FR-EUR", "US": "US-USD", "GB": "GB-GBP"}
ROW = re.compile(r"^\| ([A-Z]{2}) ([0-9-]+)/([0-9]+) \| (\S+) \| [^|]+ \| ([^|]+) \|")


def told() -> dict[Line, tuple[str, str]]:
    """Amount and fate of each line, as the README of the sample company has them."""
    rows = (samples() / "README.md").read_text("utf-8").splitlines()
    found = [match.groups() for row in rows if (match := ROW.match(row))]
    return {(BANKS[b], no, int(line)): (amount, fate) for b, no, line, amount, fate in found}


def became(book: ledger.Ledger) -> dict[Line, tuple[str, str]]:
    """Amount and fate of each line, as the ledger has them; held statements left out."""
    settled: dict[Line, list[str]] = {}
    for row in export(book, "applications").filter(pl.col("status") == "posted").to_dicts():
        settled.setdefault(_key(row), []).append(_target(row))
    fates = {}
    for row in export(book, "lines").filter(pl.col("status") != "held").to_dicts():
        done = ", ".join(sorted(settled.get(_key(row), []))) or "taken back"
        fates[_key(row)] = (row["amount"], f"waits: {row['reason']}" if row["reason"] else done)
    return fates


def _key(row: dict[str, object]) -> Line:
    return str(row["bank_account_no"]), str(row["statement_no"]), int(str(row["line_no"]))


def _target(row: dict[str, str]) -> str:
    if row["party_type"] == "bank":
        return f"bank {row['document_no']}"
    if row["party_type"] == "gl":
        return row["gl_account"]
    return row["document_no"] or f"on account {row['party_no']}"


def _two_nights(settings: config.Settings) -> None:
    for night in ("night-1", "night-2"):
        steps.nightly(settings, [samples() / night], "tester")


@pytest.mark.usefixtures("as_a_large_file")
def test_each_line_meets_the_fate_that_its_readme_tells(settings: config.Settings) -> None:
    _two_nights(settings)
    with ledger.open(settings.ledger) as book:
        found, expected = became(book), told()
        assert found.keys() == expected.keys()
        assert {line: fate for line, fate in found.items() if expected[line] != fate} == {}
        assert [check.invariant for check in verify(book) if check.violations] == []


def test_the_corrected_statement_takes_the_place_of_the_held_one(
    sqlite_settings: config.Settings,
) -> None:
    _two_nights(sqlite_settings)
    with ledger.open(sqlite_settings.ledger) as book:
        rows = export(book, "statements").filter(pl.col("statement_no") == "43").sort("file_name")
    assert [(row["file_name"], row["status"], row["difference"]) for row in rows.to_dicts()] == [
        ("rhone_corrected.940", "reconciled", "0.00"),
    ]


def test_written_checks_and_payments_stay_open_until_the_bank_confirms_them(
    sqlite_settings: config.Settings,
) -> None:
    _two_nights(sqlite_settings)
    with ledger.open(sqlite_settings.ledger) as book:
        rows = export(book, "bank-entries").filter(pl.col("status") == "open")
    assert rows["entry_no"].to_list() == ["17", "12", "11"]
