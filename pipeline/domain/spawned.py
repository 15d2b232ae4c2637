"""Work in processes of its own, whose results come in the order in which it was asked for.

Spawned, never forked: polars keeps threads, and a forked child would wait for them for ever.
"""

import concurrent.futures
import multiprocessing
import multiprocessing.connection
import os
import threading
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures.process import BrokenProcessPool
from typing import TypeVar

from pipeline.domain.errors import WorkerEndedError

_AHEAD = 1
"""Results that may wait to be taken, beside those that are being made."""
_Asked = TypeVar("_Asked")
_Made = TypeVar("_Made")


def each(work: Callable[[_Asked], _Made], asked: Iterable[_Asked], count: int) -> Iterator[_Made]:
    """The result of each piece, by ``count`` processes that end with the one that asks.

    No more is in memory than they make and one more. WorkerEndedError where one of them is killed.
    """
    try:
        yield from _each(work, asked, count)
    except BrokenProcessPool as error:
        raise WorkerEndedError(
            "a process that worked for this step was killed, as where memory is short; what it gave"
            " is kept: run the same again"
        ) from error


def _each(work: Callable[[_Asked], _Made], asked: Iterable[_Asked], count: int) -> Iterator[_Made]:
    context = multiprocessing.get_context("spawn")
    with concurrent.futures.ProcessPoolExecutor(
        count, mp_context=context, initializer=_watch
    ) as pool:
        waiting: deque[concurrent.futures.Future[_Made]] = deque()
        for one in asked:
            waiting.append(pool.submit(work, one))
            if len(waiting) >= count + _AHEAD:
                yield waiting.popleft().result()
        while waiting:
            yield waiting.popleft().result()


def _watch() -> None:
    threading.Thread(target=_end_with_the_parent, daemon=True).start()


def _end_with_the_parent() -> None:
    """One that was killed closes no queue: its processes would wait for work for ever."""
    parent = multiprocessing.parent_process()
    if parent is not None:
        multiprocessing.connection.wait([parent.sentinel])
        os._exit(1)
