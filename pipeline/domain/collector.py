"""How Python's threads and memory are kept where very many rows are built or written."""

import gc
import sys
from collections.abc import Iterator
from contextlib import contextmanager

_TURN = 0.0005  # seconds


@contextmanager
def paused() -> Iterator[None]:
    """No search for reference cycles meanwhile; what nothing refers to is freed all the same.

    The search walks through all rows that live, again and again while they become more: a fifth of
    the time in which a night's lines are decided, a tenth of that in which a file is read.
    Threads take turns ten times as often as else: one that writes to a ledger waits for its turn
    after each statement, while another one decides or prepares what is written next.
    """
    was_on, turn = gc.isenabled(), sys.getswitchinterval()
    gc.disable()
    sys.setswitchinterval(min(turn, _TURN))
    try:
        yield
    finally:
        sys.setswitchinterval(turn)
        if was_on:
            gc.enable()
