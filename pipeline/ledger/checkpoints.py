"""SQLite's log, copied into the file beside the connection that writes.

A writer that copies it at a commit, or when it closes the file, waits for the disk meanwhile. What
is committed stands in the log already: who copies it, and when, changes nothing of what survives.
"""

from concurrent.futures import Future, ThreadPoolExecutor
from typing import Any

from sqlalchemy import Connection

_ROWS = 100_000
"""Changed rows after which the log is worth a copy: a page that many registers change is copied
once for some of them, and a small night needs no thread."""
_PASSIVE = "PRAGMA wal_checkpoint(PASSIVE)"
"""Waits for nobody and stops nobody: what it cannot copy yet is left to the next one."""


class Checkpoints:
    """Those of one connection that writes, by one thread with a connection of its own.

    Both connections are of the same copy of SQLite, so that closing one takes no lock of the other;
    ``close`` comes before another copy may open the file (see ``connection``).
    """

    def __init__(self, writer: Connection) -> None:
        self._writer = writer
        self._copied = self._changes()
        self._thread = ThreadPoolExecutor(1)
        self._running: Future[None] | None = None
        self._own: Any = None

    def committed(self) -> None:
        """The writer has committed: copy the log where it has grown enough and nobody copies it."""
        changes = self._changes()
        busy = self._running is not None and not self._running.done()
        if busy or changes - self._copied < _ROWS:
            return
        self._copied = changes
        self._running = self._thread.submit(self._copy)

    def close(self) -> None:
        """Wait for what is copied now, and give the connection back."""
        self._thread.shutdown()
        if self._own is not None:
            self._own.close()

    def _copy(self) -> None:
        """An error is nobody's: the log stays as it is, and the writer copies it by itself."""
        if self._own is None:
            self._own = self._writer.engine.raw_connection()
        self._own.driver_connection.execute(_PASSIVE).fetchall()

    def _changes(self) -> int:
        """Rows that the writer has changed since its connection was opened."""
        return int(self._writer.connection.driver_connection.total_changes)  # type: ignore[union-attr]
