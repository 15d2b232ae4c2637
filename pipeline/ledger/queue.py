"""The exception queue a page at a time: filtered, sorted and counted by the database.

A page is found by the key of the row that it follows, so that the last one costs what the first
does. Nothing here reads the whole queue into this process: items are counted in an index that holds
what most filters ask for, and only words and payers are looked for in the lines.
"""

import contextlib
import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from pipeline.domain import money
from pipeline.ledger import attention, searched
from pipeline.ledger.connection import Ledger
from pipeline.ledger.reading import listed

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
_CURRENCIES = "SELECT DISTINCT currency FROM bank_account ORDER BY 1"
_SAID = ("counterparty_name", "text", "bank_reference", "end_to_end_id")
_REASONS = (
    "WITH RECURSIVE r (reason) AS (SELECT min(reason) FROM exception_item WHERE status = 'open'"
    " UNION ALL SELECT (SELECT min(x.reason) FROM exception_item x WHERE x.status = 'open' AND"
    " x.reason > r.reason) FROM r WHERE r.reason IS NOT NULL)"
    " SELECT reason FROM r WHERE reason IS NOT NULL ORDER BY reason"
)
"""From one to the next in their index: neither database looks for distinct ones so."""
_TOTALS = (
    "currency, count(*) AS items, sum(CASE WHEN remaining > 0 THEN remaining ELSE 0 END) AS"
    " money_in, sum(CASE WHEN remaining < 0 THEN remaining ELSE 0 END) AS money_out FROM found"
    " GROUP BY currency"
)


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
    words: str = ""
    """Part of the payer's name, the text or a reference, or the amount."""


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
    values: Row = {"size": place.size + 1}
    down = place.descending != place.backwards
    way = "DESC" if down else "ASC"
    behind = ""
    if place.after:
        values |= {"key": place.after[0], "id": place.after[1]}
        less = "<" if down else ">"
        behind = f"WHERE sort_key {less}= :key AND (sort_key {less} :key OR id {less} :id)"
    sql = (
        f"{_found(ledger, wanted, values, SORTS[place.sort])} SELECT 0 AS id, {_TOTALS} UNION ALL"
        f" SELECT id, '', 0, 0, 0 FROM (SELECT id FROM found {behind} ORDER BY sort_key {way},"
        f" id {way} LIMIT :size) chosen"
    )
    found = ledger.records(sql, **values)
    ids = listed(row["id"] for row in found if row["id"])
    order = f"ORDER BY {SORTS[place.sort]} {way}, x.id {way}"
    rows = ledger.records(f"SELECT {_COLUMNS} FROM {_SHOWN} WHERE x.id IN ({ids}) {order}")
    sums = sorted((row for row in found if not row["id"]), key=lambda row: str(row["currency"]))
    return (rows[::-1] if place.backwards else rows), sums


def totals(ledger: Ledger, wanted: Filter) -> list[Row]:
    """By currency: how many items, and the sums of money in and out (minor units)."""
    values: Row = {}
    sql = f"{_found(ledger, wanted, values, 'x.id')} SELECT {_TOTALS} ORDER BY currency"
    return ledger.records(sql, **values)


def _found(ledger: Ledger, wanted: Filter, values: Row, key: str) -> str:
    """What a filter finds, as the table ``found`` of a query.

    Made once where lines or proposals are looked at; else each use has an index of its own.
    """
    source = _from(wanted, key)
    costly = source != _ITEMS or wanted.confidence
    once = "MATERIALIZED" if costly else "NOT MATERIALIZED"
    return (
        f"WITH found AS {once} (SELECT x.id, {key} AS sort_key, x.remaining, x.currency FROM"
        f" {source} WHERE {_where(ledger, wanted, values)})"
    )


def _from(wanted: Filter, key: str) -> str:
    """Items, with their lines where the filter or the ``key`` of sorting asks for one."""
    lines = key == _PAYER or wanted.payer is not None or wanted.words
    return _ITEMS + (_LINES if lines else "")


