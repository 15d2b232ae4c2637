"""What a customer statement says, as data: open entries or movements, aging and totals.

Every amount and date is text as the customer's language writes it; a section for each currency,
nothing is converted.
"""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import polars as pl

from pipeline.domain.frames import LINE_DOCUMENT
from pipeline.statements import aging
from pipeline.statements.form import Form
from pipeline.statements.language import Language, language

Row = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Told:
    """The last statement of a customer, and the movements posted late into its time.

    ``balances``: what it said, minor units by currency. ``late`` as ``MOVEMENTS`` of the ledger.
    """

    number: int
    as_of: dt.date
    balances: Mapping[str, int]
    late: pl.DataFrame


def compose(
    customer: Mapping[str, Any],
    entries: pl.DataFrame,
    movements: pl.DataFrame,
    as_of: dt.date,
    form: Form,
    company: str,
    head: str,
    told: Told | None = None,
) -> Row:
    """The letter as data; what the customer owes is positive.

    ``entries`` and ``movements`` of the customer as ``ledger.as_of`` gives them. Payments and
    credits that settle nothing yet stand apart and are never netted into a band: the bands and they
    make the balance. ``told`` is what the customer was told before: where something was posted late
    into its time, the letter says so, from the balance as stated to that of today.
    """
    words = language(form.language or customer.get("language", ""), customer.get("country", ""))
    style = form.style_of(customer.get("statement_style", ""))
    codes = pl.concat([entries["currency"], movements["currency"]]).unique().sort().to_list()
    first = form.first_day(as_of)
    sections = []
    for code in codes:
        own, moved = (frame.filter(pl.col("currency") == code) for frame in (entries, movements))
        section = _summary(code, own, as_of, form, words)
        if told is not None:
            section["late"] = _late(code, told, words)
        if style == "open_item":
            section |= _open_items(code, own, as_of, words)
        elif style == "balance_forward":
            section |= _balance_forward(code, moved, first, as_of, words)
        else:
            section |= _activity(code, own, moved, first, words)
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
    }


def _address(customer: Mapping[str, Any]) -> list[str]:
    place = f"{customer.get('postcode', '')} {customer.get('city', '')}".strip()
    rows = [customer["name"], customer["name_2"], customer.get("address", ""), place]
    return [row for row in (*rows, customer.get("country", "")) if row]


def _summary(code: str, entries: pl.DataFrame, as_of: dt.date, form: Form, words: Language) -> Row:
    """Balance and aging of a currency; every style ends with them."""
    owed = entries.filter(pl.col("remaining_amount") > 0).to_dicts()
    bands = aging.bands(owed, as_of, form)
    balance = int(entries["remaining_amount"].sum())
    aged = [
        {"name": name, "amount": words.amount(amount, code)}
        for name, amount in zip(aging.names(form, words), bands, strict=True)
    ]
    return {
        "currency": code,
        "bands": [] if form.aged_by == "off" else aged,
        "unapplied": words.amount(balance - sum(bands), code),
        "balance": words.amount(balance, code),
    }


def _open_items(code: str, entries: pl.DataFrame, as_of: dt.date, words: Language) -> Row:
    ordered = entries.sort(
        "due_date", "posting_date", "document_no", "instalment", "entry_id"
    ).to_dicts()
    owed = [row for row in ordered if row["remaining_amount"] > 0]
    overdue = sum(r["remaining_amount"] for r in owed if aging.days_old(r, as_of, "due"))
    return {
        "title": words.say("open_entries", currency=code),
        "owed": [
            _entry(row, aging.days_old(row, as_of, "due"), words)
            | {"notes": _notes(row, as_of, words)}
            for row in owed
        ],
        "credits": [_entry(row, 0, words) for row in ordered if row["remaining_amount"] <= 0],
        "due": words.amount(sum(row["remaining_amount"] for row in owed), code),
        "overdue": words.amount(overdue, code) if overdue else "",
    }


def _entry(row: Mapping[str, Any], days: int, words: Language) -> Row:
    return {
        "type": words.kind(row["document_type"]),
        "document": document_number(row),
        "date": words.day(row["posting_date"]),
        "due": words.day(row["due_date"]),
        "days": days,
        "amount": words.amount(row["amount"], row["currency"]),
        "open": words.amount(row["remaining_amount"], row["currency"]),
    }


def _notes(row: Mapping[str, Any], as_of: dt.date, words: Language) -> list[str]:
    """Why an entry is not to be paid as it stands, and what less may be paid until when."""
    hold = row.get("on_hold") or ""
    if row.get("mandate_id"):
        return [words.say("debit")]
    if hold not in ("", "0"):
        return [words.say("dispute" if "disput" in hold.lower() else "hold")]
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
    code: str, movements: pl.DataFrame, first: dt.date, as_of: dt.date, words: Language
) -> Row:
    """The balance before the period, every movement of it, the balance after each."""
    before = movements.filter(pl.col("day") < first)
    balance = int(before["amount"].sum())
    rows = [{"text": words.say("brought_forward", day=words.day(first - dt.timedelta(days=1))),
             "balance": words.amount(balance, code)}]  # fmt: skip
    moved, balance = _account(_ordered(movements, first), balance, code, words)
    rows += moved
    rows.append({"text": words.say("closing", day=words.day(as_of)),
                 "balance": words.amount(balance, code)})  # fmt: skip
    return {"title": words.say("movements", currency=code), "account": rows}


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
    moved = told.late.filter(pl.col("currency") == code)
    if moved.is_empty():
        return []
    stated, day = told.balances.get(code, 0), words.day(told.as_of)
    first = {"text": words.say("as_stated", day=day, number=told.number),
             "balance": words.amount(stated, code)}  # fmt: skip
    rows, balance = _account(_in_order(moved), stated, code, words)
    last = {"text": words.say("as_of_now", day=day), "balance": words.amount(balance, code)}
    return [first, *rows, last]


def _activity(
    code: str, entries: pl.DataFrame, movements: pl.DataFrame, first: dt.date, words: Language
) -> Row:
    """Every movement of the period, and what of it is open still."""
    still = dict(entries.select("entry_id", "remaining_amount").rows())
    moved = _ordered(movements, first)
    rows = [
        _moved(row, words)
        | {
            "amount": words.amount(row["amount"], code),
            "open": words.amount(still[row["entry_id"]], code) if row["entry_id"] in still else "",
        }
        for row in moved
    ]
    total = words.amount(sum(row["amount"] for row in moved), code)
    return {"title": words.say("activity", currency=code), "activity": rows, "total": total}


def _ordered(movements: pl.DataFrame, first: dt.date) -> list[Row]:
    return _in_order(movements.filter(pl.col("day") >= first))


def _in_order(movements: pl.DataFrame) -> list[Row]:
    order = ("day", "no", "document_no", "instalment", "kind", "entry_id", "seq")
    return movements.sort(order, nulls_last=True).to_dicts()


def _moved(row: Mapping[str, Any], words: Language) -> Row:
    return {
        "date": words.day(row["day"]),
        "type": words.kind(row["kind"]),
        "document": document_number(row),
    }
