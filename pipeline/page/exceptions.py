"""One exception: all that is known of its line, and what a person decides about it."""

from collections.abc import Callable
from typing import Any

from fastapi import APIRouter, Request
from fastapi.responses import RedirectResponse, Response
from starlette.datastructures import FormData

from pipeline import decisions
from pipeline.config import Settings
from pipeline.decisions import previewing
from pipeline.domain import money
from pipeline.domain.errors import DecisionError, StaleProposalError, UsageError
from pipeline.page import asked, view
from pipeline.page.context import Context, OwnForm, Reviewer, asking
from pipeline.page.people import MayNotError, Person, Role
from pipeline.page.queue import said_of
from pipeline.page.render import message, page, root, words_of

router = APIRouter()
Decide = Callable[[], dict[str, Any]]
_NOTES = ("comment", "assign", "later")
_LABELS = {
    "to": "settles", "to_person": "assigned", "until": "later_until", "with": "dismiss_with",
    "document_amount": "amount", "account": "gl_account", "account_amount": "amount",
    "on_account": "on_account_of", "reason": "why", "remember": "remember_text",
    **{name: name for name in ("amount", "charges", "comment", "discount", "document",
                               "keep_rest", "once", "write_off")},
}  # fmt: skip
"""Fields that people fill in, with the key of the word that the page has for each."""
PATIENCE = 2.0
"""Seconds that an answer waits for the match behind a decision."""


@router.get("/item/{number}")
def shown(request: Request, number: asked.Number) -> Response:
    """One item, whole."""
    return _item(request, number)


@router.post("/item/{number}")
def decided(
    request: Request, number: asked.Number, fields: FormData = OwnForm, person: Person = Reviewer
) -> Response:
    """Preview a decision, or make it; what cannot be is said beside what was typed."""
    context: Context = request.app.state.context
    what = asked.text(fields, "do")
    if what not in _DO:
        return message(request, "not_found", 404)
    try:
        if asked.text(fields, "step") == "find":
            return _item(request, number, typed=fields)
        if what in _PREVIEWS and asked.text(fields, "step") != "post":
            made = _PREVIEWS[what](context.settings(), number, fields)
            return _item(request, number, typed=fields, preview=made)
        receipt = once(_DO[what], context.settings(), number, person, fields)
    except (UsageError, DecisionError) as error:
        status = 409 if isinstance(error, DecisionError) else 422
        return _item(request, number, status=status, typed=fields, problem=str(error))
    if what not in _NOTES and receipt.get("changed"):
        context.rematch.after(person.name, PATIENCE)
    return _onward(request, number, what, receipt)


def once(act: Callable[..., dict[str, Any]], *given: Any) -> dict[str, Any]:
    """A decision that is sent twice at the same time is made once: the second finds it made."""
    try:
        return act(*given)
    except (DecisionError, StaleProposalError) as error:
        try:
            return act(*given)
        except DecisionError:
            raise error from None


def _onward(request: Request, number: int, what: str, receipt: dict[str, Any]) -> Response:
    """Where a person goes after a decision: to the next item, or to the same one after a note."""
    base = root(request)
    if what in ("comment", "assign", "reject") or (what == "later" and not receipt["until"]):
        return RedirectResponse(f"{base}/item/{number}", 303)
    context: Context = request.app.state.context
    with context.books() as book:
        following = view.following(book, number)
    waits = "&waits=1" if receipt.get("outcome") == "waiting" else ""
    place = f"/item/{following}" if following else "/"
    return RedirectResponse(f"{base}{place}?done={number}{waits}", 303)


