"""What goes on beside the requests, in threads of the server: nobody waits for it."""

import logging
import queue
import threading
import time
from collections.abc import Callable, Iterable, Mapping
from typing import Any

from pipeline import ledger, steps
from pipeline.config import Settings
from pipeline.ledger import attention, entry_search, item_search

_PAUSE = 5.0
"""Seconds between two looks at whether the ledger changed."""
_LOG = logging.getLogger("lettrage.page")


class Rematch:
    """Matches what is left after decisions, beside the requests; decisions meanwhile are one.

    A server that ends in the middle leaves nothing half done, and the next night does the same.
    """

    def __init__(self, settings: Callable[[], Settings]) -> None:
        self._settings = settings
        self._changed = threading.Condition()
        self._wanted = self._done = 0
        self._actor = ""
        self._running = False

    def after(self, actor: str, patience: float) -> None:
        """Ask for a match, and wait for its end up to ``patience`` seconds."""
        with self._changed:
            self._wanted += 1
            mine, self._actor = self._wanted, actor
            if not self._running:
                self._running = True
                threading.Thread(target=self._run, daemon=True).start()
            self._changed.wait_for(lambda: self._done >= mine, patience)

    def _run(self) -> None:
        while True:
            with self._changed:
                goal, actor = self._wanted, self._actor
                if self._done >= goal:
                    self._running = False
                    return
            try:
                steps.propose(self._settings(), actor)
            except Exception as error:  # noqa: BLE001 - the next night says what is wrong
                _LOG.error("the match behind a decision failed: %s", type(error).__name__)
            with self._changed:
                self._done = goal
                self._changed.notify_all()


class Sightings:
    """Keeps who saw what, beside the requests: nobody waits for a night that writes.

    What a server that ends has not kept yet is lost; whoever looks again is kept then.
    """

    def __init__(self, settings: Callable[[], Settings]) -> None:
        self._settings = settings
        self._todo: queue.SimpleQueue[tuple[int, str, str]] = queue.SimpleQueue()
        self._lock = threading.Lock()
        self._running = False
        self.worker: threading.Thread | None = None
        """The thread that keeps them; it ends when nothing is left."""

    def saw(self, number: int, name: str, version: str, known: Iterable[Mapping[str, Any]]) -> None:
        """A person saw a version of an item; ``known`` is what is kept of it."""
        if any((row["name"], row["version"]) == (name, version) for row in known):
            return
        self._todo.put((number, name, version))
        with self._lock:
            if not self._running:
                self._running = True
                self.worker = threading.Thread(target=self._run, daemon=True)
                self.worker.start()

    def _run(self) -> None:
        while True:
            with self._lock:
                if self._todo.empty():
                    self._running = False
                    return
                one = self._todo.get()
            try:
                with ledger.open(self._settings().ledger) as book:
                    attention.saw(book, *one)
            except Exception as error:  # noqa: BLE001 - a page is shown all the same
                _LOG.error("who saw an item was not kept: %s", type(error).__name__)


class Kept:
    """What is searched, in memory: read before anybody searches, and again as the ledger changes.

    A search that comes first reads what is missing itself, and none answers from older books.
    """

    def __init__(self, settings: Callable[[], Settings]) -> None:
        self._settings = settings
        self.entries = entry_search.OpenEntries()
        self.items = item_search.OpenItems()
        self._failed = ""

    def refresh(self) -> None:
        """Read what changed since the last time, at first all; a failure is for the log, once."""
        failed = ""
        try:
            with ledger.open(self._settings().ledger) as book:
                self.items.refresh(book)
                self.entries.refresh(book)
        except Exception as error:  # noqa: BLE001 - who searches reads it, or is told why not
            failed = type(error).__name__
            if failed != self._failed:
                _LOG.error("what is searched was not read: %s", failed)
        self._failed = failed

    def follow(self) -> None:
        """Refresh in a thread from now on, as long as the program runs."""
        threading.Thread(target=self._run, daemon=True).start()

    def _run(self) -> None:
        while True:
            self.refresh()
            time.sleep(_PAUSE)
