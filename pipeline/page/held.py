"""Held statements: what they say, and that two people refuse one, or let it wait again."""

from typing import Any

from fastapi import APIRouter, Request
from fastapi.responses import RedirectResponse, Response
from starlette.datastructures import FormData

from pipeline.corrections import statements
from pipeline.domain.errors import LettrageError, StaleDecisionError
from pipeline.ledger import held_statements as stored
from pipeline.page import asked
from pipeline.page.context import Approver, Context, OwnForm, asking
from pipeline.page.people import Person, Role
from pipeline.page.render import message, page, root

router = APIRouter()
_LINES = 200
_DO = {"refuse": statements.refuse, "restore": statements.restore}


@router.get("/held")
def listed(request: Request) -> Response:
    """Those that wait for the bank or a person, and those that people refused."""
    context: Context = request.app.state.context
    with context.books() as book:
        held, refused = stored.listed(book), stored.refused(book)
    return page(request, "held.html", tab="queue", held=held, refused=refused)


@router.get("/held/{number}")
def shown(request: Request, number: asked.Number) -> Response:
    """One of them with its lines: what would never be posted."""
    return _page(request, number)


@router.post("/held/{number}")
def decided(
    request: Request, number: asked.Number, fields: FormData = OwnForm, person: Person = Approver
) -> Response:
    """Refuse it, or let it wait again: the first person asks, a second one does it."""
    context: Context = request.app.state.context
    what = asked.text(fields, "do")
    with context.books() as book:
        row = stored.one(book, number)
    if row is None or what not in _DO:
        return message(request, "not_found", 404)
    try:
        if asked.text(fields, "seen") != str(row["seen"]):
            raise StaleDecisionError("the statement changed since it was shown; nothing was"
                                     " written; look at it again")  # fmt: skip
        account = row["bank_account_no"] or row["account"]
        done = _DO[what](context.settings(), account, row["statement_no"], person.name,
                         asked.text(fields, "reason"), file=row["sha256"])  # fmt: skip
    except LettrageError as error:
        return _page(request, number, str(error), fields)
    became = "done" if done["done"] else "waits"
    return RedirectResponse(f"{root(request)}/held/{number}?{became}=1", 303)


def _page(
    request: Request, number: int, problem: str = "", typed: FormData | None = None
) -> Response:
    context: Context = request.app.state.context
    with context.books() as book:
        row = stored.one(book, number)
        lines: list[dict[str, Any]] = stored.lines(book, number, _LINES)
        history = stored.history(book, number)
    if row is None:
        return message(request, "not_found", 404)
    given = request.query_params
    return page(
        request, "held_one.html", 409 if problem else 200, tab="queue", row=row, lines=lines,
        history=history, problem=problem, typed=typed or FormData(), most=_LINES,
        done=given.get("done"), waits=given.get("waits"),
        approver=asking(request).role >= Role.APPROVER,
    )  # fmt: skip
