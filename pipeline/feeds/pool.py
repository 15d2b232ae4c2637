"""Parsing many files: in this process while they are small, else in spawned processes.

Spawned, never forked: polars keeps threads, and a forked child would wait for them for ever. The
results come in the order of the files, whatever the number of processes.
"""

import concurrent.futures
import io
import multiprocessing
import os
from collections import deque
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import overload

import polars as pl

from pipeline import feeds
from pipeline.domain import frames
from pipeline.domain.bank_statement import BankStatement, FeedResult, RefusedStatement
from pipeline.feeds.inbox import FeedFile, read

SMALL = 3_000_000
"""Bytes of all files together below which a process costs more than it saves."""
_AHEAD = 2
_PIECE = 10_000
_NO_LINES = frames.empty(frames.FEED_LINES)
_Packed = tuple[FeedFile, list[tuple[BankStatement, list[bytes]]], list[RefusedStatement]]
Found = Iterator[BankStatement | RefusedStatement]


def parsed(
    files: Sequence[tuple[Path, str]], total_size: int, fallback: str, workers: int | None = None
) -> Iterator[tuple[FeedFile, FeedResult | None]]:
    """Each file read and parsed; ``files`` are (path, expected hash).

    A file whose bytes changed since they were hashed counts as growing: it waits for the next run.
    ``workers`` None decides by size and processors, 0 means this process.
    """
    count = min(len(files), (os.cpu_count() or 1) if workers is None else workers)
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


class _Unpacked(Sequence[BankStatement]):
    """The statements of a file, each with its lines only while it is asked for."""

    def __init__(self, packed: list[tuple[BankStatement, list[bytes]]]) -> None:
        self._packed = packed

    def __len__(self) -> int:
        return len(self._packed)

    @overload
    def __getitem__(self, place: int) -> BankStatement: ...
    @overload
    def __getitem__(self, place: slice) -> Sequence[BankStatement]: ...
    def __getitem__(self, place: int | slice) -> BankStatement | Sequence[BankStatement]:
        if isinstance(place, slice):
            return _Unpacked(self._packed[place])
        statement, lines = self._packed[place]
        parts = [pl.read_ipc(io.BytesIO(part)) for part in lines]
        return replace(statement, lines=pl.concat(parts) if parts else _NO_LINES)


def _packed(path: Path, sha256: str, fallback: str) -> _Packed:
    """Parse in a worker; each statement's lines are compressed before the next one is read."""
    file, found = _found(path, sha256, fallback)
    if found is None:
        return file, [], []
    packed, refused = [], []
    for item in found:
        if isinstance(item, RefusedStatement):
            refused.append(item)
            continue
        packed.append((replace(item, lines=_NO_LINES), _compressed(item.lines)))
        del item
    return file, packed, refused


def _compressed(lines: pl.DataFrame) -> list[bytes]:
    """Lines in pieces, since the whole frame would be copied to be written at once."""
    pieces = []
    for part in lines.iter_slices(_PIECE):
        buffer = io.BytesIO()
        part.write_ipc(buffer, compression="lz4")
        pieces.append(buffer.getvalue())
    return pieces


def _unpacked(found: _Packed) -> tuple[FeedFile, FeedResult | None]:
    file, packed, refused = found
    if not packed and not refused:
        return file, None
    return file, FeedResult(_Unpacked(packed), tuple(refused))


def _parse(path: Path, sha256: str, fallback: str) -> tuple[FeedFile, FeedResult | None]:
    file, found = _found(path, sha256, fallback)
    return file, None if found is None else feeds.collected(found)


def _found(path: Path, sha256: str, fallback: str) -> tuple[FeedFile, Found | None]:
    """What stands in a file; its bytes are let go as soon as they are text."""
    file = read(path)
    if file.problem or file.growing:
        return file, None
    if file.sha256 != sha256:
        return FeedFile(path, growing=True), None
    bare = FeedFile(path, b"", file.sha256, size=len(file.data))
    return bare, feeds.read(file.data, fallback)
