"""The exception queue a page at a time: filtered and sorted by the database.

A page is found by the key of the row that it follows, so that the last one costs what the first
does. What most filters find is counted and summed up already (``queue_total``); only payers, how
sure a proposal is and what a search found are looked at item by item.
"""

import datetime as dt
import json
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any

from pipeline.ledger import attention, searched
from pipeline.ledger.connection import Ledger

Row = dict[str, Any]
_PAYER = "l.counterparty_name"
SORTS = {
    "age": "coalesce(x.opened_on, '')",
    "amount": "x.remaining",
    "payer": _PAYER,
    "reason": "x.reason",
}
"""What a page may be sorted by; equal ones by the number of the item."""
LEVELS = ("high", "medium", "low")
"""How sure the best proposal of an item may be, the surest first."""
GROUPS = {"reason": "x.reason", "payer": _PAYER, "account": "x.bank_account_no"}
_ITEMS = "exception_item x"
_LINES = " LEFT JOIN statement_line l ON l.line_id = x.line_id"
"""Left, so that an item is looked at before its line; each has one."""
_SHOWN = f"{_ITEMS}{_LINES} LEFT JOIN statement s ON s.id = l.statement_id"
_COLUMNS = (
    "x.id, x.line_id, x.reason, x.opened_on, x.assigned_to, x.remaining, x.candidates, x.currency,"
    " x.bank_account_no, s.statement_no, l.line_no, l.booking_date, l.value_date,"
    " l.counterparty_name, l.text, " + attention.UNTIL.format(item="x.id") + " AS put_off_until"
)
_SUMS = (
    "SELECT currency, CAST(sum(items) AS BIGINT) AS items, CAST(sum(money_in) AS BIGINT) AS"
    " money_in, CAST(sum(money_out) AS BIGINT) AS money_out FROM ({found}) q GROUP BY currency"
    " HAVING sum(items) <> 0 ORDER BY currency"
)
_ONE = (
    "SELECT x.currency, {sign}1 AS items, {sign}(CASE WHEN x.remaining > 0 THEN x.remaining ELSE 0"
    " END) AS money_in, {sign}(CASE WHEN x.remaining < 0 THEN x.remaining ELSE 0 END) AS money_out"
    " FROM {source} WHERE {found}"
)


@dataclass(frozen=True, slots=True)
class Found:
    """What a search found of the open items: these, or all but these, whichever are fewer."""

    numbers: Collection[int]
    these: bool = True


@dataclass(frozen=True, slots=True)
class Filter:
    """Which open items are wanted; what is empty limits nothing."""

    reason: str = ""
    bank_account: str = ""
    payer: str | None = None
    """The payer's name as it came, which may be empty; None: any."""
    currency: str = ""
    assigned_to: str | None = None
    """A person, empty for nobody; None: anyone."""
    opened_before: str = ""
    """An ISO date: only items that are older."""
    today: str = ""
    """An ISO date: what is put off beyond it is left out; empty: nothing is."""
    confidence: str = ""
    """One of ``LEVELS``: only items whose best proposal is at least as sure."""
    put_off: bool = False
    """Only what is put off."""
    found: Found | None = None
    """Only items that a search found; None: any."""

    def is_counted(self) -> bool:
        """Is all that it finds counted and summed up already, but for some to be left out?"""
        some = self.found and self.found.these
        return self.payer is None and not (some or self.confidence or self.put_off)


@dataclass(frozen=True, slots=True)
class Place:
    """Where a page stands: sorted how, and behind which row (its sort value and id)."""

    sort: str = "age"
    descending: bool = False
    after: tuple[str | int, int] | None = None
    backwards: bool = False
    """The page before that row instead of the one behind it."""
    size: int = 50


def page(ledger: Ledger, wanted: Filter, place: Place) -> tuple[list[Row], list[Row]]:
    """One page of open items in its order, and the ``totals`` of all that the filter finds.

    One row more than the page holds where another page follows.
    """
    key = SORTS[place.sort]
    values: Row = {"size": place.size + 1}
    where = _where(ledger, wanted, values)
    down = place.descending != place.backwards
    way = "DESC" if down else "ASC"
    if place.after:
        values |= {"key": place.after[0], "id": place.after[1]}
        less = "<" if down else ">"
        where += f" AND {key} {less}= :key AND ({key} {less} :key OR x.id {less} :id)"
    order = f"ORDER BY {key} {way}, x.id {way}"
    chosen = f"SELECT x.id FROM {_from(ledger, wanted, key)} WHERE {where} {order} LIMIT :size"
    rows = ledger.records(f"SELECT {_COLUMNS} FROM {_SHOWN} WHERE x.id IN (SELECT c.id FROM"
                          f" ({chosen}) c) {order}", **values)  # fmt: skip
    return (rows[::-1] if place.backwards else rows), totals(ledger, wanted)


