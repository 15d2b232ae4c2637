"""What a customer statement says, as data: open entries or movements, aging and totals.

Every amount and date is text as the customer's language writes it; a section for each currency,
nothing is converted.
"""

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import Any

import polars as pl

from pipeline.statements import aging
from pipeline.statements.form import Form
from pipeline.statements.language import Language, language
from pipeline.statements.movements import Told, activity, balance_forward, late
from pipeline.statements.open_items import beside, open_items

Row = dict[str, Any]


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
    entries, movements = rows_of(entries), () if style == "open_item" else rows_of(movements)
    posted_late = told.late if told is not None else ()
    codes = sorted({row["currency"] for row in (*entries, *movements, *posted_late)})
    first = form.first_day(as_of)
    sections = []
    for code in codes:
        own, moved = (
            rows if len(codes) == 1 else [row for row in rows if row["currency"] == code]
            for rows in (entries, movements)
        )
        section = summary(code, own, as_of, form, words)
        if told is not None:
            section["late"] = late(code, told, words)
        if style == "open_item":
            section |= open_items(code, own, as_of, form, words)
        else:
            section |= beside(code, own, as_of, words)
        if style == "balance_forward":
            section |= balance_forward(code, moved, first, as_of, form, words)
        elif style == "activity":
            section |= activity(code, own, moved, first, form, words)
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
        **({"dated": words.day(form.dated), "dated_on": str(form.dated)} if form.dated else {}),
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
