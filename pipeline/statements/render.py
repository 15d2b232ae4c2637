"""Statements as PDF: one typst compiler for all of them; the same data gives the same bytes."""

import datetime as dt
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import quote

import polars as pl

from pipeline.domain.pdf import Template
from pipeline.statements.choice import Choice
from pipeline.statements.compose import compose
from pipeline.statements.form import Form
from pipeline.statements.paying import paying
from pipeline.statements.payment_part import PaymentPart


@dataclass(frozen=True, slots=True)
class Accounts:
    """What the books say of customers as of a date: frames as ``ledger.as_of`` gives them.

    ``head`` is the hash of the register up to which they were read.
    """

    as_of: dt.date
    head: str
    entries: pl.DataFrame
    movements: pl.DataFrame
    bank_accounts: Sequence[Mapping[str, Any]] = ()
    """Our own that are not closed by then."""


_HERE = Path(__file__).parent


class Renderer:
    """Renders statements; fonts and template are read once."""

    def __init__(self) -> None:
        self._template = Template(_HERE / "customer_statement.typ", fonts=_HERE / "fonts")

    def pdf(self, data: Mapping[str, Any]) -> bytes:
        """The PDF of one statement."""
        return self._template.pdf(data)


def file_name(number: str, as_of: dt.date) -> str:
    """The file of a customer's statement; two customers never share one."""
    return f"statement-{quote(number, safe='')}-{as_of}.pdf"


def chosen(
    books: Accounts, customers: Sequence[Mapping[str, Any]], form: Form, choice: Choice
) -> tuple[list[Mapping[str, Any]], dict[str, int]]:
    """Customers who get a statement, and how many get none by the reason why.

    Open items are shown to who has some, the other styles also to whom something moved in the
    period.
    """
    wanted, skipped = [], Counter[str]()
    owing, moved = _by_customer(books.entries), _by_customer(books.movements)
    for customer in customers:
        entries = owing.get(customer["no"], books.entries.clear())
        movements = moved.get(customer["no"], books.movements.clear())
        reason = _silent(customer, entries, movements, form.first_day(books.as_of), form)
        reason = reason or choice.leaves_out(customer, entries, books.as_of)
        if reason:
            skipped[reason] += 1
        else:
            wanted.append(customer)
    return wanted, dict(sorted(skipped.items()))


def write_all(
    books: Accounts,
    customers: Sequence[Mapping[str, Any]],
    parts: Mapping[str, Sequence[PaymentPart]],
    out: Path,
    form: Form,
    *,
    company: Mapping[str, str],
) -> int:
    """One PDF in ``out`` for each customer, with its payment ``parts``; returns how many.

    A file appears whole or not.
    """
    out.mkdir(parents=True, exist_ok=True)
    renderer = Renderer()
    owing, moved = _by_customer(books.entries), _by_customer(books.movements)
    for customer in customers:
        number, day = customer["no"], books.as_of
        entries = owing.get(number, books.entries.clear())
        movements = moved.get(number, books.movements.clear())
        data = compose(customer, entries, movements, day, form, company["name"], books.head)
        own = parts.get(number, ())
        data |= paying(customer, entries, own, books.bank_accounts, company, day, form)
        target = out / file_name(number, day)
        part = target.with_suffix(".part")
        part.write_bytes(renderer.pdf(data))
        part.replace(target)
    return len(customers)


def _silent(
    customer: Mapping[str, Any],
    entries: pl.DataFrame,
    movements: pl.DataFrame,
    first: dt.date,
    form: Form,
) -> str:
    """Why a customer gets none whatever the choice is; empty where there is something to read."""
    open_items = form.style_of(customer.get("statement_style", "")) == "open_item"
    nothing_moved = open_items or movements.filter(pl.col("day") >= first).is_empty()
    if entries.is_empty() and nothing_moved:
        return "nothing_to_show"
    return "wants_none" if customer.get("statement_method") == "none" else ""


def _by_customer(frame: pl.DataFrame) -> dict[Any, pl.DataFrame]:
    return {key[0]: part for key, part in frame.group_by("party_no", maintain_order=True)}
