"""Documents of which their source says otherwise: seen, and ended by a person with a reason."""

from fastapi import APIRouter, Request
from fastapi.responses import RedirectResponse, Response
from starlette.datastructures import FormData

from pipeline.corrections import conflicts
from pipeline.domain.errors import LettrageError
from pipeline.page import asked
from pipeline.page.context import Approver, Context, OwnForm, asking
from pipeline.page.people import Person, Role
from pipeline.page.render import page, root

router = APIRouter()


@router.get("/conflicts")
def listed(request: Request) -> Response:
    """All that stand: what is open here, what the source says, who asked to end it."""
    return _page(request)


@router.post("/conflicts/end")
def end(request: Request, fields: FormData = OwnForm, person: Person = Approver) -> Response:
    """Ours stands, until the source says something else; where it takes two the first one asks."""
    context: Context = request.app.state.context
    said = {name: asked.text(fields, name) for name in ("document", "party", "seen", "reason")}
    try:
        done = conflicts.end(context.settings(), said["document"], person.name, said["reason"],
                             party=said["party"], seen=said["seen"])  # fmt: skip
    except LettrageError as error:
        return _page(request, said, str(error))
    became = "ended" if done["done"] else "waits"
    return RedirectResponse(f"{root(request)}/conflicts?{became}=1", 303)


def _page(request: Request, typed: dict[str, str] | None = None, problem: str = "") -> Response:
    context: Context = request.app.state.context
    given = request.query_params
    return page(
        request, "conflicts.html", 409 if problem else 200, tab="conflicts", problem=problem,
        rows=conflicts.listed(context.settings()), typed=typed or {}, ended=given.get("ended"),
        waits=given.get("waits"), approver=asking(request).role >= Role.APPROVER,
    )  # fmt: skip
