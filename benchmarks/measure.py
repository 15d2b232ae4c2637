"""One process at a time, measured from its start to its exit by the operating system."""

import os
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path

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


@dataclass(frozen=True, slots=True)
class Run:
    """Wall seconds of a whole process, and its largest resident memory in MB."""

    seconds: float
    megabytes: float


def bare_parse(folder: Path) -> float:
    """P: seconds of ``mt-940`` with its default options over the files, without imports."""
    done = subprocess.run(
        [sys.executable, "-c", _BARE, str(folder)], check=True, capture_output=True, text=True
    )
    return float(done.stdout)


def command(ledger: Path, *arguments: str, log: Path) -> Run:
    """Run ``lettrage`` on a ledger file; exit 1 (something was found) is allowed, 2 is not."""
    line = [sys.executable, "-m", "pipeline", *arguments, "--ledger", f"sqlite:///{ledger}"]
    with log.open("ab") as out:
        start = time.perf_counter()
        process = subprocess.Popen(line, stdout=out, stderr=out)
        _, status, usage = os.wait4(process.pid, 0)
        seconds = time.perf_counter() - start
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode not in (0, 1):
        raise RuntimeError(f"{' '.join(arguments[:2])} ended with {process.returncode}; see {log}")
    unit = 1024 * 1024 if sys.platform == "darwin" else 1024
    return Run(seconds, usage.ru_maxrss / unit)
