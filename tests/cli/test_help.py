"""A person who mistypes is helped; nothing is imported that a command does not need."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from pipeline import cli

BLOCKED = """
import sys
from importlib.abc import MetaPathFinder

class Refuse(MetaPathFinder):
    def find_spec(self, name, path=None, target=None):
        if name.split('.')[0] in {blocked!r}:
            raise ImportError(name + ' is imported')

sys.meta_path.insert(0, Refuse())
from pipeline.cli import main
raise SystemExit(main({arguments!r}))
"""


def run_without(
    blocked: list[str], arguments: list[str], folder: Path
) -> subprocess.CompletedProcess[str]:
    code = BLOCKED.format(blocked=set(blocked), arguments=arguments)
    return subprocess.run(
        [sys.executable, "-c", code], cwd=folder, capture_output=True, text=True, check=False
    )


def test_help_starts_without_polars_database_or_airflow(tmp_path: Path) -> None:
    blocked = ["polars", "sqlalchemy", "airflow", "rich", "typst"]
    run = run_without(blocked, ["exceptions", "--help"], tmp_path)
    assert (run.returncode, run.stderr) == (0, "")
    assert "list" in run.stdout


@pytest.mark.parametrize(
    ("words", "helped"),
    [
        (["nigtly", "x"], "did you mean nightly?"),
        (["post", "--min-confidance", "high"], "did you mean --min-confidence?"),
        (["load", "custmers", "x.csv"], "did you mean customers?"),
        (["statements", "--as-of", "31.10.2026"], "expected a date YYYY-MM-DD"),
        (["export", "lnes"], "did you mean lines?"),
        (["exceptions", "lst"], "did you mean list?"),
        (["exceptions"], "ACTION"),
        (["exceptions"], "known: list, filters"),
        (["load"], "known: customers"),
        ([], "known: init, load"),
    ],
)
def test_a_mistyped_word_gets_the_nearest_one_and_an_example(
    words: list[str], helped: str, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit) as stop:
        cli.main(words)
    said = capsys.readouterr()
    assert stop.value.code == 2
    assert said.out == ""
    assert helped in said.err
    assert "example: lettrage" in said.err


def test_wrong_usage_with_json_is_one_object_too(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        cli.main(["nigtly", "--json"])
    assert "did you mean nightly?" in json.loads(capsys.readouterr().out)["error"]


def test_global_options_stand_before_or_after_the_command(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    url = f"sqlite:///{tmp_path}/books.db"
    assert cli.main(["--ledger", url, "--json", "init"]) == 0
    before = capsys.readouterr().out
    assert cli.main(["init", "--ledger", url, "--json"]) == 0
    assert json.loads(before) == json.loads(capsys.readouterr().out) == {"ledger": "ready"}


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["match"], "run: lettrage init"),
        (["nightly", "nowhere/"], "does not exist"),
        (["load", "customers", "nowhere.csv"], "no such file"),
        (["--ledger", "oracle://x", "match"], "expected sqlite"),
        (["--ledger", "nonsense", "match"], "expected sqlite"),
        (["--config", "nowhere.toml", "match"], "does not exist"),
    ],
)
def test_wrong_input_is_said_without_a_traceback_and_changes_nothing(
    words: list[str],
    said: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.chdir(tmp_path)
    assert cli.main([*words, "--json"]) == 2
    printed = capsys.readouterr()
    assert said in printed.err
    assert said in json.loads(printed.out)["error"]
    assert list(tmp_path.iterdir()) == []


def test_the_doctor_knows_the_machine(capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["doctor", "--json"]) == 0
    facts = json.loads(capsys.readouterr().out)
    assert facts["problems"] == []
    assert facts["python"] == sys.version.split()[0]
    assert (Path(facts["dags"]) / "nightly_bank_import.py").exists()
