"""The letters of a run: who is told something, what, and why the others are told nothing."""

import datetime as dt
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import polars as pl

from pipeline.statements.choice import Choice
from pipeline.statements.compose import Told, compose
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


@dataclass(frozen=True, slots=True)
class Composed:
    """A customer's letter as data.

    ``balances``: minor units by currency, what the customer owes positive.
    """

    customer: Mapping[str, Any]
    data: Mapping[str, Any]
    balances: Mapping[str, int]


def chosen(
    books: Accounts,
    customers: Sequence[Mapping[str, Any]],
    form: Form,
    choice: Choice,
    told: Mapping[str, Told] | None = None,
) -> tuple[list[Mapping[str, Any]], list[tuple[str, str]]]:
    """Customers who get a statement, and the numbers of those who get none with the reason why.

    Open items are shown to who has some, the other styles also to whom something moved in the
    period; ``told`` is what they were told before, by number.
    """
    wanted, skipped = [], []
    owing, moved = _by_customer(books.entries), _by_customer(books.movements)
    for customer in customers:
        number = customer["no"]
        entries = owing.get(number, books.entries.clear())
        movements = moved.get(number, books.movements.clear())
        first, before = form.first_day(books.as_of), (told or {}).get(number)
        reason = _silent(customer, entries, movements, first, form, before)
        reason = reason or choice.leaves_out(customer, entries, books.as_of)
        if reason:
            skipped.append((number, reason))
        else:
            wanted.append(customer)
    return wanted, skipped


def letters(
    books: Accounts,
    customers: Iterable[Mapping[str, Any]],
    parts: Mapping[str, Sequence[PaymentPart]],
    form: Form,
    company: Mapping[str, str],
    told: Mapping[str, Told] | None = None,
) -> Iterator[Composed]:
    """The letter of each customer, in their order, with its payment ``parts``."""
    owing, moved = _by_customer(books.entries), _by_customer(books.movements)
    for customer in customers:
        number, day = customer["no"], books.as_of
        entries = owing.get(number, books.entries.clear())
        movements = moved.get(number, books.movements.clear())
        before = (told or {}).get(number)
        data = compose(customer, entries, movements, day, form, company["name"], books.head, before)
        own = parts.get(number, ())
        data |= paying(customer, entries, own, books.bank_accounts, company, day, form)
        yield Composed(customer, data, _balances(entries, movements))


def _balances(entries: pl.DataFrame, movements: pl.DataFrame) -> dict[str, int]:
    sums: dict[str, int] = dict.fromkeys(movements["currency"].unique().sort().to_list(), 0)
    rows = entries.group_by("currency").agg(pl.col("remaining_amount").sum()).sort("currency")
    return dict(sorted((sums | dict(rows.rows())).items()))


def _silent(
    customer: Mapping[str, Any],
    entries: pl.DataFrame,
    movements: pl.DataFrame,
    first: dt.date,
    form: Form,
    told: Told | None,
) -> str:
    """Why a customer gets none whatever the choice is; empty where there is something to read."""
    if customer.get("statement_method") == "none":
        return "wants_none"
    open_items = form.style_of(customer.get("statement_style", "")) == "open_item"
    nothing_moved = open_items or movements.filter(pl.col("day") >= first).is_empty()
    nothing_late = told is None or told.late.is_empty()
    return "nothing_to_show" if entries.is_empty() and nothing_moved and nothing_late else ""


def _by_customer(frame: pl.DataFrame) -> dict[Any, pl.DataFrame]:
    return {key[0]: part for key, part in frame.group_by("party_no", maintain_order=True)}
