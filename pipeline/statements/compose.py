"""What a customer statement says, as data: open entries or movements, aging and totals.

Every amount and date is text as the customer's language writes it; a section for each currency,
nothing is converted.
"""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from operator import itemgetter
from typing import Any

import polars as pl

from pipeline.domain.frames import LINE_DOCUMENT
from pipeline.statements import aging, by_kind
from pipeline.statements.form import LINES, Form
from pipeline.statements.language import Language, language

Row = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Told:
    """The last statement of a customer, and the movements posted late into its time.

    ``balances``: what it said, minor units by currency. ``late``: rows of ``MOVEMENTS``.
    """

    number: int
    as_of: dt.date
    balances: Mapping[str, int]
    late: Sequence[Row]


def compose(
    customer: Mapping[str, Any],
    entries: pl.DataFrame | Sequence[Row],
    movements: pl.DataFrame | Sequence[Row],
    as_of: dt.date,
    form: Form,
    company: str,
    head: str,
    told: Told | None = None,
) -> Row:
    """The letter as data; what the customer owes is positive.

    ``entries`` and ``movements`` are the customer's rows as ``ledger.as_of`` gives them. Payments
    and credits that settle nothing yet stand apart and are never netted into a band: the bands and
    they make the balance. ``told`` is what the customer was told before: where something was posted
    late into its time, the letter says so, from the balance as stated to that of today.
    """
    form = form.of(customer)
    words, style = language(form.language, customer.get("country", "")), form.style
    entries, movements = rows_of(entries), rows_of(movements)
    late = told.late if told is not None else ()
    codes = sorted({row["currency"] for row in (*entries, *movements, *late)})
    first = form.first_day(as_of)
    sections = []
    for code in codes:
        own, moved = (
            [row for row in rows if row["currency"] == code] for rows in (entries, movements)
        )
        section = summary(code, own, as_of, form, words)
        if told is not None:
            section["late"] = _late(code, told, words)
        if style == "open_item":
            section |= _open_items(code, own, as_of, form, words)
        else:
            section |= _beside(code, own, as_of, form, words)
        if style == "balance_forward":
            section |= _balance_forward(code, moved, first, as_of, form, words)
        elif style == "activity":
            section |= _activity(code, own, moved, first, form, words)
        sections.append(section)
    return {
        "style": style,
        "language": words.code,
        "region": words.locale.territory or "",
        "words": words.words,
        "company": company,
        "no": customer["no"],
        "address": _address(customer),
        "postcode": customer.get("postcode", ""),
        "country": customer.get("country", ""),
        "as_of": words.day(as_of),
        "period": [] if style == "open_item" else [words.day(first), words.day(as_of)],
        "footer": words.say("footer", day=words.day(as_of), head=head[:16]),
        "currencies": sections,
        **({} if form.due_dates else {"without": ["due", "days"]}),
    }


def rows_of(found: pl.DataFrame | Sequence[Row]) -> Sequence[Row]:
    """The rows of one customer; a run has them by customer, since many small frames are slow."""
    return found.to_dicts() if isinstance(found, pl.DataFrame) else found


def _address(customer: Mapping[str, Any]) -> list[str]:
    place = f"{customer.get('postcode', '')} {customer.get('city', '')}".strip()
    rows = [customer["name"], customer["name_2"], customer.get("address", ""), place]
    return [row for row in (*rows, customer.get("country", "")) if row]


def summary(code: str, entries: Sequence[Row], as_of: dt.date, form: Form, words: Language) -> Row:
    """Balance and aging of a currency; every style ends with them."""
    bands = aging.bands([row for row in entries if row["remaining_amount"] > 0], as_of, form)
    balance = sum(row["remaining_amount"] for row in entries)
    aged = [
        {"name": name, "days": days, "amount": words.amount(amount, code)}
        for name, days, amount in zip(
            aging.names(form, words), aging.days(form), bands, strict=True
        )
    ]
    return {
        "currency": code,
        "bands": [] if form.aged_by == "off" else aged,
        "unapplied": words.amount(balance - sum(bands), code),
        "balance": words.amount(balance, code),
        "exact": [balance, balance - sum(bands), *([] if form.aged_by == "off" else bands)],
    }


