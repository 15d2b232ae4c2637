"""Airflow for the demo: api-server, scheduler and dag-processor as sub-processes, and their end.

Everything stands in one folder and listens on loopback only. Each program leads its own process
group, so that its children end with it; ``airflow`` is never imported here.
"""

import base64
import contextlib
import json
import os
import secrets
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from types import FrameType, TracebackType
from typing import Any

from pipeline.demo.rest import Client, DemoError

_PROGRAMS = (
    ("api-server",),
    ("scheduler", "--skip-serve-logs"),
    ("dag-processor",),
)
_PATIENCE = 10  # seconds between SIGTERM and SIGKILL
_START = 120
_RUN = 300
_DONE = {"success", "failed", "skipped", "upstream_failed", "removed"}


class Stack:
    """A running Airflow; a context manager that leaves no process behind."""

    def __init__(self, folder: Path, ledger: str, say: Callable[[str], None]) -> None:
        self._folder, self._ledger, self._say = folder, ledger, say
        self._home = folder / "airflow"
        self._programs: dict[str, subprocess.Popen[bytes]] = {}
        self.password = secrets.token_urlsafe(12)
        self.url = f"http://127.0.0.1:{_free_port()}"
        self._client = Client(self.url)

    def __enter__(self) -> "Stack":
        """Start all programs and wait until they are healthy; on failure stop them again."""
        self._before = signal.signal(signal.SIGTERM, _interrupt)
        try:
            self._start()
        except BaseException:
            self._stop()
            raise
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Stop all programs, whatever happened."""
        self._stop()

    def _start(self) -> None:
        self._home.mkdir(parents=True)
        (self._folder / "output").mkdir(exist_ok=True)
        passwords = self._home / "passwords.json"
        passwords.write_text(json.dumps({"admin": self.password}), "utf-8")
        passwords.chmod(0o600)
        self._environment = self._settings(passwords)
        self._say("Airflow: making its database")
        self._once("db", "migrate")
        for arguments in _PROGRAMS:
            self._launch(*arguments)
        self._say(f"Airflow: starting api-server, scheduler and dag-processor at {self.url}")
        self._until(self._healthy, _START, "Airflow to be healthy")
        self._client.log_in("admin", self.password)
        slots = 1 if self._ledger.startswith("sqlite") else 4
        pool = {"name": "lettrage_ledger", "slots": slots, "description": "writes to the ledger"}
        self._client.call("POST", "pools", pool)
        path = self._ledger.removeprefix("sqlite:///")
        connection = {"connection_id": "lettrage_ledger", "conn_type": "sqlite", "host": path}
        self._client.call("POST", "connections", connection)

    def _settings(self, passwords: Path) -> dict[str, str]:
        keep = {k: v for k, v in os.environ.items() if not k.startswith(("AIRFLOW", "LETTRAGE"))}
        port = self.url.rpartition(":")[2]
        airflow = {
            "CORE__DAGS_FOLDER": str(_dags()),
            "CORE__LOAD_EXAMPLES": "False",
            "CORE__EXECUTOR": "LocalExecutor",
            "CORE__PARALLELISM": "3",
            "CORE__EXECUTION_API_SERVER_URL": f"{self.url}/execution/",
            "CORE__FERNET_KEY": base64.urlsafe_b64encode(secrets.token_bytes(32)).decode(),
            "CORE__SIMPLE_AUTH_MANAGER_USERS": "admin:admin",
            "CORE__SIMPLE_AUTH_MANAGER_PASSWORDS_FILE": str(passwords),
            "DATABASE__SQL_ALCHEMY_CONN": f"sqlite:///{self._home}/airflow.db",
            "API__HOST": "127.0.0.1",
            "API__PORT": port,
            "API__BASE_URL": self.url,
            "API__WORKERS": "1",
            "API__SECRET_KEY": secrets.token_urlsafe(64),
            "API_AUTH__JWT_SECRET": secrets.token_urlsafe(64),
            "WORKERS__MIN_HEARTBEAT_INTERVAL": "1",
            "DAG_PROCESSOR__REFRESH_INTERVAL": "5",
            "LOGGING__BASE_LOG_FOLDER": str(self._home / "logs"),
        }
        return {
            **keep,
            **{f"AIRFLOW__{name}": value for name, value in airflow.items()},
            "AIRFLOW_HOME": str(self._home),
            "LETTRAGE_CONFIG": str(self._folder / "lettrage.toml"),
            "LETTRAGE_NIGHTLY": "",  # the demo starts the nights itself
            "LETTRAGE_OUTPUT": str(self._folder / "output"),
            "NO_PROXY": "127.0.0.1",
            "no_proxy": "127.0.0.1",
        }

    def _once(self, *arguments: str) -> None:
        with self._log(arguments[0]) as log:
            code = subprocess.call(
                [sys.executable, "-m", "airflow", *arguments],
                env=self._environment, stdout=log, stderr=subprocess.STDOUT,
            )  # fmt: skip
        if code:
            raise DemoError(f"airflow {' '.join(arguments)} failed; see {self._home}/logs")

    def _launch(self, name: str, *options: str) -> None:
        with self._log(name) as log:
            self._programs[name] = subprocess.Popen(
                [sys.executable, "-m", "airflow", name, *options],
                env=self._environment, stdin=subprocess.DEVNULL, stdout=log,
                stderr=subprocess.STDOUT, start_new_session=True,
            )  # fmt: skip

    @contextlib.contextmanager
    def _log(self, name: str) -> Iterator[Any]:
        folder = self._home / "logs"
        folder.mkdir(exist_ok=True)
        with (folder / f"{name}.log").open("ab") as file:
            yield file

    def _healthy(self) -> bool:
        health = self._client.get_or_none("monitor/health")
        parts = ("metadatabase", "scheduler", "dag_processor")
        return health is not None and all(health[p]["status"] == "healthy" for p in parts)

    def _until(self, done: Callable[[], Any], seconds: float, what: str) -> Any:
        """Ask until ``done`` gives something; DemoError when a program ends or time runs out."""
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            found = done()
            if found:
                return found
            for name, program in self._programs.items():
                if program.poll() is not None:
                    raise DemoError(f"airflow {name} ended; see {self._home}/logs/{name}.log")
            time.sleep(0.5)
        raise DemoError(f"waited {seconds:.0f} s for {what}; see {self._home}/logs")

    def unpause(self, dag: str) -> None:
        """Wait until Airflow knows the DAG, then let it run."""
        self._until(lambda: self._client.get_or_none(f"dags/{dag}"), _START, f"the DAG {dag}")
        self._client.call("PATCH", f"dags/{dag}", {"is_paused": False})

    def trigger(self, dag: str, conf: dict[str, str]) -> str:
        """Start a run; returns its id."""
        number = f"demo-{secrets.token_hex(4)}"
        body = {"dag_run_id": number, "logical_date": None, "conf": conf}
        path = f"dags/{dag}/dagRuns"

        def started() -> bool:
            # Airflow on SQLite may answer 500, database is locked, whether the run stands or not.
            if self._client.get_or_none(f"{path}/{number}"):
                return True
            with contextlib.suppress(DemoError):
                self._client.call("POST", path, body)
            return False

        self._until(started, _START, f"a run of {dag}")
        return number

    def first_run(self, dag: str) -> str:
        """The id of the first run of a DAG that something else starts."""

        def found() -> list[Any]:
            runs: list[Any] = self._client.call("GET", f"dags/{dag}/dagRuns")["dag_runs"]
            return runs

        return str(self._until(found, _START, f"a run of {dag}")[0]["dag_run_id"])

    def follow(self, dag: str, run: str, title: str) -> dict[str, str]:
        """Show the tasks of a run as they end; returns their states, DemoError if it failed."""
        seen: set[tuple[str, int]] = set()
        path = f"dags/{dag}/dagRuns/{run}"

        def ended() -> bool:
            done = self._client.call("GET", path)["state"] in ("success", "failed")
            for task in self._tasks(path):
                key = (task["task_id"], task["map_index"])
                if task["state"] in _DONE and key not in seen:
                    seen.add(key)
                    self._say(f"  {title}: {_label(task)} {task['state']}")
            return done

        self._until(ended, _RUN, f"{dag} to end")
        tasks = self._tasks(path)
        failed = [task for task in tasks if task["state"] == "failed"]
        if failed or self._client.call("GET", path)["state"] != "success":
            raise DemoError(f"{dag} failed for {title}\n" + "\n".join(map(self._told, failed)))
        return {task["task_id"]: task["state"] for task in tasks}

    def _tasks(self, path: str) -> list[dict[str, Any]]:
        found = self._client.call("GET", f"{path}/taskInstances?limit=1000")["task_instances"]
        return sorted(found, key=lambda task: (task["end_date"] or "", _label(task)))

    def _told(self, task: dict[str, Any]) -> str:
        """The log of the last try of a task."""
        pattern = f"dag_id={task['dag_id']}/run_id={task['dag_run_id']}/task_id={task['task_id']}"
        files = sorted((self._home / "logs" / pattern).rglob("*.log"))
        text = files[-1].read_text("utf-8", "replace") if files else "no log was written\n"
        return f"--- {_label(task)}, {files[-1] if files else pattern}\n{text[-4000:]}"

    def wait(self) -> None:
        """Leave everything up until Ctrl-C."""
        with contextlib.suppress(KeyboardInterrupt):
            while all(program.poll() is None for program in self._programs.values()):
                time.sleep(1)

    def _stop(self) -> None:
        """SIGTERM to each group, SIGKILL to what is left; a second Ctrl-C does not stop this."""
        before = signal.signal(signal.SIGINT, signal.SIG_IGN)
        try:
            for program in self._programs.values():
                _signal(program, signal.SIGTERM)
            end = time.monotonic() + _PATIENCE
            while time.monotonic() < end and any(map(_alive, self._programs.values())):
                time.sleep(0.2)
            for program in self._programs.values():
                _signal(program, signal.SIGKILL)
                program.wait()
        finally:
            signal.signal(signal.SIGINT, before)
            signal.signal(signal.SIGTERM, self._before)


def _interrupt(number: int, frame: FrameType | None) -> None:
    raise KeyboardInterrupt


def _signal(program: "subprocess.Popen[bytes]", number: signal.Signals) -> None:
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.killpg(program.pid, number)


def _alive(program: "subprocess.Popen[bytes]") -> bool:
    """Is any process of the group left?"""
    program.poll()
    try:
        os.killpg(program.pid, 0)
    except (ProcessLookupError, PermissionError):
        return False
    return True


def _label(task: dict[str, Any]) -> str:
    index = task["map_index"]
    return f"{task['task_id']}[{index}]" if index >= 0 else str(task["task_id"])


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _dags() -> Path:
    package = Path(__file__).parent.parent
    inside = package / "_dags"
    return inside if inside.exists() else package.parent / "dags"
