"""The peers by name, each in a process of its own: ``python -m benchmarks.quality.peers``."""

import sys
from collections.abc import Callable
from functools import partial
from importlib import import_module
from pathlib import Path

from benchmarks.measure import Run, process, timed, within
from benchmarks.quality.answers import Answers
from benchmarks.quality.books import Books

TITLES = {
    "lettrage": "Lettrage",
    "splink": "Splink, tuned",
    "splink-careful": "Splink, careful",
    "names": "best name, then amount",
    "bc": "Business Central's rules",
}
_SECONDS = "seconds.txt"
_MODULES = {
    "splink": ("splink_peer", "answer"),
    "splink-careful": ("splink_peer", "answer_carefully"),
    "names": ("names", "answer"),
    "bc": ("business_central", "answer"),
}


def run(name: str, books: Path, folder: Path) -> tuple[Answers, Run, Run]:
    """What the peer answers for the frames in ``books``; its matching, and its whole process.

    The first time is from frames in memory to answers, without start, imports and files.
    """
    folder.mkdir(parents=True, exist_ok=True)
    line = [sys.executable, "-m", "benchmarks.quality.peers", name, str(books), str(folder)]
    whole = process(line, log=folder / "log.txt")
    return Answers.read(folder), within(whole, folder / _SECONDS), whole


def _main(name: str, source: Path, target: Path) -> None:
    module, function = _MODULES[name]
    peer: Callable[[Books], Answers] = getattr(
        import_module(f"benchmarks.quality.{module}"), function
    )
    books = Books.read(source)
    timed(partial(peer, books), target / _SECONDS).write(target)


if __name__ == "__main__":
    _main(sys.argv[1], Path(sys.argv[2]), Path(sys.argv[3]))
