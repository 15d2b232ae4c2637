"""What all routes of one app share, and what each request is told about who asks."""

import contextlib
import logging
import queue
import threading
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from fastapi import Depends, Request
from starlette.datastructures import FormData

from pipeline import books, ledger, steps
from pipeline.config import Settings
from pipeline.ledger import attention, entry_search, item_search
from pipeline.page import security
from pipeline.page.login import Login
from pipeline.page.people import Identify, MayNotError, Person, Role

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


@dataclass(slots=True)
class Context:
    """One app: whose books, who may ask, and by what its forms are known."""

    settings: Callable[[], Settings]
    identify: Identify
    secret: bytes
    login: Login | None = None
    """Where the page signs people in itself."""
    rematch: Rematch = field(init=False)
    sightings: Sightings = field(init=False)
    entries: entry_search.OpenEntries = field(default_factory=entry_search.OpenEntries)
    """What is searched for entries, kept between requests."""
    items: item_search.OpenItems = field(default_factory=item_search.OpenItems)
    """What is searched for items, kept too."""

    def __post_init__(self) -> None:
        self.rematch = Rematch(self.settings)
        self.sightings = Sightings(self.settings)

    def overdue_days(self) -> int:
        """After how many days an item is overdue."""
        return int(self.settings().queue["overdue_days"])

    @contextlib.contextmanager
    def books(self, *, search: bool = False) -> Iterator[ledger.Ledger]:
        """The ledger, for the reads of one request; ``search``: ``entries`` are as it is now."""
        with books.opened(self.settings()) as book:
            if search:
                self.entries.refresh(book)
            with book.looking():
                yield book


def asking(request: Request) -> Person:
    """Who asks; the app found that out before any route."""
    person: Person = request.state.person
    return person


def needs(role: Role) -> Callable[[Request], Person]:
    """A dependency: who asks, if they have at least this role."""

    def person(request: Request) -> Person:
        found = asking(request)
        if found.role < role:
            raise MayNotError
        return found

    return person


async def own_form(request: Request) -> FormData:
    """A dependency: the fields of a form that this person was given."""
    fields = await security.form(request)
    context: Context = request.app.state.context
    if not security.belongs(fields, context.secret, asking(request)):
        raise security.ForeignFormError
    return fields


Reviewer = Depends(needs(Role.REVIEWER))
Approver = Depends(needs(Role.APPROVER))
OwnForm = Depends(own_form)
