"""Letters of a run, composed in this process while customers are few, else in spawned ones.

Whoever composes only reads; the one that asks writes what is kept, in the order of customers.
"""

import contextlib
import dataclasses
import datetime as dt
import json
import os
from collections.abc import Iterable, Iterator, Mapping
from decimal import Decimal
from typing import Any

import polars as pl

from pipeline import books, customer_accounts, ledger, statements, told_before
from pipeline.config import Settings
from pipeline.domain import mailbox, spawned
from pipeline.ledger import as_of, suppressions
from pipeline.ledger import statement_runs as runs

SMALL = 10_000
"""Customers below which a process costs more than it saves."""
_MOST = 4
"""Processes: one writes what they compose."""
_SLICE = 10_000
_Families = list[tuple[str, ...]]


@dataclasses.dataclass(frozen=True, slots=True)
class Part:
    """What is told to some customers, and to whom nothing is, with the reason.

    ``references`` as ``frames.PAYMENT_PARTS``. ``customers``: how many were looked at.
    """

    letters: list[runs.Letter]
    skipped: list[tuple[runs.Key, str]]
    references: pl.DataFrame
    customers: int


@dataclasses.dataclass(frozen=True, slots=True)
class _Work:
    """Families of customers of a run, whose settings and number make one composer."""

    settings: Settings
    run: int
    families: _Families


def parts(
    book: ledger.Ledger, run: runs.Run, settings: Settings, workers: int | None = None
) -> tuple[int, Iterator[Part]]:
    """How many customers there are, and parts of the run, of whom it said nothing yet.

    ``workers`` None decides by the number of customers and processors, 0 means this process.
    """
    form = asked_form(run.form)
    families = statements.families(as_of.customers(book), form.per)
    total = sum(map(len, families))
    count = min(os.cpu_count() or 1, _MOST) if workers is None else workers
    if workers is None and (total < SMALL or count == 1):
        count = 0
    each = _SLICE if count == 0 else min(_SLICE, -(-total // count))
    if count == 0:
        return total, map(_Composer(book, run, settings).part, _slices(families, each))
    works = (_Work(settings, run.no, some) for some in _slices(families, each))
    return total, spawned.each(_composed, works, count)


def _composed(work: _Work) -> Part:
    """A part, by a process of one run: what it read of all customers it reads once."""
    if not _KEPT:
        book = _STACK.enter_context(books.opened(work.settings))
        _KEPT.append(_Composer(book, runs.get(book, work.run), work.settings))
    return _KEPT[0].part(work.families)


_STACK = contextlib.ExitStack()
_KEPT: list["_Composer"] = []


class _Composer:
    """Composes the letters of customers as a run asks."""

    def __init__(self, book: ledger.Ledger, run: runs.Run, settings: Settings) -> None:
        self._book, self._run, self._settings = book, run, settings
        self._form, self._choice = asked_form(run.form), _choice(run.choice)
        self._known = runs.done(book, run.no)
        self._before = told_before.Before(runs.told(book, run.as_of))
        self._way = _Way(settings, run.sending, suppressions.standing(book))

    def part(self, families: _Families) -> Part:
        """What is told to these families, each with who gets the letter first."""
        book, run, form, settings = self._book, self._run, self._form, self._settings
        numbers = [number for family in families for number in family]
        register = (run.register_no, run.register_hash)
        accounts, customers = customer_accounts.read(
            book, run.as_of, register, form, self._choice, settings, numbers
        )
        told = self._before.told(book, run.register_no, form, families)
        wanted, skipped = statements.chosen(accounts, customers, form, self._choice, told)
        wanted = [recipient for recipient in wanted if recipient.key not in self._known]
        parts = customer_accounts.references(book, accounts, wanted, form, settings)
        letters = statements.letters(accounts, wanted, parts, form, settings.company, told)
        rows = statements.as_rows(part for own in parts.values() for part in own)
        return Part(list(map(self._way.of, letters)), skipped, rows, len(numbers))


def _slices(families: Iterable[tuple[str, ...]], most: int) -> Iterator[_Families]:
    """Some families at a time, of so many customers but for a family of more."""
    found: _Families = []
    count = 0
    for family in families:
        if found and count + len(family) > most:
            yield found
            found, count = [], 0
        found.append(family)
        count += len(family)
    if found:
        yield found


@dataclasses.dataclass(frozen=True, slots=True)
class _Way:
    """How each statement goes to its customer."""

    settings: Settings
    sending: str
    suppressed: set[str]

    def of(self, letter: statements.Composed) -> runs.Letter:
        """The letter as it is recorded, with its way."""
        customer, unit = letter.recipient.customer, letter.recipient.unit
        method, recipient, withheld = self._way(customer)
        return runs.Letter(
            customer["no"], letter.data["style"], letter.balances, statements.kept(letter.data),
            method, recipient, withheld,
            bool(withheld) and self.settings.mail["fallback"] == "print",
            unit, letter.owed if letter.recipient.is_group else {},
        )  # fmt: skip

    def _way(self, customer: Mapping[str, Any]) -> tuple[str, str, str]:
        if self.sending == "print" or customer["statement_method"] == "print":
            return "print", "", ""
        recipient = str(customer.get("email", "")).strip()
        if mailbox.wrong(recipient):
            return "email", recipient, "invalid_address" if recipient else "no_address"
        listed = suppressions.address_hash(recipient) in self.suppressed
        return "email", recipient, "suppressed_address" if listed else ""


def asked_form(text: str) -> statements.Form:
    """The form that a run was asked for in."""
    said = json.loads(text)
    days = {
        name: dt.date.fromisoformat(said[name]) if said.get(name) else None
        for name in ("first", "dated")
    }
    return statements.Form(**{**said, **days, "bands": tuple(said["bands"])})


def _choice(text: str) -> statements.Choice:
    said: dict[str, Any] = json.loads(text)
    said |= {name: tuple(value) for name, value in said.items() if isinstance(value, list)}
    said["minimum"] = None if said["minimum"] is None else Decimal(said["minimum"])
    return statements.Choice(**said)
