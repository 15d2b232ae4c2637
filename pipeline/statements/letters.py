"""The letters of a run: who is told something, what, and why the others are told nothing."""

import datetime as dt
import functools
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import polars as pl

from pipeline.statements.choice import Choice
from pipeline.statements.compose import Row, Told, compose
from pipeline.statements.form import Form
from pipeline.statements.paying import paying
from pipeline.statements.payment_part import PaymentPart


@dataclass(frozen=True)
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

    @functools.cached_property
    def owing(self) -> dict[str, list[Row]]:
        """The open entries of each customer: a few rows each, which frames would be slow for."""
        return _by_customer(self.entries)

    @functools.cached_property
    def moved(self) -> dict[str, list[Row]]:
        """The movements of each customer."""
        return _by_customer(self.movements)


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
    for customer in customers:
        number = customer["no"]
        entries, movements = books.owing.get(number, []), books.moved.get(number, [])
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
    for customer in customers:
        number, day = customer["no"], books.as_of
        entries, movements = books.owing.get(number, []), books.moved.get(number, [])
        before = (told or {}).get(number)
        data = compose(customer, entries, movements, day, form, company["name"], books.head, before)
        own = parts.get(number, ())
        data |= paying(customer, entries, own, books.bank_accounts, company, day, form)
        yield Composed(customer, data, _balances(entries, movements))


def _balances(entries: Sequence[Row], movements: Sequence[Row]) -> dict[str, int]:
    sums = dict.fromkeys(sorted({row["currency"] for row in (*entries, *movements)}), 0)
    for row in entries:
        sums[row["currency"]] += row["remaining_amount"]
    return sums


def _silent(
    customer: Mapping[str, Any],
    entries: Sequence[Row],
    movements: Sequence[Row],
    first: dt.date,
    form: Form,
    told: Told | None,
) -> str:
    """Why a customer gets none whatever the choice is; empty where there is something to read."""
    if customer.get("statement_method") == "none":
        return "wants_none"
    open_items = form.style_of(customer.get("statement_style", "")) == "open_item"
    moved = not open_items and any(row["day"] >= first for row in movements)
    late = told is not None and bool(told.late)
    return "" if entries or moved or late else "nothing_to_show"


def _by_customer(frame: pl.DataFrame) -> dict[str, list[Row]]:
    found: dict[str, list[Row]] = {}
    for row in frame.iter_rows(named=True):
        found.setdefault(row["party_no"], []).append(row)
    return found
