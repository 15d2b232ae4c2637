"""The list: what waits, filtered, sorted and counted by the ledger, a page at a time."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from fastapi import APIRouter, Request
from fastapi.responses import Response

from pipeline import ledger
from pipeline.ledger import decisions
from pipeline.ledger import queue as stored
from pipeline.page.asked import whole
from pipeline.page.context import Context, asking
from pipeline.page.people import Role
from pipeline.page.render import candidates, page
from pipeline.review import HINTS

router = APIRouter()
Row = dict[str, Any]
_FILTERS = ("reason", "account", "currency", "who", "overdue", "q", "payer", "sort", "down")
_GROUPS = 200


@dataclass(frozen=True, slots=True)
class Asked:
    """What of the queue a person asks for, by the names in the address."""

    given: Mapping[str, str]

    def filter(self, name: str, overdue_before: str) -> stored.Filter:
        """As the ledger takes it; ``name`` is who asks, older than that day is overdue."""
        who = {"mine": name, "nobody": ""}.get(self.given.get("who", ""))
        before = overdue_before if self.given.get("overdue") else ""
        return stored.Filter(
            reason=self.given.get("reason", ""),
            bank_account=self.given.get("account", ""),
            payer=self.given.get("payer"),
            currency=self.given.get("currency", ""),
            assigned_to=who,
            opened_before=before,
            words=self.given.get("q", "")[:200],
        )

    def place(self) -> stored.Place:
        """Where the page stands; what is no place is the first page."""
        sort = self.given.get("sort", "age")
        sort = sort if sort in stored.SORTS else "age"
        after: tuple[str | int, int] | None = None
        key, number = self.given.get("key", ""), self.given.get("after", "")
        if numeral := whole(number):
            signless = key.removeprefix("-")
            if sort != "amount":
                after = (key, numeral)
            elif signless.isascii() and signless.isdecimal() and len(signless) < 17:
                after = (int(key), numeral)
        down, back = bool(self.given.get("down")), bool(self.given.get("back"))
        return stored.Place(sort, down, after, back)

    def query(self, **changed: object) -> str:
        """The address of the same list with something else; what is empty is left out."""
        kept = {name: self.given[name] for name in _FILTERS if name in self.given}
        new = {**kept, **{k: v for k, v in changed.items() if v is not None}}
        left = {k: v for k, v in new.items() if v != "" or (k == "payer" and k in kept)}
        return "?" + urlencode(left)


def age(opened: str | None, last_day: str) -> int | None:
    """Days from the booking of a line to the last day of the books."""
    if not (opened and last_day):
        return None
    return (dt.date.fromisoformat(last_day) - dt.date.fromisoformat(opened)).days


def said_of(book: ledger.Ledger, number: str) -> Row | None:
    """What was last decided about an item, to tell the person who just did that."""
    found = decisions.item(book, whole(number))
    past = decisions.history(book, found["line_id"]) if found else []
    return {"item": found, "last": past[-1]} if past else None


@router.get("/")
def listed(request: Request) -> Response:
    """One page of the queue."""
    context: Context = request.app.state.context
    asked = Asked(dict(request.query_params))
    days = context.settings().queue["overdue_days"]
    with context.books() as book:
        last_day = stored.last_day(book)
        wanted = asked.filter(asking(request).name, stored.overdue_before(last_day, days))
        place = asked.place()
        rows, totals = stored.page(book, wanted, place)
        more = len(rows) > place.size
        if more:
            rows = rows[1:] if place.backwards else rows[: place.size]
        shown = {
            **_around(book, totals),
            "done": said_of(book, asked.given.get("done", "")),
            "waits": bool(asked.given.get("waits")),
            "rows": [_row(row, last_day) for row in rows],
            **_pages(asked, place, rows, more=more),
        }
    return page(request, "queue.html", tab="queue", asked=asked, overdue_days=days,
                may_decide=asking(request).role >= Role.REVIEWER,
                sort=place.sort, down=place.descending, **shown)  # fmt: skip


@router.get("/groups/{by}")
def grouped(request: Request, by: str) -> Response:
    """The queue by reason or by payer, the largest groups first."""
    context: Context = request.app.state.context
    by = by if by in stored.GROUPS else "reason"
    asked = Asked(dict(request.query_params))
    days = context.settings().queue["overdue_days"]
    with context.books() as book:
        last_day = stored.last_day(book)
        wanted = asked.filter(asking(request).name, stored.overdue_before(last_day, days))
        rows = stored.groups(book, wanted, by, _GROUPS)
        shown = _around(book, stored.totals(book, wanted))
    for row in rows:
        row["age"] = age(row["oldest"], last_day)
    return page(request, "groups.html", tab="queue", asked=asked, by=by, rows=rows, most=_GROUPS,
                overdue_days=days, **shown)  # fmt: skip


def _around(book: ledger.Ledger, totals: list[Row]) -> Row:
    """What stands above each list: sums by currency, choices of the filter, held statements."""
    return {
        "totals": totals,
        "accounts": stored.bank_accounts(book),
        "reasons": sorted(HINTS),
        "held": decisions.held_statements(book),
    }


def _row(row: Row, last_day: str) -> Row:
    found = candidates(row["candidates"])
    best = found[0] if found and (found[0]["party_no"] or found[0]["targets"]) else None
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
