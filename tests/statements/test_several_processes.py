"""A run that several processes compose, which are killed; a step of ten thousand customers.

The threshold is lower here than anywhere else.
"""

import multiprocessing
import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest

from pipeline import composing, config, ledger, statement_runs
from pipeline.domain.errors import WorkerEndedError
from pipeline.ledger import statement_runs as runs
from pipeline.statements import Choice, Form
from pipeline.steps import quiet
from tests.statements.posting_house import DAY, company


def compose(settings: config.Settings, workers: int) -> None:
    asked = (settings, DAY, Form(), Choice(), "print", "anna", quiet)
    statement_runs.compose(*asked, workers=workers)


def told(settings: config.Settings) -> list[Any]:
    with ledger.open(settings.ledger) as book:
        return book.rows(
            "SELECT id, customer_no, number, content FROM customer_statement ORDER BY id"
        )


def by_one_process(folder: Path) -> list[Any]:
    folder.mkdir()
    settings = company(f"sqlite:///{folder}/ledger.db", folder, 60)
    compose(settings, 0)
    return told(settings)


def test_a_step_whose_process_is_killed_fails_in_words_and_made_again_is_the_same(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings = company(f"sqlite:///{tmp_path}/ledger.db", tmp_path, 60)
    monkeypatch.setattr(composing, "_SLICE", 10)
    whole = runs.record

    def record(*given: Any) -> None:
        whole(*given)
        for child in multiprocessing.active_children():
            os.kill(child.pid or 0, signal.SIGKILL)

    with monkeypatch.context() as patched:
        patched.setattr(runs, "record", record)
        with pytest.raises(WorkerEndedError, match=r"was killed, .* run the same again"):
            compose(settings, 2)
    assert 10 <= len(told(settings)) < 60
    assert multiprocessing.active_children() == []
    compose(settings, 0)
    assert told(settings) == by_one_process(tmp_path / "other")


_KILLED = """
import multiprocessing, os, signal, sys
from pipeline import composing, config
from pipeline.ledger import statement_runs as runs
from tests.statements.test_several_processes import compose

def record(*given):
    for child in multiprocessing.active_children():
        os.kill(child.pid, signal.SIGSTOP)
        print(child.pid)
    sys.stdout.flush()
    os.kill(os.getpid(), signal.SIGKILL)

composing._SLICE = 10
runs.record = record
compose(config.read(None, sys.argv[1], {}), 2)
"""


def test_a_step_that_is_killed_leaves_no_process_behind(tmp_path: Path) -> None:
    """They stand still while it dies, so that none of them has ended by itself before."""
    settings = company(f"sqlite:///{tmp_path}/ledger.db", tmp_path, 60)
    words = [sys.executable, "-c", _KILLED, settings.ledger]
    told_of = tmp_path / "children"
    with told_of.open("wb") as file:  # no pipe: it would be theirs too, and end with them
        done = subprocess.run(words, cwd=Path(__file__).parents[2], stdout=file, check=False)
    assert done.returncode == -signal.SIGKILL
    children = [int(word) for word in told_of.read_text("ascii").split()]
    assert len(children) == 2
    assert [child for child in children if not alive(child)] == [], "both were at work"
    for child in children:
        os.kill(child, signal.SIGCONT)
    end = time.monotonic() + 60
    while any(map(alive, children)) and time.monotonic() < end:
        time.sleep(0.02)
    assert [child for child in children if alive(child)] == []
    compose(settings, 0)
    assert told(settings) == by_one_process(tmp_path / "other")


def alive(process: int) -> bool:
    try:
        state = Path(f"/proc/{process}/stat").read_text("ascii").rpartition(")")[2].split()[0]
    except FileNotFoundError:
        return False
    return state != "Z"
