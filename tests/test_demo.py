"""The demo, by the steps and under Airflow's own scheduler; it leaves no process behind."""

import http.server
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from pipeline.demo import rest

LETTRAGE = [sys.executable, "-m", "pipeline"]


def left_over(folder: Path) -> list[int]:
    """Processes whose environment names the Airflow home of this demo."""
    mark = f"AIRFLOW_HOME={folder.resolve()}/airflow".encode()
    found = []
    for path in Path("/proc").glob("[0-9]*/environ"):
        try:
            if mark in path.read_bytes().split(b"\0"):
                found.append(int(path.parent.name))
        except OSError:
            continue
    return found


def eventually(holds: Callable[[], object], seconds: float) -> bool:
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if holds():
            return True
        time.sleep(0.2)
    return False


def test_the_steps_tell_the_story_of_each_line(tmp_path: Path) -> None:
    run = subprocess.run(
        [*LETTRAGE, "demo", str(tmp_path / "demo")], capture_output=True, text=True, check=False
    )
    assert run.returncode == 0, run.stderr
    assert "RE-2026-1002 [discount 20.00]" in run.stdout
    assert "waits: payee_account_unknown" in run.stdout
    assert "RE-2026-1001 [taken back]" in run.stdout
    assert "the same bytes as night-1/hansebank.sta: nothing to do" in run.stdout
    assert "held, does_not_tie; a corrected one took its place" in run.stdout
    assert "every invariant of the books holds" in run.stdout


def test_a_folder_that_no_demo_made_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "letter.txt").write_text("mine", "utf-8")
    run = subprocess.run(
        [*LETTRAGE, "demo", str(tmp_path)], capture_output=True, text=True, check=False
    )
    assert run.returncode == 2
    assert (tmp_path / "letter.txt").read_text("utf-8") == "mine"


@pytest.mark.skipif(not Path("/proc").exists(), reason="looks for processes in /proc")
def test_the_scheduler_runs_both_nights_and_nothing_is_left(tmp_path: Path) -> None:
    folder = tmp_path / "demo"
    run = subprocess.run(
        [*LETTRAGE, "demo", str(folder), "--airflow"],
        capture_output=True, text=True, check=False, timeout=600,
    )  # fmt: skip
    assert run.returncode == 0, run.stdout[-4000:] + run.stderr[-2000:]
    for night in ("night-1", "night-2"):
        assert f"{night}: ingest[0] success" in run.stdout
        assert f"{night}: assert_complete success" in run.stdout
    assert "RE-2026-1002 [discount 20.00]" in run.stdout
    assert left_over(folder) == []


@pytest.mark.skipif(not Path("/proc").exists(), reason="looks for processes in /proc")
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_an_interrupted_demo_leaves_no_process(tmp_path: Path, number: signal.Signals) -> None:
    folder = tmp_path / "demo"
    with subprocess.Popen(
        [*LETTRAGE, "demo", str(folder), "--airflow"], stdout=subprocess.PIPE, text=True
    ) as run:
        assert run.stdout is not None
        for row in run.stdout:
            if "starting api-server" in row:
                break
        assert eventually(lambda: len(left_over(folder)) >= 3, 60)
        os.kill(run.pid, number)
        assert run.wait(60) == 130
    assert eventually(lambda: not left_over(folder), 5)


def test_a_busy_server_is_asked_again_and_a_refusal_is_not() -> None:
    asked: list[str] = []
    ready = threading.Event()

    class Airflow(http.server.BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            asked.append(self.path)
            if len(asked) == 1:
                ready.wait(30)  # longer than the client waits
                return
            found = self.path.endswith("here")
            self.send_response(200 if found else 404)
            self.end_headers()
            self.wfile.write(b"{}")

    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), Airflow) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        client = rest.Client(f"http://127.0.0.1:{server.server_port}", patience=5)
        assert client.call("GET", "here") == {}
        with pytest.raises(rest.DemoError, match="refuses GET"):
            client.call("GET", "gone")
        ready.set()
        server.shutdown()
    assert asked == ["/api/v2/here", "/api/v2/here", "/api/v2/gone"]
