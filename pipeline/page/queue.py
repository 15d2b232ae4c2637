"""The list: what waits, filtered, sorted and counted by the ledger, a page at a time."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any

from fastapi import APIRouter, Request
from fastapi.responses import RedirectResponse, Response
from starlette.datastructures import FormData

from pipeline import ledger
from pipeline.exception_queue import wanted
from pipeline.ledger import attention, decisions, held_statements, item_search, last_days
from pipeline.ledger import queue as stored
from pipeline.page.asked import text, whole
from pipeline.page.context import Context, OwnForm, asking
from pipeline.page.evidence import sentences_of
from pipeline.page.people import Role
from pipeline.page.render import candidates, page, root, words_of
from pipeline.review import HINTS

router = APIRouter()
Row = dict[str, Any]
_GROUPS = 200
MOST = 500
"""Items that are decided together at most."""


@dataclass(frozen=True, slots=True)
class Asked:
    """What of the queue a person asks for, by the names in the address."""

    given: Mapping[str, str]

    def place(self) -> stored.Place:
        """Where the page stands; what is no place is the first page."""
        sort, down = wanted.order_of(self.given)
        after: tuple[str | int, int] | None = None
        key, number = self.given.get("key", ""), self.given.get("after", "")
        if numeral := whole(number):
            signless = key.removeprefix("-")
            if sort != "amount":
                after = (key, numeral)
            elif signless.isascii() and signless.isdecimal() and len(signless) < 17:
                after = (int(key), numeral)
        return stored.Place(sort, down, after, bool(self.given.get("back")))

    def query(self, **changed: object) -> str:
        """The address of the same list with something else; what is empty is left out."""
        return wanted.query(self.given, **changed)


@dataclass(frozen=True, slots=True)
class Asking:
    """One request for a list: what is asked, and what stands above what is found."""

    asked: Asked
    filter: stored.Filter
    last_day: dt.date | None
    overdue_days: int


def asking_of(request: Request, book: ledger.Ledger, given: Mapping[str, str]) -> Asking:
    """What somebody asks for by ``given``, as the queue's address has it."""
    context: Context = request.app.state.context
    asked, overdue_days = Asked(given), context.overdue_days()
    last_day = last_days.covered(book)
    days = wanted.Days(stored.overdue_before(last_day, overdue_days), attention.today(book))
    search = partial(context.kept.items.found, book)
    chosen = wanted.filter_of(asked.given, asking(request).name, days, search)
    return Asking(asked, chosen, last_day, overdue_days)


def age(opened: str | None, last_day: dt.date | None) -> int | None:
    """Days from the booking of a line to the last day of the books."""
    if not (opened and last_day):
        return None
    return (last_day - dt.date.fromisoformat(opened)).days


def said_of(book: ledger.Ledger, number: str) -> Row | None:
    """What was last decided about an item, to tell the person who just did that."""
    found = decisions.item(book, whole(number))
    past = decisions.history(book, found["line_id"]) if found else []
    return {"item": found, "last": past[-1]} if past else None


@router.get("/")
def listed(request: Request) -> Response:
    """One page of the queue."""
    context: Context = request.app.state.context
    with context.books(_searched(request)) as book:
        found = asking_of(request, book, dict(request.query_params))
        place = found.asked.place()
        rows, totals = stored.page(book, found.filter, place)
        more = len(rows) > place.size
        if more:
            rows = rows[1:] if place.backwards else rows[: place.size]
        told = sentences_of(book, words_of(request), [row["line_id"] for row in rows])
        shown = {
            **_around(request, book, totals),
            "done": said_of(book, found.asked.given.get("done", "")),
            "waits": bool(found.asked.given.get("waits")),
            "rows": [_row(row, found.last_day, told) for row in rows],
            **_pages(found.asked, place, rows, more=more),
        }
    return page(request, "queue.html", tab="queue", asked=found.asked, most=MOST,
                overdue_days=found.overdue_days, may_decide=asking(request).role >= Role.REVIEWER,
                sort=place.sort, down=place.descending, **shown)  # fmt: skip


@router.get("/groups/{by}")
def grouped(request: Request, by: str) -> Response:
    """The queue by reason or by payer, the largest groups first."""
    context: Context = request.app.state.context
    by = by if by in stored.GROUPS else "reason"
    with context.books(_searched(request)) as book:
        found = asking_of(request, book, dict(request.query_params))
        rows = stored.groups(book, found.filter, by, _GROUPS)
        shown = _around(request, book, stored.totals(book, found.filter))
    for row in rows:
        row["age"] = age(row["oldest"], found.last_day)
    return page(request, "groups.html", tab="queue", asked=found.asked, by=by, rows=rows,
                most=_GROUPS, overdue_days=found.overdue_days, **shown)  # fmt: skip


@router.post("/filters")
def keep(request: Request, fields: FormData = OwnForm) -> Response:
    """Keep a filter of one's own under a name, or remove it."""
    context: Context = request.app.state.context
    name, given = text(fields, "name")[:100], wanted.given_of(text(fields, "query")[:2000])
    place = wanted.query(given)
    if name:
        with context.books() as book:
            removed = text(fields, "do") == "remove"
            kept = "" if removed else place
            attention.keep_filter(book, asking(request).name, name, kept)
    return RedirectResponse(f"{root(request)}/{place}", 303)


def _searched(request: Request) -> item_search.OpenItems | None:
    """What this request searches; None where it does not."""
    context: Context = request.app.state.context
    return context.kept.items if request.query_params.get("q") else None


def _around(request: Request, book: ledger.Ledger, totals: list[Row]) -> Row:
    """What stands above each list: sums by currency, choices of the filter, held statements."""
    return {
        "saved": attention.filters(book, asking(request).name),
        "totals": totals,
        "accounts": stored.bank_accounts(book),
        "reasons": sorted(HINTS),
        "levels": stored.LEVELS,
        "held": held_statements.listed(book),
    }


def _row(row: Row, last_day: dt.date | None, told: Mapping[tuple[int, int], str]) -> Row:
    found = candidates(row["candidates"])
    best = found[0] if found and (found[0]["party_no"] or found[0]["targets"]) else None
    if best:
        best["explanation"] = told.get((row["line_id"], best["rank"]), best["explanation"])
    return {**row, "age": age(row["opened_on"], last_day), "best": best, "more": len(found) - 1}


def _pages(asked: Asked, place: stored.Place, rows: list[Row], *, more: bool) -> Row:
    """Addresses of the page before and behind; empty where there is none."""
    if not rows:
        return {"before": "", "behind": ""}
    first, last = _key(place.sort, rows[0]), _key(place.sort, rows[-1])
    has_before = more if place.backwards else place.after is not None
    has_behind = place.backwards or more
    return {
        "before": asked.query(key=first[0], after=first[1], back=1) if has_before else "",
        "behind": asked.query(key=last[0], after=last[1]) if has_behind else "",
    }


def _key(sort: str, row: Row) -> tuple[str | int, int]:
    names = {"age": "opened_on", "amount": "remaining", "payer": "counterparty_name"}
    return (row[names.get(sort, sort)] or "", row["id"])