_FIRST = dt.date.min  # what has no due date comes first


def _open_items(
    code: str, entries: Sequence[Row], as_of: dt.date, form: Form, words: Language
) -> Row:
    """What is owed, and apart what is not applied; by kind, what is noted of an entry stands apart.

    ``overdue`` counts each entry by itself.
    """
    rest = itemgetter("posting_date", "document_no", "instalment", "entry_id")
    ordered = sorted(entries, key=lambda row: (row["due_date"] or _FIRST, rest(row)))
    owed = [row for row in ordered if row["remaining_amount"] > 0]
    days = [aging.days_old(row, as_of, "due") for row in owed]
    overdue = sum(row["remaining_amount"] for row, late in zip(owed, days, strict=True) if late)
    credits = [row for row in ordered if row["remaining_amount"] <= 0]
    each = [
        _entry(row, late, words) | {"notes": _notes(row, as_of, words)}
        for row, late in zip(owed, days, strict=True)
    ]
    return {
        "title": words.say("open_entries", currency=code),
        **_shown(each, owed, credits, as_of, form, words),
        "due": words.amount(sum(row["remaining_amount"] for row in owed), code),
        "overdue": words.amount(overdue, code) if overdue else "",
    }


def _shown(
    each: list[Row],
    owed: list[Row],
    credits: list[Row],
    as_of: dt.date,
    form: Form,
    words: Language,
) -> Row:
    """The lists of open items, as ``form.lines`` says."""
    if form.lines == LINES[0]:
        return {"owed": each, "credits": [_entry(row, 0, words) for row in credits]}
    sums = [
        _entry(row, aging.days_old(row, as_of, "due"), words) | {"notes": []}
        for row in by_kind.entries(owed, words)
    ]
    noted = [row for row in each if row["notes"]]
    unapplied = [_entry(row, 0, words) for row in by_kind.entries(credits, words)]
    return {"owed": sums, "credits": unapplied} | ({"noted_entries": noted} if noted else {})


def _beside(code: str, entries: Sequence[Row], as_of: dt.date, form: Form, words: Language) -> Row:
    """What the other styles list apart, entry by entry: what is overdue, what is noted."""
    shown = _open_items(code, entries, as_of, replace(form, lines=LINES[0]), words)
    late = [row for row in shown["owed"] if row["days"]]
    noted = [row for row in shown["owed"] if row["notes"] and not row["days"]]
    found: Row = {"overdue_entries": late, "overdue": shown["overdue"]} if late else {}
    return found | ({"noted_entries": noted} if noted else {})


def _entry(row: Mapping[str, Any], days: int, words: Language) -> Row:
    amount, left, code = row["amount"], row["remaining_amount"], row["currency"]
    text = words.amount(amount, code)
    return {
        "type": words.kind(row["document_type"]),
        "document": document_number(row),
        "date": words.day(row["posting_date"]),
        "due": words.day(row["due_date"]),
        "days": days,
        "amount": text,
        "open": text if left == amount else words.amount(left, code),
        "exact": [
            row["document_type"], str(row["posting_date"] or ""), str(row["due_date"] or ""),
            amount, left,
        ],
    }  # fmt: skip


def _notes(row: Mapping[str, Any], as_of: dt.date, words: Language) -> list[str]:
    """Why an entry is not to be paid as it stands, and what less may be paid until when."""
    hold = row.get("on_hold") or ""
    if row.get("mandate_id"):
        return [words.say("debit")]
    if hold not in ("", "0"):
        return [words.say("dispute" if "disput" in hold.lower() else "hold")]
    if not (row.get("discount_amount") or row.get("discount_amount_2")):
        return []
    tiers = [(row.get(f"discount_amount{n}"), row.get(f"discount_date{n}")) for n in ("", "_2")]
    return [
        words.say("discount_until", amount=words.amount(less, row["currency"]), day=words.day(day))
        for less, day in tiers
        if less and day and day >= as_of and row["remaining_amount"] == row["amount"]
    ]


