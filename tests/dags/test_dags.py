"""The DAG runs for real on the sample company, twice; the second run changes nothing."""

import json
import os
import subprocess
import sys
from pathlib import Path

from pipeline import config, ledger
from pipeline.demo import samples
from pipeline.ledger.export import export

ROOT = Path(__file__).parents[2]
RUN = """
import json, sys
from airflow.utils.db import initdb
initdb()
from airflow.dag_processing.dagbag import DagBag
bag = DagBag(dag_folder=sys.argv[1])
assert bag.import_errors == {}, bag.import_errors
assert "polars" not in sys.modules
dag = bag.dags["nightly_bank_import"]
states = [dag.test(run_conf={"inbox": "night-1"}).state for _ in range(2)]
print("STATES", json.dumps([str(state) for state in states]))
"""


def test_the_night_runs_twice_under_airflow(
    sqlite_settings: config.Settings, tmp_path: Path
) -> None:
    toml = tmp_path / "lettrage.toml"
    toml.write_text(f"[feeds]\ninboxes = [{json.dumps(str(samples() / 'night-1'))}]\n")
    environment = {
        **os.environ,
        "AIRFLOW_HOME": str(tmp_path / "airflow"),
        "AIRFLOW__CORE__LOAD_EXAMPLES": "False",
        "AIRFLOW__CORE__DAGS_FOLDER": str(ROOT / "dags"),
        "AIRFLOW__DATABASE__SQL_ALCHEMY_CONN": f"sqlite:////{tmp_path}/airflow.db".replace(
            "////", "///", 1
        ),
        "LETTRAGE_LEDGER": sqlite_settings.ledger,
        "LETTRAGE_CONFIG": str(toml),
        "PYTHONPATH": str(ROOT / "dags"),
    }
    run = subprocess.run(
        [sys.executable, "-c", RUN, str(ROOT / "dags")],
        env=environment,
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )
    assert run.returncode == 0, run.stderr[-3000:]
    states = next(row for row in run.stdout.splitlines() if row.startswith("STATES"))
    assert json.loads(states.removeprefix("STATES ")) == ["success", "success"]
    with ledger.open(sqlite_settings.ledger) as book:
        posted = export(book, "applications")
        registers = book.rows("SELECT count(*) FROM register WHERE kind = 'nightly'")[0][0]
    assert posted.height == 45, "36 lines; one pays three documents, some pay two"
    assert registers == 5
