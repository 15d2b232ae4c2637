"""``lettrage trace``: an auditor takes one thing and asks for all others that are tied to it.

``pytest tests/exports/test_trace.py --write-golden`` writes the golden files anew, and fails.
Numbers of journal entries and registers are counted from 1 there, hashes and times left out.
"""

import datetime as dt
import json
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from pipeline import cli, config, ledger, statement_previews
from pipeline.cli.trace import text
from pipeline.demo import samples
from pipeline.ledger.reading import Snapshot, snapshot
from pipeline.ledger.trace import Meaning, meanings, trace
from tests.ledger.behind_the_back import open_to_all, stripped
from tests.ledger.behind_the_back import run as run_behind

GOLDEN = Path(__file__).parent / "golden"
_COUNTED = {
    "journal_entry": "journal_entry",
    "reverses": "journal_entry",
    "undoes": "journal_entry",
    "undone_by": "journal_entry",
    "register": "register",
}
_LEFT_OUT = ("recorded_at", "policy_hash", "hash", "run_id", "probability", "id")


def traced(settings: config.Settings, ref: str) -> tuple[Meaning, dict[str, pl.DataFrame]]:
    with ledger.open(settings.ledger) as book, snapshot(book.engine) as books:
        (meaning,) = meanings(books, ref)
        return meaning, trace(books, meaning)


def told(settings: config.Settings, ref: str) -> str:
    """The trace as people see it, with what differs from run to run counted or left out."""
    meaning, found = traced(settings, ref)
    numbers: dict[str, list[int]] = {"journal_entry": [], "register": []}
    for frame in found.values():
        for name in set(frame.columns) & set(_COUNTED):
            numbers[_COUNTED[name]] += frame[name].drop_nulls().to_list()
    places = {
        kind: {no: place for place, no in enumerate(sorted(set(known)), 1)}
        for kind, known in numbers.items()
    }
    counted = {
        section: frame.drop(_LEFT_OUT, strict=False).with_columns(
            pl.col(name).replace(places[kind])
            for name, kind in _COUNTED.items()
            if name in frame.columns
        )
        for section, frame in found.items()
    }
    return text(meaning, counted)


@pytest.mark.parametrize(
    ("name", "ref"),
    [
        ("trace-return", "DE-EUR/212/5"),  # a debit that the payer's bank took back
        ("trace-discount", "RE-2026-1002"),  # an invoice that was paid less 2 %
        ("trace-check", "bank-entry:US-USD/3"),  # a check that the books show and the bank confirms
        ("trace-open", "RE-2026-1006"),  # an invoice that nobody has paid yet
    ],
)
def test_what_an_auditor_reads(
    two_nights: config.Settings, name: str, ref: str, request: pytest.FixtureRequest
) -> None:
    found = told(two_nights, ref)
    file = GOLDEN / f"{name}.txt"
    if request.config.getoption("--write-golden"):
        file.write_text(found, "utf-8")
        pytest.fail(f"{file.name} was written: read it")
    assert found == file.read_text("utf-8")


def run(settings: config.Settings, *words: str) -> int:
    options = ["--ledger", settings.ledger, "--config", str(samples() / "lettrage.toml")]
    return cli.main([*options, *words])


def told_json(
    settings: config.Settings, capsys: pytest.CaptureFixture[str], ref: str
) -> dict[str, Any]:
    capsys.readouterr()
    assert run(settings, "trace", ref, "--json") == 0, ref
    found: dict[str, Any] = json.loads(capsys.readouterr().out)
    return found


def test_from_each_thing_to_all_others(
    two_nights: config.Settings, capsys: pytest.CaptureFixture[str]
) -> None:
    whole = told_json(two_nights, capsys, "RE-2026-1002")
    (line,), (file,), (payment,) = whole["lines"], whole["files"], whole["registers"][1:]
    assert [entry["document_type"] for entry in whole["entries"]] == ["invoice", "payment"]
    assert {entry["letter"] for entry in whole["entries"]} == {"AA"}
    for ref in (
        line["line"],
        line["bank_reference"],
        whole["statements"][0]["statement"],
        f"journal:{whole['journal'][0]['journal_entry']}",
        f"register:{payment['register']}",
        payment["hash"][:10],
        file["file_sha256"],
        f"file:{file['file_sha256'][:8]}",
    ):
        found = told_json(two_nights, capsys, ref)
        assert line in found["lines"], ref
        assert file in found["files"], ref
        assert payment in found["registers"], ref
        assert all(row in found["journal"] for row in whole["journal"]), ref
        assert all(row in found["entries"] for row in whole["entries"]), ref