def document_number(row: Mapping[str, Any]) -> str:
    """The document's number; one that is derived from a bank line says nothing to a customer."""
    number = str(row["document_no"])
    if number.startswith(LINE_DOCUMENT):
        return ""
    return number + (f" / {row['instalment']}" if row["instalment"] else "")


def _balance_forward(
    code: str,
    movements: Sequence[Row],
    first: dt.date,
    as_of: dt.date,
    form: Form,
    words: Language,
) -> Row:
    """The balance before the period, every movement of it, the balance after each."""
    balance = sum(row["amount"] for row in movements if row["day"] < first)
    before = words.say("brought_forward", day=words.day(first - dt.timedelta(days=1)))
    rows = [_stands(before, balance, code, words)]
    period = _ordered(movements, first)
    if form.lines != LINES[0]:
        period = by_kind.movements(period, words)
    moved, balance = _account(period, balance, code, words)
    rows += moved
    rows.append(_stands(words.say("closing", day=words.day(as_of)), balance, code, words))
    return {"title": words.say("movements", currency=code), "account": rows}


def _stands(text: str, balance: int, code: str, words: Language) -> Row:
    """A row that says a balance and moves nothing."""
    return {"text": text, "balance": words.amount(balance, code), "exact": [balance]}


def _account(moved: list[Row], balance: int, code: str, words: Language) -> tuple[list[Row], int]:
    """Movements with the balance after each, and the last of these balances."""
    rows = []
    for row in moved:
        balance += row["amount"]
        side = "charge" if row["amount"] > 0 else "credit"
        rows.append(_moved(row, words) | {
            side: words.amount(abs(row["amount"]), code), "balance": words.amount(balance, code),
        })  # fmt: skip
    return rows, balance


def _late(code: str, told: Told, words: Language) -> list[Row]:
    """From the balance that was stated to what it is now; nothing where nothing came late."""
    moved = [row for row in told.late if row["currency"] == code]
    if not moved:
        return []
    stated, day = told.balances.get(code, 0), words.day(told.as_of)
    first = _stands(words.say("as_stated", day=day, number=told.number), stated, code, words)
    rows, balance = _account(_in_order(moved), stated, code, words)
    return [first, *rows, _stands(words.say("as_of_now", day=day), balance, code, words)]


def _activity(
    code: str,
    entries: Sequence[Row],
    movements: Sequence[Row],
    first: dt.date,
    form: Form,
    words: Language,
) -> Row:
    """Every movement of the period, or those of each kind, and what of it is open still."""
    still = {row["entry_id"]: row["remaining_amount"] for row in entries}
    moved = _ordered(movements, first)
    shown = moved if form.lines == LINES[0] else by_kind.movements(moved, words)
    rows = [
        _moved(row, words)
        | {
            "amount": words.amount(row["amount"], code),
            "open": words.amount(still[row["entry_id"]], code) if row["entry_id"] in still else "",
            "exact": [*_exact(row), still.get(row["entry_id"])],
        }
        for row in shown
    ]
    total = words.amount(sum(row["amount"] for row in moved), code)
    return {"title": words.say("activity", currency=code), "activity": rows, "total": total}


def _ordered(movements: Sequence[Row], first: dt.date) -> list[Row]:
    return _in_order([row for row in movements if row["day"] >= first])


def _in_order(movements: Sequence[Row]) -> list[Row]:
    """By day and what tells movements of a day apart; what is null comes last."""
    order = ("day", "no", "document_no", "instalment", "kind", "entry_id", "seq")
    return sorted(movements, key=lambda row: [(row[n] is None, row[n]) for n in order])


def _moved(row: Mapping[str, Any], words: Language) -> Row:
    return {
        "date": words.day(row["day"]),
        "type": words.kind(row["kind"]),
        "document": document_number(row),
        "exact": _exact(row),
    }


def _exact(row: Mapping[str, Any]) -> list[Any]:
    return [row["kind"], str(row["day"] or ""), row["amount"]]
