"""Connections to a ledger that are kept open from one use to the next.

To open one costs more than most queries: SQLite reads the whole schema anew, PostgreSQL starts a
process.
"""

import contextlib
import threading
import weakref
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path

from sqlalchemy import Connection, Engine

_guard = threading.Lock()
_of_files: dict[str, "weakref.WeakSet[Connections]"] = defaultdict(weakref.WeakSet)


class Connections:
    """Those of one engine; each is one user's at a time."""

    def __init__(self, engine: Engine) -> None:
        self.engine = engine
        self._waiting: dict[bool, list[Connection]] = {True: [], False: []}
        with _guard:
            _of_files[_file(engine)].add(self)

    @contextlib.contextmanager
    def one(self, *, writing: bool = False) -> Iterator[Connection]:
        """A connection; what is not committed at the end is undone.

        It is closed where an error ends its use: in what state it is nobody knows.
        """
        waiting = self._waiting[writing]
        try:
            found = waiting.pop()
        except IndexError:
            found = self.engine.connect().execution_options(writing=writing)
        try:
            yield found
            found.rollback()
        except BaseException:
            found.close()
            raise
        waiting.append(found)

    def waiting(self) -> bool:
        """Is there one that nobody uses?"""
        return any(self._waiting.values())

    def close(self) -> None:
        """Close those that nobody uses."""
        for waiting in self._waiting.values():
            with contextlib.suppress(IndexError):  # another thread may take the last
                while True:
                    waiting.pop().close()


def close(engine: Engine) -> None:
    """Close what waits on the file of ``engine``, of any engine of this process.

    Before another copy of SQLite opens the file, and after it has closed it: what waits would lose
    its locks without knowing (see ``connection``).
    """
    with _guard:
        found = list(_of_files.get(_file(engine), ()))
    for connections in found:
        connections.close()


def _file(engine: Engine) -> str:
    return str(Path(engine.url.database or "").resolve())
