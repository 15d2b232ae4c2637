"""The peers by name, each in a process of its own: ``python -m benchmarks.quality.peers``."""

import sys
import time
from collections.abc import Callable
from importlib import import_module
from pathlib import Path

from benchmarks.measure import Run, process
from benchmarks.quality.answers import Answers
from benchmarks.quality.books import Books

TITLES = {
    "lettrage": "Lettrage",
    "splink": "Splink, tuned",
    "splink-careful": "Splink, careful",
    "names": "best name, then amount",
    "bc": "Business Central's rules",
}
_MODULES = {
    "splink": ("splink_peer", "answer"),
    "splink-careful": ("splink_peer", "answer_carefully"),
    "names": ("names", "answer"),
    "bc": ("business_central", "answer"),
}


def run(name: str, books: Path, folder: Path) -> tuple[Answers, Run]:
    """What the peer answers for the frames in ``books``; seconds are those of the matching.

    Start, imports and reading of the frames are left out of its time; memory is all of it.
    """
    folder.mkdir(parents=True, exist_ok=True)
    line = [sys.executable, "-m", "benchmarks.quality.peers", name, str(books), str(folder)]
    whole = process(line, log=folder / "log.txt")
    seconds, cpu = (folder / "seconds.txt").read_text("utf-8").split()
    return Answers.read(folder), Run(float(seconds), whole.megabytes, float(cpu))


def _main(name: str, source: Path, target: Path) -> None:
    module, function = _MODULES[name]
    peer: Callable[[Books], Answers] = getattr(
        import_module(f"benchmarks.quality.{module}"), function
    )
    books = Books.read(source)
    start, worked = time.perf_counter(), time.process_time()
    answers = peer(books)
    spent = time.perf_counter() - start, time.process_time() - worked
    (target / "seconds.txt").write_text(" ".join(map(str, spent)), "utf-8")
    answers.write(target)


if __name__ == "__main__":
    _main(sys.argv[1], Path(sys.argv[2]), Path(sys.argv[3]))
