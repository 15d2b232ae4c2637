"""Many items at once: one decision, shown before it is made, in a register that one undo ends."""

from fastapi import APIRouter, Request
from fastapi.responses import RedirectResponse, Response
from starlette.datastructures import FormData

from pipeline import decisions
from pipeline.decisions import together
from pipeline.domain.errors import DecisionError, LedgerError, UsageError
from pipeline.exception_queue import wanted
from pipeline.ledger import decisions as stored
from pipeline.ledger import queue
from pipeline.page import asked
from pipeline.page.context import Context, OwnForm, Reviewer
from pipeline.page.exceptions import PATIENCE, once
from pipeline.page.people import Person
from pipeline.page.queue import MOST, asking_of
from pipeline.page.render import page, root

router = APIRouter()


@router.post("/many")
def many(request: Request, fields: FormData = OwnForm, person: Person = Reviewer) -> Response:
    """Preview a decision about the chosen items, or make it for those that can be."""
    context: Context = request.app.state.context
    numbers = _chosen(request, fields)
    wish: decisions.Wish | None = asked.wish(fields)
    if wish == decisions.Wish():
        wish = None
    problem = ""
    settings = context.settings()
    if asked.text(fields, "step") == "post" and numbers:
        seen = {number: asked.text(fields, f"seen:{number}") for number in numbers}
        try:
            reason = asked.text(fields, "reason")
            shown = asked.text(fields, "shown")
            done = once(together.decide, settings, seen, wish, person.name, reason, shown)
            if done["changed"]:
                context.rematch.after(person.name, PATIENCE)
            return RedirectResponse(
                f"{root(request)}/posted?register={done.get('register', '')}", 303
            )
        except (UsageError, DecisionError, LedgerError) as error:
            problem = str(error)
    found = together.preview(settings, numbers, wish)
    with context.books() as book:
        items = [stored.item(book, number) for number in found.taken]
    return page(request, "many.html", 409 if problem else 200, tab="queue", found=found,
                items=items, typed=fields, problem=problem)  # fmt: skip


def _chosen(request: Request, fields: FormData) -> list[int]:
    """The items that are ticked, or all that the filter in ``all`` finds; ``MOST`` of them."""
    if "all" not in fields:
        return asked.numbers(fields, "id")[:MOST]
    context: Context = request.app.state.context
    given = wanted.given_of(asked.text(fields, "all")[:2000])
    with context.books() as book:
        chosen = asking_of(request, book, given).filter
        return queue.numbers(book, chosen, *wanted.order_of(given))[:MOST]
