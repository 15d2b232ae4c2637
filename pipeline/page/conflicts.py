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
_SIZE = 100


@router.get("/conflicts")
def listed(request: Request) -> Response:
    """Those that stand, a page at a time: what is open here, what the source says, who asked."""
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
    page_no = _page_no(request)
    return RedirectResponse(f"{root(request)}/conflicts?page={page_no}&{became}=1", 303)


def _page(request: Request, typed: dict[str, str] | None = None, problem: str = "") -> Response:
    context: Context = request.app.state.context
    given = request.query_params
    found = conflicts.listed(context.settings())
    last = -(-len(found) // _SIZE) or 1
    number = min(_page_no(request), last)  # what stood behind may be ended since
    rows = found[(number - 1) * _SIZE : number * _SIZE]
    return page(
        request, "conflicts.html", 409 if problem else 200, tab="conflicts", problem=problem,
        rows=rows, page_no=number, more=len(found) > number * _SIZE, typed=typed or {},
        ended=given.get("ended"), waits=given.get("waits"),
        approver=asking(request).role >= Role.APPROVER,
    )  # fmt: skip


def _page_no(request: Request) -> int:
    """Which page is asked for; the first where that is none."""
    return asked.whole(request.query_params.get("page", "")) or 1
