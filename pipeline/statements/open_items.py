"""Open entries: what is owed by due date, what is not applied, and what is to be said of each."""

import datetime as dt
import json
from collections.abc import Mapping, Sequence
from operator import itemgetter
from typing import Any

from pipeline.domain.frames import LINE_DOCUMENT
from pipeline.statements import aging, by_kind
from pipeline.statements.form import LINES, Form
from pipeline.statements.language import Language, iso

Row = dict[str, Any]
_FIRST = dt.date.min  # what has no due date comes first


def open_items(
    code: str, entries: Sequence[Row], as_of: dt.date, form: Form, words: Language
) -> Row:
    """What is owed, and apart what is not applied; by kind, what is noted of an entry stands apart.

    ``overdue`` counts each entry by itself.
    """
    ordered = _by_due_date(entries)
    owed = [row for row in ordered if row["remaining_amount"] > 0]
    days = aging.ages(owed, as_of, "due")
    overdue = sum(row["remaining_amount"] for row, late in zip(owed, days, strict=True) if late)
    credits = [row for row in ordered if row["remaining_amount"] <= 0]
    each = [
        _entry(row, late, words, [*_paid(row, words), *_notes(row, as_of, words)])
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
        _entry(row, aging.days_old(row, as_of, "due"), words, [])
        for row in by_kind.entries(owed, words)
    ]
    noted = [row for row in each if row["notes"]]
    unapplied = [_entry(row, 0, words) for row in by_kind.entries(credits, words)]
    return {"owed": sums, "credits": unapplied} | ({"noted_entries": noted} if noted else {})


def _by_due_date(entries: Sequence[Row]) -> list[Row]:
    rest = itemgetter("posting_date", "document_no", "instalment", "entry_id")
    return sorted(entries, key=lambda row: (row["due_date"] or _FIRST, rest(row)))


def beside(code: str, entries: Sequence[Row], as_of: dt.date, words: Language) -> Row:
    """What the other styles list apart, entry by entry: what is overdue, what is noted."""
    late: list[Row] = []
    noted: list[Row] = []
    overdue = 0
    owed = _by_due_date([row for row in entries if row["remaining_amount"] > 0])
    for row, days in zip(owed, aging.ages(owed, as_of, "due"), strict=True):
        notes = _notes(row, as_of, words)
        if days or notes:
            said = _entry(row, days, words, [*_paid(row, words), *notes])
            (late if days else noted).append(said)
        overdue += row["remaining_amount"] if days else 0
    found: Row = {"overdue_entries": late, "overdue": words.amount(overdue, code)} if late else {}
    return found | ({"noted_entries": noted} if noted else {})


def _entry(
    row: Mapping[str, Any], days: int, words: Language, notes: list[str] | None = None
) -> Row:
    amount, left, code = row["amount"], row["remaining_amount"], row["currency"]
    posted, due = row["posting_date"], row["due_date"]
    text = words.amount(amount, code)
    said = {
        "type": _type(row, words),
        "document": document_number(row),
        "date": words.day(posted),
        "due": words.day(due),
        "days": days,
        "amount": text,
        "open": text if left == amount else words.amount(left, code),
        "exact": [row["document_type"], iso(posted), iso(due), amount, left],
    }
    if notes is not None:
        said["notes"] = notes
    return said


def _otherwise(row: Mapping[str, Any]) -> list[tuple[str, int, int | None]]:
    """What ``ledger.as_of`` says of money in other currencies."""
    found: list[tuple[str, int, int | None]] = json.loads(row["paid_otherwise"])
    return found


def _type(row: Mapping[str, Any], words: Language) -> str:
    """What an entry is; of a payment, what it came as where that was another currency."""
    if row.get("paid_otherwise"):
        for code, amount, settled in _otherwise(row):
            if settled is None:
                return words.paid_in(row["document_type"], amount, code)
    return words.kind(row["document_type"])


def _paid(row: Mapping[str, Any], words: Language) -> list[str]:
    """What of an entry was paid in another currency, and by how much of it."""
    if not row.get("paid_otherwise"):
        return []
    return [
        words.say(
            "settled_in", settled=words.amount(abs(settled), row["currency"]),
            amount=words.amount(abs(amount), code), currency=code,
        )
        for code, amount, settled in _otherwise(row) if settled
    ]  # fmt: skip


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
    number: str = row["document_no"]
    if number.startswith(LINE_DOCUMENT):
        return ""
    return f"{number} / {row['instalment']}" if row["instalment"] else number
