"""What a time holds is the same for Lettrage and its peers."""

import sys
from pathlib import Path

from benchmarks.measure import process, within
from benchmarks.quality import lettrage, peers
from benchmarks.quality.books import Books

_WORK = """
import sys, time
from pathlib import Path
from benchmarks.measure import timed
time.sleep(0.2)
timed(lambda: time.sleep(0.1), Path(sys.argv[1]))
"""


def test_a_part_of_a_process_is_timed_by_itself(tmp_path: Path) -> None:
    file = tmp_path / "seconds.txt"
    whole = process([sys.executable, "-c", _WORK, str(file)], log=tmp_path / "log.txt")
    part = within(whole, file)
    assert 0.1 <= part.seconds <= whole.seconds - 0.2
    assert part.cpu <= whole.cpu
    assert part.megabytes == whole.megabytes


def test_lettrage_and_a_peer_are_timed_with_and_without_their_start(
    sample_run: lettrage.Ran, sample_books: Books, tmp_path: Path
) -> None:
    sample_books.write(tmp_path / "frames")
    _, matching, whole = peers.run("names", tmp_path / "frames", tmp_path / "names")
    assert 0 < matching.seconds < whole.seconds
    alone, command = lettrage.matched(sample_run.before, tmp_path, (), tmp_path / "log.txt")
    assert 0 < alone.seconds < command.seconds
