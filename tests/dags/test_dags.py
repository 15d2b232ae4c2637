"""The DAGs as Airflow sees them, and run for real on the sample company with ``dag.test()``."""

import contextlib
import dataclasses
import json
import os
import sqlite3
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from pipeline import config, ledger
from pipeline.demo import samples
from pipeline.ledger.export import export
from pipeline.ledger.verify import verify
from pipeline.statements import Choice, Form
from tests.statements.mail_sink import Sink, mail_server

ROOT = Path(__file__).parents[2]
LOOK = """
import json, sys, time
from airflow.dag_processing.dagbag import DagBag
import airflow.sdk
start = time.perf_counter()
bag = DagBag(dag_folder=sys.argv[1])
print("FOUND", json.dumps({
    "seconds": time.perf_counter() - start,
    "errors": bag.import_errors,
    "polars": "polars" in sys.modules or "pipeline.steps" in sys.modules,
    "dags": {
        dag.dag_id: {
            "active_runs": dag.max_active_runs, "catchup": dag.catchup, "doc": dag.doc_md,
            "form": {name: [dag.params.get_param(name).schema.get("type"), dag.params[name]]
                     for name in dag.params},
            "schedule": type(dag.timetable).__name__,
            "tasks": {
                task.task_id: {
                    "pool": task.pool, "retries": task.retries,
                    "policy": task.retry_policy is not None,
                    "timeout": task.execution_timeout.total_seconds(),
                    "mapped": task.is_mapped,
                    "outlets": [asset.name for asset in task.outlets],
                } for task in dag.tasks
            },
        } for dag in bag.dags.values()
    },
}))
"""
RUN = """
import json, os, sys
from airflow.utils.db import initdb
initdb()
from airflow.dag_processing.dagbag import DagBag
bag = DagBag(dag_folder=sys.argv[1])
for dag_id, conf, *environment in json.loads(sys.argv[2]):
    os.environ.update(*environment)
    run = bag.dags[dag_id].test(run_conf=conf)
    states = {f"{ti.task_id}.{ti.map_index}": str(ti.state) for ti in run.get_task_instances()}
    print("STATES", json.dumps([str(run.state), states]))
"""
REPORTED = """
[report]
mail_to = ["controller@hansen.example"]
[mail]
sender = "ar@hansen.example"
security = "none"
"""
WRITING = {"open_batch", "ingest", "match", "post", "rematch", "park", "reconcile", "publish",
           "publish_month", "select", "render", "approve", "deliver", "finish", "route", "notify",
           "announce", "apply", "mail_report"}  # fmt: skip


def airflow(
    folder: Path, program: str, *arguments: str, **extra: str
) -> subprocess.CompletedProcess[str]:
    """Run a program of Airflow's Python in its own home, with its own database."""
    environment = {
        **{k: v for k, v in os.environ.items() if not k.startswith(("AIRFLOW", "LETTRAGE"))},
        "AIRFLOW_HOME": str(folder / "airflow"),
        "AIRFLOW__CORE__LOAD_EXAMPLES": "False",
        "AIRFLOW__CORE__DAGS_FOLDER": str(ROOT / "dags"),
        "AIRFLOW__DATABASE__SQL_ALCHEMY_CONN": f"sqlite:///{folder.resolve()}/airflow.db",
        "PYTHONPATH": str(ROOT / "dags"),
        **extra,
    }
    return subprocess.run(
        [sys.executable, "-c", program, str(ROOT / "dags"), *arguments],
        env=environment, capture_output=True, text=True, timeout=900, check=False,
    )  # fmt: skip


def states(run: subprocess.CompletedProcess[str]) -> list[tuple[str, dict[str, str]]]:
    """State of each run and of its task instances; a mapped one has its index."""
    assert run.returncode == 0, run.stderr[-3000:]
    rows = [row for row in run.stdout.splitlines() if row.startswith("STATES")]
    return [tuple(json.loads(row.removeprefix("STATES "))) for row in rows]


def company(folder: Path, inboxes: list[Path]) -> dict[str, str]:
    """Settings of the sample company with these inboxes, as the environment of a task."""
    toml = folder / "lettrage.toml"
    listed = json.dumps([str(path) for path in inboxes])
    text = (samples() / "lettrage.toml").read_text("utf-8")
    toml.write_text(f"{text}\n[feeds]\ninboxes = {listed}\n", "utf-8")
    return {"LETTRAGE_CONFIG": str(toml), "LETTRAGE_OUTPUT": str(folder / "output")}


