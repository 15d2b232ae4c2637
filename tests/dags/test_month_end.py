"""Month-end statements: once per month, as of its last day, nothing personal in Airflow."""

import json
import sqlite3
from pathlib import Path

import polars as pl

from pipeline import config, ledger, month_end, steps
from pipeline.demo import samples
from pipeline.domain import money
from pipeline.ledger import months
from pipeline.ledger.as_of import customer_entries
from pipeline.ledger.export import export
from tests.dags.test_dags import RUN, airflow, company, states


def two_nights(settings: config.Settings) -> None:
    for night in ("night-1", "night-2"):
        steps.nightly(settings, [samples() / night], "tester")


def test_a_month_is_complete_when_a_person_says_so_or_all_accounts_reach_its_end(
    sqlite_settings: config.Settings,
) -> None:
    two_nights(sqlite_settings)
    with ledger.open(sqlite_settings.ledger) as book:
        open_statements = book.rows("SELECT count(*) FROM statement WHERE status = 'received'")
        if open_statements[0][0]:
            assert months.complete_months(book) == [], "a received statement is not reconciled"
        months.record(book, "2026-10", "declared", "controller", "")
        assert months.complete_months(book) == ["2026-10"]
        assert months.record(book, "2026-10", "announced", "night", "batch-1") == "batch-1"
        assert months.record(book, "2026-10", "announced", "night", "batch-2") == "batch-1"
    assert month_end.to_announce(sqlite_settings, "batch-1") == ["2026-10"], "a retry says it again"
    assert month_end.to_announce(sqlite_settings, "batch-2") == []


def test_as_of_today_is_what_the_entries_say_and_an_older_register_what_they_said(
    settings: config.Settings,
) -> None:
    from datetime import date

    with ledger.open(settings.ledger) as book:
        before = steps.reads.register_head(book)["no"]
        first = customer_entries(book, date(2026, 10, 31), before)
    two_nights(settings)
    with ledger.open(settings.ledger) as book:
        head = steps.reads.register_head(book)["no"]
        now = customer_entries(book, date(2026, 10, 31), head)
        again = customer_entries(book, date(2026, 10, 31), before)
        entries = export(book, "entries").filter(
            (pl.col("open") == "true") & (pl.col("party_type") == "customer")
        )
    assert again.equals(first)
    told = sorted(
        (row["document_no"], money.text(row["remaining_amount"], row["currency"]))
        for row in now.to_dicts()
    )
    due = entries.filter(pl.col("posting_date") <= "2026-10-31")
    assert told == sorted(due.select("document_no", "remaining_amount").rows())


def test_the_dag_sends_the_statements_of_a_month_once_and_tells_airflow_no_names(
    sqlite_settings: config.Settings, tmp_path: Path
) -> None:
    two_nights(sqlite_settings)
    with ledger.open(sqlite_settings.ledger) as book:
        months.record(book, "2026-10", "declared", "controller", "")
    runs = json.dumps([["month_end_statements", {"month": "2026-10"}]] * 2)
    environment = company(tmp_path, [samples() / "night-1"])
    by_two = RUN.replace(
        "initdb()\n", "initdb()\nfrom pipeline import composing\ncomposing.SMALL = 1\n"
    )
    done = airflow(tmp_path, by_two, runs, LETTRAGE_LEDGER=sqlite_settings.ledger, **environment)
    (first, tasks), (second, again) = states(done)
    assert (first, tasks["finish.-1"], tasks["ask.-1"]) == ("success", "success", "skipped")
    assert (second, again["finish.-1"]) == ("success", "skipped")
    folder = tmp_path / "output" / "statements"
    sent = sorted(file.name for file in (folder / "2026-10").iterdir())
    assert sent[:3] == ["print-run-1-1.pdf", "run-1.json", "statement-10010-2026-10-31.pdf"]
    assert len(sent) >= 17
    report = json.loads((folder / "2026-10" / "run-1.json").read_text("utf-8"))
    assert report["print"] == {"sent": len(sent) - 2}
    assert report["problems"] == []
    assert [path.name for path in folder.iterdir()] == ["2026-10"]
    _airflow_knows_nothing_personal(tmp_path, done.stdout + done.stderr)


def _airflow_knows_nothing_personal(folder: Path, logs: str) -> None:
    canaries = ["Nordlicht", "Seeblick", "Hartmann Textil", "DE05370501980000001101", "hansebank"]
    assert [word for word in canaries if word in logs] == []
    with sqlite3.connect(folder / "airflow.db") as database:
        values = str(database.execute("SELECT key, value FROM xcom").fetchall())
    assert "2026-10" in values
    assert [word for word in canaries if word in values] == []