def totals(ledger: Ledger, wanted: Filter) -> list[Row]:
    """By currency: how many items, and the sums of money in and out (minor units)."""
    values: Row = {}
    if not wanted.is_counted():
        where = _where(ledger, wanted, values)
        found = _ONE.format(sign="", source=_from(ledger, wanted), found=where)
        return ledger.records(_SUMS.format(found=found), **values)
    where = _counted(wanted, values)
    found = f"SELECT currency, items, money_in, money_out FROM queue_total x WHERE {where}"
    left_out = []
    if wanted.today:
        values["today"] = wanted.today
        left_out.append(attention.PUT_OFF)
    if wanted.found:
        values["found"] = _array(wanted.found)
        left_out.append(searched.among(ledger, "found"))
    if left_out:
        off = f"({' UNION '.join(left_out)}) o CROSS JOIN {_ITEMS}"
        where = f"x.id = o.item_id AND x.status = 'open' AND {where}"
        found += " UNION ALL " + _ONE.format(sign="-", source=off, found=where)
    return ledger.records(_SUMS.format(found=found), **values)


def _from(ledger: Ledger, wanted: Filter, key: str = "") -> str:
    """Items, with their lines where the filter or the ``key`` of sorting asks for one.

    What a search found comes first: there may be few among many.
    """
    few = wanted.found and wanted.found.these
    some = f"({searched.among(ledger, 'found')}) f CROSS JOIN " if few else ""
    return some + _ITEMS + (_LINES if key == _PAYER or wanted.payer is not None else "")


def groups(ledger: Ledger, wanted: Filter, by: str, most: int) -> list[Row]:
    """The largest groups of a kind: ``name, currency, items, amount, oldest``."""
    values: Row = {"most": most}
    sql = (
        f"SELECT {GROUPS[by]} AS name, x.currency, count(*) AS items, CAST(sum(x.remaining) AS"
        f" BIGINT) AS amount, min(x.opened_on) AS oldest FROM {_from(ledger, wanted, GROUPS[by])}"
        f" WHERE {_where(ledger, wanted, values)} GROUP BY {GROUPS[by]}, x.currency"
        " ORDER BY count(*) DESC, 1, 2 LIMIT :most"
    )
    return ledger.records(sql, **values)


def numbers(ledger: Ledger, wanted: Filter, sort: str, descending: bool) -> list[int]:
    """The numbers of all items that a filter finds, in their order."""
    values: Row = {}
    key, way = SORTS[sort], "DESC" if descending else "ASC"
    sql = (
        f"SELECT x.id FROM {_from(ledger, wanted, key)} WHERE"
        f" {_where(ledger, wanted, values)} ORDER BY {key} {way}, x.id {way}"
    )
    return [row["id"] for row in ledger.records(sql, **values)]


def reasons(ledger: Ledger) -> list[str]:
    """The reasons for which items wait."""
    return [row[0] for row in ledger.rows("SELECT DISTINCT reason FROM queue_total ORDER BY 1")]


def bank_accounts(ledger: Ledger) -> list[str]:
    """The numbers of our bank accounts."""
    return [row[0] for row in ledger.rows("SELECT bank_account_no FROM bank_account ORDER BY 1")]


def line(ledger: Ledger, line_id: int) -> Row:
    """All that a statement line says, with its statement, as it was read and as it came."""
    sql = (
        "SELECT l.*, s.bank_account_no, s.statement_no, s.currency, s.format FROM statement_line l"
        " JOIN statement s ON s.id = l.statement_id WHERE l.line_id = :line"
    )
    return ledger.records(sql, line=line_id)[0]