@pytest.fixture(scope="module")
def found(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    run = airflow(tmp_path_factory.mktemp("look"), LOOK)
    assert run.returncode == 0, run.stderr[-3000:]
    row = next(row for row in run.stdout.splitlines() if row.startswith("FOUND"))
    loaded: dict[str, Any] = json.loads(row.removeprefix("FOUND "))
    return loaded


def test_the_dags_load_quickly_and_without_polars(found: dict[str, Any]) -> None:
    assert found["errors"] == {}
    assert set(found["dags"]) == {
        "nightly_bank_import", "month_end_statements", "exception_queue", "apply_decisions",
    }  # fmt: skip
    assert not found["polars"], "a process that used polars must not be forked"
    assert found["seconds"] < 5, "no DAG file reads files, a database or the pipeline"


def test_each_task_has_its_pool_retries_and_time_limit(found: dict[str, Any]) -> None:
    for dag in found["dags"].values():
        assert (dag["active_runs"], dag["catchup"]) == (1, False)
        assert "pipeline" in dag["doc"] or "LETTRAGE_OUTPUT" in dag["doc"]
        for name, task in dag["tasks"].items():
            assert task["pool"] == ("lettrage_ledger" if name in WRITING else "default_pool"), name
            assert task["retries"] == 3
            assert task["policy"]
            assert task["timeout"] <= 3600


def test_files_and_bank_accounts_are_mapped_and_the_assets_declared(found: dict[str, Any]) -> None:
    nightly = found["dags"]["nightly_bank_import"]["tasks"]
    assert {n for n, t in nightly.items() if t["mapped"]} == {
        "ingest", "reconcile", "publish_month"
    }  # fmt: skip
    outlets = {name: task["outlets"] for name, task in nightly.items() if task["outlets"]}
    assert outlets == {
        "publish": ["reconciled_bank_entries"],
        "publish_month": ["bank_month_reconciled"],
    }


def test_the_form_of_the_month_end_has_all_that_a_run_can_be_asked(found: dict[str, Any]) -> None:
    names = {field.name for kind in (Form, Choice) for field in dataclasses.fields(kind)}
    of_the_settings = {"templates", "by_type", "due_dates", "lines"}
    other_words = {
        "aged_by": "aging", "balances": "balance",
        "inactive": "active_only", "without_activity": "moved_only",
    }  # fmt: skip
    wanted = {other_words.get(name, name) for name in names - of_the_settings}
    form = set(found["dags"]["month_end_statements"]["form"])
    assert form - wanted == {"month", "incomplete", "ask", "sending", "again"}
    assert wanted - form == set()
    fields = found["dags"]["month_end_statements"]["form"]
    for name, (kind, value) in fields.items():  # else Airflow's form cannot be sent without it
        assert (kind, value) == ("boolean", False) or ("null" in kind and value is None), name


def test_the_month_end_starts_by_the_clock_too_where_it_is_told_to(
    found: dict[str, Any], tmp_path: Path
) -> None:
    assert found["dags"]["month_end_statements"]["schedule"] == "AssetTriggeredTimetable"
    run = airflow(tmp_path, LOOK, LETTRAGE_MONTH_END="0 6 3 * *")
    row = next(row for row in run.stdout.splitlines() if row.startswith("FOUND"))
    told = json.loads(row.removeprefix("FOUND "))["dags"]["month_end_statements"]
    assert told["schedule"] == "AssetOrTimeSchedule"


def test_the_night_runs_twice_under_airflow(
    sqlite_settings: config.Settings, tmp_path: Path
) -> None:
    environment = company(tmp_path, [samples() / "night-1", samples() / "night-2"])
    with Path(environment["LETTRAGE_CONFIG"]).open("a", encoding="utf-8") as file:
        file.write(REPORTED)
    runs = json.dumps([["nightly_bank_import", {"inbox": "night-1"}]] * 2)
    with mail_server(Sink()) as sink:
        server = {"conn_type": "smtp", "host": "127.0.0.1", "port": sink.port}
        done = airflow(tmp_path, RUN, runs, LETTRAGE_LEDGER=sqlite_settings.ledger,
                       AIRFLOW_CONN_LETTRAGE_SMTP=json.dumps(server), **environment)  # fmt: skip
    (first, tasks), (second, again) = states(done)
    assert (first, second) == ("success", "success")
    assert tasks["mail_report.-1"] == again["mail_report.-1"] == "success"
    [mail] = sink.messages()
    assert "night of 2026-10-29: every figure ties" in str(mail["Subject"]), "told once"
    assert [tasks[f"reconcile.{n}"] for n in range(5)] == ["success"] * 5
    assert (tasks["ingest.0"], again["ingest.-1"]) == ("success", "skipped")
    with ledger.open(sqlite_settings.ledger) as book:
        rows = export(book, "applications")
        registers = book.rows("SELECT count(*) FROM register WHERE kind = 'nightly'")[0][0]
        assert [check.invariant for check in verify(book) if check.violations] == []
    posted = rows.filter(rows["status"] == "posted")
    assert posted.height == 46, "37 lines; one pays three documents, some pay two"
    assert registers == 5
    reports = tmp_path / "output" / "reports"
    assert len(list(reports.glob("night-2026-10-29-*.json"))) == 2
    assert all("Every figure ties." in page.read_text() for page in reports.glob("night-*.txt"))


def test_a_refused_feed_makes_the_run_red_and_stops_no_other(
    sqlite_settings: config.Settings, tmp_path: Path
) -> None:
    inbox = tmp_path / "inbox"
    inbox.mkdir()
    good = samples() / "night-1" / "alpina.mt940"
    other = samples() / "night-1" / "hansebank.sta"
    (inbox / "alpina.mt940").write_bytes(good.read_bytes())
    (inbox / "Nordlicht payroll.sta").write_bytes(other.read_bytes()[:120])
    done = airflow(
        tmp_path, RUN, json.dumps([["nightly_bank_import", {}]]),
        AIRFLOW_CONN_LETTRAGE_LEDGER=json.dumps(
            {"conn_type": "sqlite", "host": sqlite_settings.ledger.removeprefix("sqlite:///")}
        ),
        **company(tmp_path, [inbox]),
    )  # fmt: skip
    [(state, tasks)] = states(done)
    assert (state, tasks["assert_complete.-1"]) == ("failed", "failed")
    others = ("assert", "publish_month", "mail_report")
    assert {s for name, s in tasks.items() if not name.startswith(others)} == {"success"}
    assert tasks["mail_report.-1"] == "skipped", "[report] mail_to names nobody"
    with ledger.open(sqlite_settings.ledger) as book:
        assert export(book, "lines")["status"].to_list() == ["reconciled"] * 5
    assert "Nordlicht payroll" not in done.stdout + done.stderr, "task logs name no uploaded file"


@pytest.mark.breaks_the_books
def test_a_difference_in_the_control_report_makes_the_run_red(
    sqlite_settings: config.Settings, tmp_path: Path
) -> None:
    """A cent in transit that no bank entry has; no file comes in this night."""
    with contextlib.closing(sqlite3.connect(tmp_path / "ledger.db")) as connection:
        connection.execute("DROP TRIGGER posting_no_update")
        connection.execute(
            "UPDATE posting SET amount = amount + 1 WHERE gl_account = 'BANK-CH-CHF-TRANSIT'"
        )
        connection.commit()
    inbox = tmp_path / "inbox"
    inbox.mkdir()
    done = airflow(
        tmp_path, RUN, json.dumps([["nightly_bank_import", {}]]),
        LETTRAGE_LEDGER=sqlite_settings.ledger, **company(tmp_path, [inbox]),
    )  # fmt: skip
    [(state, tasks)] = states(done)
    assert (state, tasks["assert_complete.-1"]) == ("failed", "failed")
    assert tasks["control_report.-1"] == "success", "the report itself is written"
    [page] = (tmp_path / "output" / "reports").glob("night-*.txt")
    assert "DIFFERENCE  CH-CHF: the bank proof differs by 0.01 CHF" in page.read_text("utf-8")
    assert " 0.01 CHF" not in done.stdout + done.stderr, "task logs know how many, not what"


def test_a_task_without_an_absolute_ledger_says_what_to_set(tmp_path: Path) -> None:
    relative = {"LETTRAGE_LEDGER": "sqlite:///ledger.db"}
    runs = json.dumps([["nightly_bank_import", {}], ["nightly_bank_import", {}, relative]])
    done = airflow(tmp_path, RUN, runs, **company(tmp_path, [tmp_path]))
    assert [(state, tasks["open_batch.-1"]) for state, tasks in states(done)] == [
        ("failed", "failed")
    ] * 2
    unset, _, of_a_relative = (done.stdout + done.stderr).partition("expected sqlite:////absolute")
    assert "set LETTRAGE_LEDGER" in unset
    assert of_a_relative.startswith("/path")
