"""What people taught: shown, tried on what came before, added, approved and ended."""

from typing import Any

from fastapi import APIRouter, Request
from fastapi.responses import RedirectResponse, Response
from starlette.datastructures import FormData

from pipeline import teaching
from pipeline.domain.errors import LettrageError, UsageError
from pipeline.page import asked
from pipeline.page.context import Approver, Context, OwnForm, Reviewer, asking
from pipeline.page.people import Person, Role
from pipeline.page.render import page, root

router = APIRouter()
DAYS = 90
_KINDS = ("text", "payer_name", "payer_account")


@router.get("/mappings")
def listed(request: Request) -> Response:
    """All that stand, and where asked what a new one would have found."""
    given = request.query_params
    return _page(request, {name: given.get(name, "") for name in ("kind", "pattern")})


@router.post("/mappings/add")
def add(request: Request, fields: FormData = OwnForm, person: Person = Reviewer) -> Response:
    """Add one; what it leads to by itself an approver allows."""
    context: Context = request.app.state.context
    said = {name: asked.text(fields, name) for name in
            ("kind", "pattern", "party", "account", "side", "limit", "reason")}  # fmt: skip
    try:
        if said["kind"] not in _KINDS or bool(said["party"]) == bool(said["account"]):
            raise UsageError("expected a party or an account, one of them")
        to = ("party", said["party"]) if said["party"] else ("account", said["account"])
        teaching.add(context.settings(), said["kind"], said["pattern"], to, person.name,
                     side=said["side"], limit=said["limit"], reason=said["reason"])  # fmt: skip
    except LettrageError as error:
        return _page(request, said, str(error))
    context.rematch.after(person.name, 0)
    return RedirectResponse(f"{root(request)}/mappings", 303)


@router.post("/mappings/approve")
def approve(request: Request, fields: FormData = OwnForm, person: Person = Approver) -> Response:
    """Let one hold that another person wrote."""
    return _change(request, fields, person, teaching.approve)


@router.post("/mappings/remove")
def remove(request: Request, fields: FormData = OwnForm, person: Person = Reviewer) -> Response:
    """End one; its states stay on record."""
    return _change(request, fields, person, teaching.remove)


def _change(request: Request, fields: FormData, person: Person, act: Any) -> Response:
    context: Context = request.app.state.context
    try:
        number = asked.number(fields, "mapping")
        act(context.settings(), number, person.name, reason=asked.text(fields, "reason"))
    except LettrageError as error:
        return _page(request, {}, str(error))
    context.rematch.after(person.name, 0)
    return RedirectResponse(f"{root(request)}/mappings", 303)


def _page(request: Request, said: dict[str, str], problem: str = "") -> Response:
    context: Context = request.app.state.context
    settings = context.settings()
    tried: dict[str, Any] | None = None
    kind, pattern = said.get("kind", ""), said.get("pattern", "")
    if kind in _KINDS and pattern:
        try:
            tried = teaching.tried_on_the_past(settings, kind, pattern, DAYS)
        except LettrageError as error:
            problem = problem or str(error)
    person = asking(request)
    return page(
        request, "mappings.html", 409 if problem else 200, tab="mappings", said=said, tried=tried,
        rows=teaching.listing(settings), problem=problem, kinds=_KINDS, days=DAYS,
        may_add=person.role >= Role.REVIEWER, approver=person.role >= Role.APPROVER,
    )  # fmt: skip
