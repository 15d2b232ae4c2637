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
    seconds = float((folder / "seconds.txt").read_text("utf-8"))
    return Answers.read(folder), Run(seconds, whole.megabytes)


def _main(name: str, source: Path, target: Path) -> None:
    module, function = _MODULES[name]
    peer: Callable[[Books], Answers] = getattr(
        import_module(f"benchmarks.quality.{module}"), function
    )
    books = Books.read(source)
    start = time.perf_counter()
    answers = peer(books)
    (target / "seconds.txt").write_text(f"{time.perf_counter() - start}\n", "utf-8")
    answers.write(target)


if __name__ == "__main__":
    _main(sys.argv[1], Path(sys.argv[2]), Path(sys.argv[3]))
