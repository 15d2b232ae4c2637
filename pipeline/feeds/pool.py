"""Parsing many files: in this process while they are small, else in spawned processes.

Spawned, never forked: polars keeps threads, and a forked child would wait for them for ever. The
results come in the order of the files, whatever the number of processes.
"""

import concurrent.futures
import io
import multiprocessing
import os
from collections import deque
from collections.abc import Iterable, Iterator
from dataclasses import replace
from pathlib import Path

import polars as pl

from pipeline import feeds
from pipeline.domain.bank_statement import FeedResult
from pipeline.feeds.inbox import FeedFile, read

SMALL = 3_000_000
"""Bytes of all files together below which a process costs more than it saves."""
_AHEAD = 2
_NO_LINES = pl.DataFrame()
_Packed = tuple[FeedFile, FeedResult | None, list[bytes]]


def parsed(
    files: Iterable[tuple[Path, str]], total_size: int, fallback: str, workers: int | None = None
) -> Iterator[tuple[FeedFile, FeedResult | None]]:
    """Each file read and parsed; ``files`` are (path, expected hash).

    A file whose bytes changed since they were hashed counts as growing: it waits for the next run.
    ``workers`` None decides by size and processors, 0 means this process.
    """
    count = (os.cpu_count() or 1) if workers is None else workers
    if workers is None and total_size < SMALL:
        count = 0
    if count == 0:
        for path, sha256 in files:
            yield _parse(path, sha256, fallback)
        return
    context = multiprocessing.get_context("spawn")
    with concurrent.futures.ProcessPoolExecutor(count, mp_context=context) as pool:
        waiting: deque[concurrent.futures.Future[_Packed]] = deque()
        for path, sha256 in files:
            waiting.append(pool.submit(_packed, path, sha256, fallback))
            if len(waiting) >= count + _AHEAD:
                yield _unpacked(waiting.popleft().result())
        while waiting:
            yield _unpacked(waiting.popleft().result())


def _packed(path: Path, sha256: str, fallback: str) -> _Packed:
    """Parse in a worker; the lines go back compressed, since a pipe holds each twice."""
    file, result = _parse(path, sha256, fallback)
    if result is None:
        return file, None, []
    lines = []
    bare = []
    for statement in result.statements:
        buffer = io.BytesIO()
        statement.lines.write_ipc(buffer, compression="lz4")
        lines.append(buffer.getvalue())
        bare.append(replace(statement, lines=_NO_LINES))
    return file, replace(result, statements=tuple(bare)), lines


def _unpacked(packed: _Packed) -> tuple[FeedFile, FeedResult | None]:
    file, result, lines = packed
    if result is None:
        return file, None
    statements = [
        replace(statement, lines=pl.read_ipc(io.BytesIO(data)))
        for statement, data in zip(result.statements, lines, strict=True)
    ]
    return file, replace(result, statements=tuple(statements))


def _parse(path: Path, sha256: str, fallback: str) -> tuple[FeedFile, FeedResult | None]:
    file = read(path)
    if file.problem or file.growing:
        return file, None
    if file.sha256 != sha256:
        return FeedFile(path, growing=True), None
    size = len(file.data)
    result = feeds.parse(file.data, fallback)
    # The data stays here: what goes back is the result, with the size of what was read.
    return FeedFile(path, b"", file.sha256, size=size), result