def _item(
    request: Request,
    number: int,
    *,
    status: int = 200,
    typed: FormData | None = None,
    preview: previewing.Preview | None = None,
    problem: str = "",
) -> Response:
    context: Context = request.app.state.context
    fields = typed or FormData()
    find = (asked.text(fields, "find") or request.query_params.get("find", ""))[:100]
    searched = context.kept.entries
    with context.books(searched if find else None) as book:
        entries = view.entries(book, searched, number, find, asked.ticked(fields))
        found = view.item(book, number, words_of(request))
        if found is None:
            return message(request, "not_found", 404)
        done = said_of(book, request.query_params.get("done", ""))
    context.sightings.saw(number, asking(request).name, found["item"]["version"],
                          found["seen_by"])  # fmt: skip
    seen = asked.text(fields, "seen")
    return page(
        request, "item.html", status, tab="queue", **found, entries=entries, typed=fields,
        preview=preview, problem=problem, done=done, find=find,
        waits=bool(request.query_params.get("waits")),
        may_decide=asking(request).role >= Role.REVIEWER,
        stale=bool(typed) and seen not in ("", found["item"]["version"]),
        typed_words=_typed(fields),
        places=money.exponent(found["item"]["currency"]),
        settings_accounts=sorted(context.settings().accounts),
    )  # fmt: skip


def _typed(fields: FormData) -> list[tuple[str, Any]]:
    """What was typed or ticked, each with the key of its word."""
    pairs = [(name.partition(":")[0], value) for name, value in fields.multi_items()]
    return [(_LABELS[name], value) for name, value in pairs if name in _LABELS and value]


def _said(fields: FormData) -> dict[str, Any]:
    return {"reason": asked.text(fields, "reason"), "seen": asked.text(fields, "seen"),
            "follow": False}  # fmt: skip


def _shown(fields: FormData) -> dict[str, Any]:
    return {**_said(fields), "shown": asked.text(fields, "shown")}


def _accept(settings: Settings, number: int, person: Person, fields: FormData) -> dict[str, Any]:
    if person.role < Role.APPROVER and view.waits(settings, number):
        raise MayNotError
    return decisions.accept(settings, number, person.name, rank=asked.number(fields, "rank"),
                            once=bool(fields.get("once")), **_shown(fields))  # fmt: skip


def _reject(settings: Settings, number: int, person: Person, fields: FormData) -> dict[str, Any]:
    rank = asked.number(fields, "rank")
    return decisions.reject(settings, number, person.name, rank=rank, **_said(fields))


def _apply(settings: Settings, number: int, person: Person, fields: FormData) -> dict[str, Any]:
    wish = asked.wish(fields)
    remember = asked.text(fields, "remember")
    action = "apply" if wish.documents or wish.on_account is not None else "to-account"
    return decisions.apply(settings, number, wish, person.name, action=action, remember=remember,
                           once=bool(fields.get("once")), **_shown(fields))  # fmt: skip


def _dismiss(settings: Settings, number: int, person: Person, fields: FormData) -> dict[str, Any]:
    pair = asked.number(fields, "with")
    return decisions.dismiss(settings, number, person.name, pair=pair, **_shown(fields))


def _comment(settings: Settings, number: int, person: Person, fields: FormData) -> dict[str, Any]:
    return decisions.comment(settings, number, person.name, asked.text(fields, "comment"))


def _assign(settings: Settings, number: int, person: Person, fields: FormData) -> dict[str, Any]:
    return decisions.assign(settings, number, person.name, asked.text(fields, "to_person"))


def _later(settings: Settings, number: int, person: Person, fields: FormData) -> dict[str, Any]:
    return decisions.later(settings, number, person.name, asked.text(fields, "until"),
                           asked.text(fields, "reason"))  # fmt: skip


_DO: dict[str, Callable[..., dict[str, Any]]] = {
    "accept": _accept, "reject": _reject, "apply": _apply, "dismiss": _dismiss,
    "comment": _comment, "assign": _assign, "later": _later,
}  # fmt: skip
_PREVIEWS: dict[str, Callable[[Settings, int, FormData], previewing.Preview]] = {
    "accept": lambda settings, number, fields: previewing.of_proposal(
        settings, number, asked.number(fields, "rank")
    ),
    "apply": lambda settings, number, fields: previewing.of_wish(
        settings, number, asked.wish(fields)
    ),
    "dismiss": lambda settings, number, fields: previewing.of_pair(
        settings, number, asked.number(fields, "with")
    ),
}