def test_a_hash_that_begins_with_digits_alone_still_names_its_register(
    two_nights: config.Settings,
) -> None:
    """One hash of a hundred has no letter among its first ten characters."""
    hashed = "1234567890" + "a" * 54
    with ledger.open(two_nights.ledger) as book, open_to_all(book) as connection:
        change = f"UPDATE register_seal SET hash = '{hashed}' WHERE register_no = 2"
        run_behind(connection, *stripped("register_seal", sqlite=book.sqlite), change)
        books = Snapshot(connection, sqlite=book.sqlite)
        for ref in (hashed[:10], hashed[:10].upper(), hashed, "register:2"):
            assert "register:2" in [meaning.exact for meaning in meanings(books, ref)], ref
        assert meanings(books, hashed[:7]) == [], "too short for a hash, too great for a number"


def test_the_sums_of_a_trace_add_up(two_nights: config.Settings) -> None:
    _, found = traced(two_nights, "DE-EUR/211")
    amounts = found["journal"].with_columns(pl.col("amount").cast(pl.Decimal(20, 2)))
    sums = amounts.group_by("journal_entry", "currency").agg(pl.col("amount").sum())
    assert set(sums["amount"]) == {0}


def test_who_decided_what_and_when(
    sqlite_two_nights: config.Settings, capsys: pytest.CaptureFixture[str]
) -> None:
    settings = sqlite_two_nights
    assert run(settings, "exceptions", "apply", "1", "--to", "RE-2026-1006", "--user", "berta") == 0
    found = told_json(settings, capsys, "RE-2026-1006")
    (decision,) = found["decisions"]
    assert (decision["action"], decision["actor"]) == ("apply", "berta")
    register = next(r for r in found["registers"] if r["register"] == decision["register"])
    assert register["actor"] == "berta"
    assert register["recorded_at"]
    assert register["policy_hash"]
    kinds = [row["kind"] for row in found["journal"]]
    assert kinds == ["parking", "parking", "release", "release"], "the money was parked before"


def test_what_may_mean_several_things_is_asked(
    two_nights: config.Settings, capsys: pytest.CaptureFixture[str]
) -> None:
    capsys.readouterr()
    assert run(two_nights, "trace", "5", "--json") == 1
    listed = json.loads(capsys.readouterr().out)["ambiguous"]
    assert {"journal", "register", "exception"} <= {meaning["kind"] for meaning in listed}
    for meaning in listed:
        assert told_json(two_nights, capsys, meaning["exact"])["means"] == meaning


@pytest.mark.parametrize(
    "ref", ["RE-0", "' OR 1=1 --", "file:ab", "line:DE-EUR/211/99", "journal:0"]
)
def test_what_is_not_there_is_said(
    two_nights: config.Settings, capsys: pytest.CaptureFixture[str], ref: str
) -> None:
    assert run(two_nights, "trace", ref) == 2
    assert "expected a document number" in capsys.readouterr().err


def test_the_reference_of_a_statement_leads_to_what_it_stands_for(
    sqlite_two_nights: config.Settings, tmp_path: Path
) -> None:
    statement_previews.write(sqlite_two_nights, dt.date(2026, 10, 31), tmp_path, actor="anna")
    with ledger.open(sqlite_two_nights.ledger) as book:
        sql = "SELECT payment_reference, count(*) FROM payment_part_entry GROUP BY 1 ORDER BY 1"
        reference, count = book.rows(sql)[0]
    written = " ".join(reference[n : n + 4] for n in range(0, len(reference), 4)).lower()
    meaning, found = traced(sqlite_two_nights, written)
    assert meaning.exact == f"payment-reference:{reference}"
    parts = found["payment_parts"].filter(pl.col("payment_reference") == reference)
    assert parts.height == count
    assert set(parts["document_no"]) <= set(found["entries"]["document_no"])
    assert set(parts["actor"]) == {"anna"}
    assert "Payment parts of statements" in text(meaning, found)
