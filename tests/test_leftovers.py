"""A test run that is told to end, or killed, leaves no server and no folder for long."""

import os
import signal
import subprocess
import sys
import textwrap
from pathlib import Path

import pytest

from tests import leftovers

_RUN = textwrap.dedent("""
    from tests.prepared import prepared
    import time
    def test_waits(server, tmp_path):
        prepared(f"sqlite:///{tmp_path}/l.db", "none", lambda url: open(url[10:], "w").close())
        print(f"waits {server.data}", flush=True)
        time.sleep(60)
""")


def test_a_run_that_is_told_to_end_stops_its_server(tmp_path: Path) -> None:
    root = Path(__file__).parent.parent
    case = tmp_path / "test_waiting.py"
    case.write_text(_RUN)
    words = ["-q", "-s", "-p", "no:cacheprovider", "-p", "tests.conftest", "--rootdir", str(root)]
    command = [sys.executable, "-m", "pytest", *words, str(case)]
    environment = {**os.environ, "TMPDIR": str(tmp_path)}
    environment.pop("LETTRAGE_TEST_STATES", None)  # a run of its own, not a process of this one
    with subprocess.Popen(
        command, cwd=root, env=environment, stdout=subprocess.PIPE, text=True
    ) as run:
        assert run.stdout is not None
        said = next((line for line in run.stdout if "waits" in line), "")
        assert Path(said.split()[-1]).is_dir()
        assert len(list(tmp_path.glob("lettrage-test-*"))) == 2
        run.send_signal(signal.SIGTERM)
        run.communicate()
    assert run.returncode == pytest.ExitCode.INTERRUPTED
    assert list(tmp_path.glob("lettrage-test-*")) == []


def test_what_a_killed_run_left_goes_at_the_next_start(tmp_path: Path) -> None:
    with subprocess.Popen([sys.executable, "-c", ""]) as gone:
        gone.wait()
    names = [f"lettrage-test-{process}-pg-x" for process in (gone.pid, os.getpid(), 1)]
    for name in names:
        (tmp_path / name / "data").mkdir(parents=True)
    leftovers.remove(tmp_path)
    assert sorted(path.name for path in tmp_path.iterdir()) == sorted(names[1:])
