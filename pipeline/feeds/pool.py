"""Parsing many files: in this process while they are small or one, else in spawned processes.

The results come in the order of the files, whatever the number of processes.
"""

import os
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path

from pipeline import feeds
from pipeline.domain import collector, spawned
from pipeline.domain.bank_statement import FeedResult
from pipeline.domain.original import packed
from pipeline.feeds.inbox import FeedFile, read

SMALL = 3_000_000
"""Bytes of all files together below which a process costs more than it saves."""
_Parsed = tuple[FeedFile, FeedResult | None]


def parsed(
    files: Sequence[tuple[Path, str]], total_size: int, fallback: str, workers: int | None = None
) -> Iterator[_Parsed]:
    """Each file read and parsed; ``files`` are (path, expected hash).

    A file whose bytes changed since they were hashed counts as growing: it waits for the next run.
    ``workers`` None decides by size and processors, 0 means this process.
    """
    count = min(len(files), (os.cpu_count() or 1) if workers is None else workers)
    if workers is None and (total_size < SMALL or count == 1):
        count = 0  # one file alone is parsed before it is stored, wherever that is
    asked = ((path, sha256, fallback) for path, sha256 in files)
    yield from map(_parse, asked) if count == 0 else spawned.each(_parse, asked, count)


def _parse(asked: tuple[Path, str, str]) -> _Parsed:
    """What stands in a file; its bytes are let go as soon as they are text."""
    path, sha256, fallback = asked
    file = read(path)
    if file.problem or file.growing:
        return file, None
    if file.sha256 != sha256:
        return FeedFile(path, growing=True), None
    with collector.paused():
        found = feeds.read(file.data, fallback)
        file = replace(file, data=b"", packed=packed(file.data))
        return file, feeds.collected(found)
