"""A dry run says exactly what the night will do, and leaves the ledger as it was."""

import json
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import create_engine, inspect

from pipeline import cli, config, ledger
from pipeline.demo import samples
from pipeline.ledger.export import export
from pipeline.ledger.verify import verify

NIGHTS = [str(samples() / "night-1"), str(samples() / "night-2")]


def everything(url: str) -> dict[str, list[str]]:
    engine = create_engine(url)
    with engine.connect() as connection:
        found = {
            table: sorted(map(str, connection.exec_driver_sql(f"SELECT * FROM {table}").fetchall()))
            for table in inspect(engine).get_table_names()
        }
    engine.dispose()  # a connection left open would share its lock with the ledger's own
    return found


def _place(row: dict[str, Any]) -> tuple[Any, ...]:
    return (row["bank_account_no"], row["statement_no"], row["line_no"], row["booking_date"])


def night(
    settings: config.Settings, capsys: pytest.CaptureFixture[str], *words: str
) -> dict[str, Any]:
    assert cli.main(["--ledger", settings.ledger, "nightly", *words, "--json"]) in (0, 1)
    found: dict[str, Any] = json.loads(capsys.readouterr().out)
    return found


def test_a_dry_run_is_exact_and_leaves_no_trace(
    settings: config.Settings, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    night(settings, capsys, NIGHTS[0])
    before, files = everything(settings.ledger), sorted(tmp_path.rglob("*"))
    said = night(settings, capsys, NIGHTS[1], "--dry-run")
    assert everything(settings.ledger) == before
    assert [file for file in sorted(tmp_path.rglob("*")) if "ledger.db" not in file.name] == [
        file for file in files if "ledger.db" not in file.name
    ]
    done = night(settings, capsys, NIGHTS[1])
    assert said.pop("dry_run") is True
    lines = said.pop("lines")
    for receipt in (said, done):
        receipt["report"]["register"].pop("hash")  # which holds the time of recording
    assert said == done
    with ledger.open(settings.ledger) as book:
        after = {_place(row): row for row in export(book, "lines").to_dicts()}
    for line in lines:
        assert line == {name: after[_place(line)][name] for name in line}
    assert {"posted", "reconciled"} & {line["status"] for line in lines}
    with ledger.open(settings.ledger) as book:
        assert [check.invariant for check in verify(book) if check.violations] == []


def test_a_dry_run_without_a_ledger_makes_none(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    assert cli.main(["nightly", NIGHTS[0], "--dry-run", "--json"]) == 1, "unknown accounts are held"
    assert json.loads(capsys.readouterr().out)["dry_run"] is True
    assert list(tmp_path.iterdir()) == []


def test_a_dry_run_is_read_as_a_table(
    sqlite_settings: config.Settings, capsys: pytest.CaptureFixture[str]
) -> None:
    cli.main(["--ledger", sqlite_settings.ledger, "nightly", NIGHTS[0], "--dry-run"])
    printed = capsys.readouterr().out
    assert "A dry run would do:" in printed
    assert any("DE-EUR/211/4" in row and "ambiguous" in row for row in printed.splitlines())
