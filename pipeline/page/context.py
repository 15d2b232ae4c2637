"""What all routes of one app share, and what each request is told about who asks."""

import contextlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

from fastapi import Depends, Request
from starlette.datastructures import FormData

from pipeline import books, ledger
from pipeline.config import Settings
from pipeline.ledger import entry_search, item_search
from pipeline.page import security
from pipeline.page.beside import Kept, Rematch, Sightings
from pipeline.page.login import Login
from pipeline.page.people import Identify, MayNotError, Person, Role


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
    kept: Kept = field(init=False)
    """What is searched, kept between requests."""

    def __post_init__(self) -> None:
        self.rematch = Rematch(self.settings)
        self.sightings = Sightings(self.settings)
        self.kept = Kept(self.settings)

    def overdue_days(self) -> int:
        """After how many days an item is overdue."""
        return int(self.settings().queue["overdue_days"])

    @contextlib.contextmanager
    def books(
        self, search: item_search.OpenItems | entry_search.OpenEntries | None = None
    ) -> Iterator[ledger.Ledger]:
        """The ledger, for the reads of one request; what is to be searched is as it is now."""
        with books.opened(self.settings()) as book:
            if search:  # before this request has its turn, which whoever reads for it may need
                search.refresh(book)
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
