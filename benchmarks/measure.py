"""One process at a time, measured from its start to its exit by the operating system."""

import shutil
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

_BARE = """
import pathlib, sys, time
import logging
import mt940
logging.disable(logging.CRITICAL)
texts = [path.read_text("utf-8") for path in sorted(pathlib.Path(sys.argv[1]).iterdir())]
start = time.perf_counter()
for text in texts:
    mt940.parse_statements(text)
print(time.perf_counter() - start)
"""

_MEASURED = """
import os, subprocess, sys, time
with open(sys.argv[1], "ab") as out:
    start = time.perf_counter()
    process = subprocess.Popen(sys.argv[2:], stdout=out, stderr=out)
    _, status, usage = os.wait4(process.pid, 0)
    cpu = usage.ru_utime + usage.ru_stime
    print(time.perf_counter() - start, os.waitstatus_to_exitcode(status), usage.ru_maxrss, cpu)
"""

_Done = TypeVar("_Done")


@dataclass(frozen=True, slots=True)
class Run:
    """Wall seconds of a whole process; resident memory in MB of it or its largest worker.

    ``cpu`` are the processor's seconds, of all its cores, workers included.
    """

    seconds: float
    megabytes: float
    cpu: float = 0.0


def bare_parse(folder: Path) -> float:
    """P: seconds of ``mt-940`` with its default options over the files, without imports."""
    done = subprocess.run(
        [sys.executable, "-c", _BARE, str(folder)], check=True, capture_output=True, text=True
    )
    return float(done.stdout)


def copied(ledger: Path, target: Path) -> Path:
    """A copy of a SQLite ledger that nobody has open, with what is still in its log."""
    for suffix in ("", "-wal"):
        source = ledger.with_name(ledger.name + suffix)
        if source.exists():
            shutil.copyfile(source, target.with_name(target.name + suffix))
    return target


def command(ledger: Path, *arguments: str, log: Path, allowed: tuple[int, ...] = (0, 1)) -> Run:
    """Run ``lettrage`` on a ledger file; exit 1 (something was found) is allowed, 2 is not."""
    line = [sys.executable, "-m", "pipeline", *arguments, "--ledger", f"sqlite:///{ledger}"]
    return process(line, log=log, allowed=allowed)


def process(line: list[str], *, log: Path, allowed: tuple[int, ...] = (0,)) -> Run:
    """Run a process; its output goes to ``log``, another exit code than ``allowed`` is an error.

    A small process starts it: the system counts the memory of who starts a process as its own.
    """
    done = subprocess.run(
        [sys.executable, "-c", _MEASURED, str(log), *line],
        check=True, stdout=subprocess.PIPE, text=True,
    )  # fmt: skip
    seconds, code, memory, cpu = done.stdout.split()
    if int(code) not in allowed:
        raise RuntimeError(f"{' '.join(line[2:5])} ended with {code}; see {log}")
    unit = 1024 * 1024 if sys.platform == "darwin" else 1024
    return Run(float(seconds), int(memory) / unit, float(cpu))


def timed(work: Callable[[], _Done], file: Path) -> _Done:
    """Do ``work`` and write to ``file`` what it took: for ``within``, of the process around it."""
    start, worked = time.perf_counter(), time.process_time()
    done = work()
    spent = time.perf_counter() - start, time.process_time() - worked
    file.write_text(" ".join(map(str, spent)), "utf-8")
    return done


def within(whole: Run, file: Path) -> Run:
    """The part of a process that ``timed`` wrote to ``file``; memory is that of all of it."""
    seconds, cpu = file.read_text("utf-8").split()
    return Run(float(seconds), whole.megabytes, float(cpu))