def groups(ledger: Ledger, wanted: Filter, by: str, most: int) -> list[Row]:
    """The largest groups of a kind: ``name, currency, items, amount, oldest``."""
    values: Row = {"most": most}
    sql = (
        f"SELECT {GROUPS[by]} AS name, x.currency, count(*) AS items, sum(x.remaining) AS amount,"
        f" min(x.opened_on) AS oldest FROM {_from(wanted, GROUPS[by])}"
        f" WHERE {_where(ledger, wanted, values)} GROUP BY {GROUPS[by]}, x.currency"
        " ORDER BY count(*) DESC, 1, 2 LIMIT :most"
    )
    return ledger.records(sql, **values)


def numbers(ledger: Ledger, wanted: Filter, sort: str, descending: bool) -> list[int]:
    """The numbers of all items that a filter finds, in their order."""
    values: Row = {}
    way = "DESC" if descending else "ASC"
    sql = (
        f"{_found(ledger, wanted, values, SORTS[sort])} SELECT id FROM found ORDER BY sort_key"
        f" {way}, id {way}"
    )
    return [row["id"] for row in ledger.records(sql, **values)]


def reasons(ledger: Ledger) -> list[str]:
    """The reasons for which items wait."""
    return [row[0] for row in ledger.rows(_REASONS)]


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


def last_day(ledger: Ledger) -> str:
    """The latest booking date of the books, from which ages count; empty where nothing came.

    One that is held or only announced may say any day: nothing of it is in the books.
    """
    found = ledger.rows(
        "SELECT max(to_date) FROM statement WHERE status IN ('received', 'reconciled')"
    )
    return str(found[0][0] or "")


def overdue_before(last_day: str, days: int) -> str:
    """The day before which an item is overdue; empty while the books have no last day."""
    return (
        (dt.date.fromisoformat(last_day) - dt.timedelta(days=days)).isoformat() if last_day else ""
    )


def ages(ledger: Ledger, before: str) -> Row:
    """How many items wait, how many of them from before a day, and the oldest of all."""
    sql = (
        "SELECT count(*) AS exceptions, coalesce(sum(CASE WHEN opened_on < :before THEN 1 ELSE 0"
        " END), 0) AS overdue, coalesce(min(opened_on), '') AS oldest FROM exception_item WHERE"
        " status = 'open'"
    )
    return ledger.records(sql, before=before)[0]


def _where(ledger: Ledger, wanted: Filter, values: Row) -> str:
    """The condition of a filter; what it compares with goes to ``values``."""
    exact: Mapping[str, str | None] = {
        "x.reason": wanted.reason or None,
        "x.bank_account_no": wanted.bank_account or None,
        "l.counterparty_name": wanted.payer,
        "x.currency": wanted.currency or None,
        "x.assigned_to": wanted.assigned_to,
    }
    parts = ["x.status = 'open'"]
    for number, (column, value) in enumerate(exact.items()):
        if value is not None:
            values[f"exact{number}"] = value
            parts.append(f"{column} = :exact{number}")
    if wanted.opened_before:
        values["opened_before"] = wanted.opened_before
        parts.append("x.opened_on < :opened_before")
    if wanted.today:
        values["today"] = wanted.today
        parts.append(f"x.id {'' if wanted.put_off else 'NOT '}IN ({attention.PUT_OFF})")
    if wanted.confidence:
        enough = ", ".join(f"'{name}'" for name in LEVELS[: LEVELS.index(wanted.confidence) + 1])
        parts.append("EXISTS (SELECT 1 FROM proposal p WHERE p.line_id = x.line_id AND p.rank = 1"
                     f" AND p.confidence IN ({enough}))")  # fmt: skip
    for number, word in enumerate(wanted.words.split()[:6]):
        parts.append(_has(ledger, word, f"word{number}", values))
    return " AND ".join(parts)


def _has(ledger: Ledger, word: str, name: str, values: Row) -> str:
    """True for lines that hold a word, or have it as their amount.

    In any case; on SQLite letters beyond A-Z are as they are written.
    """
    values[name] = searched.holding(word)
    found = [f"l.{column} {searched.like(ledger, name)}" for column in _SAID]
    if word[-1].isdigit() and word[0] in "+-0123456789":
        for number, (currency,) in enumerate(ledger.rows(_CURRENCIES)):
            with contextlib.suppress(ValueError):
                values[f"{name}_sum{number}"] = abs(money.minor(word, currency))
                values[f"{name}_in{number}"] = currency
                same = f"x.currency = :{name}_in{number}"
                found.append(f"({same} AND abs(x.remaining) = :{name}_sum{number})")
    return f"({' OR '.join(found)})"
