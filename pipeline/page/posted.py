"""What people posted, and taking it back: always new postings, with who and why."""

from collections.abc import Callable
from typing import Any

from fastapi import APIRouter, Request
from fastapi.responses import RedirectResponse, Response
from starlette.datastructures import FormData

from pipeline import corrections
from pipeline.config import Settings
from pipeline.corrections import statements
from pipeline.domain.errors import LettrageError, UsageError
from pipeline.ledger import decided
from pipeline.page import asked
from pipeline.page.context import Approver, Context, OwnForm, Reviewer, asking
from pipeline.page.people import MayNotError, Person, Role
from pipeline.page.render import page, root

router = APIRouter()
_SIZE = 100


@router.get("/posted")
def listed(request: Request) -> Response:
    """The newest decisions that posted, or those of one register."""
    return _page(request)


@router.post("/posted/undo")
def undo(request: Request, fields: FormData = OwnForm, person: Person = Reviewer) -> Response:
    """Reverse what the chosen decisions posted, as one register.

    A reviewer takes back their own decisions, an approver those of others too.
    """
    context: Context = request.app.state.context
    with context.books() as book:
        rows = decided.chosen(book, asked.numbers(fields, "id"))
    if person.role < Role.APPROVER and any(row["actor"] != person.name for row in rows):
        raise MayNotError

    def act(settings: Settings, reason: str) -> str:
        stand = [row["journal_entry_no"] for row in rows if not row["reversed_by"]]
        numbers = [str(number) for number in stand if number is not None]
        if not numbers:
            raise UsageError("choose what is to be undone")
        corrections.reverse(settings, numbers, person.name, reason)
        return f"undone={len(numbers)}"

    return _done(request, fields, act)


@router.post("/posted/unapply")
def unapply(request: Request, fields: FormData = OwnForm, person: Person = Approver) -> Response:
    """Open a document again; what was paid stays with its party."""
    named, party = asked.text(fields, "document"), asked.text(fields, "party")

    def act(settings: Settings, reason: str) -> str:
        corrections.unapply(settings, named, person.name, reason, party=party)
        return "undone=1"

    return _done(request, fields, act)


@router.post("/posted/statement")
def statement(request: Request, fields: FormData = OwnForm, person: Person = Approver) -> Response:
    """Take back that a statement is reconciled; the first person asks, a second one does it."""
    account, number = asked.text(fields, "account"), asked.text(fields, "statement")

    def act(settings: Settings, reason: str) -> str:
        done = statements.undo(settings, account, number, person.name, reason)
        return "undone=1" if done["done"] else "waits=1"

    return _done(request, fields, act)


def _done(request: Request, fields: FormData, act: Callable[[Settings, str], str]) -> Response:
    """The page that tells what ``act`` did, or why it may not be, beside what was typed."""
    context: Context = request.app.state.context
    try:
        said = act(context.settings(), asked.text(fields, "reason"))
    except LettrageError as error:
        return _page(request, str(error), fields)
    return RedirectResponse(f"{root(request)}/posted?{said}", 303)


def _page(request: Request, problem: str = "", typed: FormData | None = None) -> Response:
    context: Context = request.app.state.context
    given = request.query_params
    names = ("register", "before", "undone", "waits")
    number = {name: asked.whole(given.get(name, "")) for name in names}
    with context.books() as book:
        rows: list[dict[str, Any]] = decided.posted(
            book, register=number["register"], before=number["before"], size=_SIZE
        )
    person = asking(request)
    for row in rows:
        own = row["actor"] == person.name or person.role >= Role.APPROVER
        row["may_undo"] = own and not row["reversed_by"] and row["journal_entry_no"] is not None
    return page(
        request, "posted.html", 409 if problem else 200, tab="posted", rows=rows, problem=problem,
        typed=typed or FormData(), whole=number["register"], undone=number["undone"],
        waits=number["waits"], more=rows[-1]["id"] if len(rows) == _SIZE else 0,
        may_undo=person.role >= Role.REVIEWER, approver=person.role >= Role.APPROVER,
    )  # fmt: skip