def proposed_documents(ledger: Ledger, line_id: int) -> list[Row]:
    """The documents that the proposals of a line settle: what is open of each, by rank and order.

    ``rank, seq, target, document_no, external_document_no, document_type, due_date,
    remaining_amount, applied_amount, entry_amount, discount_amount, difference_amount, gl_account,
    party_type, party_no, party_name``.
    """
    sql = (
        "SELECT d.rank, d.seq, d.target, d.target_id, coalesce(e.document_no, b.entry_no, '') AS"
        " document_no, coalesce(e.external_document_no, b.check_no, '') AS external_document_no,"
        " coalesce(e.document_type, b.entry_type, '') AS document_type, e.due_date,"
        " coalesce(e.remaining_amount, b.remaining_amount, 0) AS remaining_amount,"
        " d.applied_amount, d.entry_amount, d.discount_amount, d.difference_amount, d.gl_account,"
        " d.party_type, d.party_no, coalesce(p.name, '') AS party_name FROM proposed d"
        " LEFT JOIN entry e ON e.id = d.target_id AND d.target IN ('entry', 'return')"
        " LEFT JOIN bank_entry b ON b.id = d.target_id AND d.target = 'bank_entry'"
        " LEFT JOIN party p ON p.party_type = d.party_type AND p.party_no = d.party_no"
        " WHERE d.line_id = :line ORDER BY d.rank, d.seq"
    )
    return ledger.records(sql, line=line_id)


def neighbour(ledger: Ledger, number: int, today: str) -> int | None:
    """The open item behind one in the order of age, none that is put off; None at the end."""
    day = SORTS["age"]
    own = ledger.records(f"SELECT {day} AS day FROM exception_item x WHERE x.id = :number",
                         number=number)  # fmt: skip
    values = {"number": number, "today": today, "day": own[0]["day"] if own else ""}
    sql = (
        f"SELECT x.id FROM exception_item x WHERE x.status = 'open' AND {day} >= :day AND ({day} >"
        f" :day OR x.id > :number) AND x.id NOT IN ({attention.PUT_OFF}) ORDER BY {day}, x.id"
        " LIMIT 1"
    )
    found = ledger.records(sql, **values)
    return int(found[0]["id"]) if found else None


def overdue_before(last_day: dt.date | None, days: int) -> str:
    """The day before which an item is overdue; empty while the books have no last day."""
    return (last_day - dt.timedelta(days=days)).isoformat() if last_day else ""


def ages(ledger: Ledger, before: str) -> Row:
    """How many items wait, how many of them from before a day, and the oldest of all."""
    sql = (
        "SELECT CAST(coalesce(sum(items), 0) AS BIGINT) AS exceptions, CAST(coalesce(sum(CASE WHEN"
        " opened_on <> '' AND opened_on < :before THEN items ELSE 0 END), 0) AS BIGINT) AS overdue,"
        " coalesce(min(CASE WHEN opened_on <> '' THEN opened_on END), '') AS oldest FROM"
        " queue_total"
    )
    return ledger.records(sql, before=before)[0]


def _where(ledger: Ledger, wanted: Filter, values: Row) -> str:
    """The condition of a filter on open items; what it compares with goes to ``values``."""
    parts = ["x.status = 'open'", _counted(wanted, values)]
    if wanted.payer is not None:
        values["payer"] = wanted.payer
        parts.append("l.counterparty_name = :payer")
    if wanted.today:
        values["today"] = wanted.today
        parts.append(f"x.id {'' if wanted.put_off else 'NOT '}IN ({attention.PUT_OFF})")
    if wanted.confidence:
        enough = ", ".join(f"'{name}'" for name in LEVELS[: LEVELS.index(wanted.confidence) + 1])
        parts.append("EXISTS (SELECT 1 FROM proposal p WHERE p.line_id = x.line_id AND p.rank = 1"
                     f" AND p.confidence IN ({enough}))")  # fmt: skip
    if wanted.found:
        values["found"] = _array(wanted.found)
        others = f"x.id NOT IN ({searched.among(ledger, 'found')})"
        parts.append("x.id = f.item_id" if wanted.found.these else others)
    return " AND ".join(parts)


def _array(found: Found) -> str:
    return json.dumps(list(found.numbers))


def _counted(wanted: Filter, values: Row) -> str:
    """What of a filter is a condition on ``queue_total`` as on items."""
    exact: Mapping[str, str | None] = {
        "reason": wanted.reason or None,
        "bank_account_no": wanted.bank_account or None,
        "currency": wanted.currency or None,
        "assigned_to": wanted.assigned_to,
    }
    chosen = {name: value for name, value in exact.items() if value is not None}
    values |= chosen
    parts = [f"x.{name} = :{name}" for name in chosen]
    if wanted.opened_before:
        values["opened_before"] = wanted.opened_before
        parts.append("x.opened_on <> '' AND x.opened_on < :opened_before")
    return " AND ".join(parts) or "1 = 1"
