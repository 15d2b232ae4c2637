"""What the books say of customers, as their statements take it."""

import datetime as dt
from typing import Any

import polars as pl

from pipeline import ledger, statements
from pipeline.ledger import as_of


def read(
    book: ledger.Ledger,
    day: dt.date,
    register: tuple[int, str],
    form: statements.Form,
    bounds: tuple[str, str] = ("", ""),
) -> tuple[statements.Accounts, list[dict[str, Any]]]:
    """What the books say of customers as of ``day`` up to a ``register`` (number and hash).

    Movements are read where the form shows them. ``bounds`` are the first and last customer.
    """
    number, head = register
    customers = as_of.customers(book, *bounds)
    movements = pl.DataFrame(schema=as_of.MOVEMENTS)
    if form.shows_movements(customers):
        movements = as_of.customer_movements(book, day, number, *bounds)
    entries = as_of.customer_entries(book, day, number, *bounds)
    return statements.Accounts(day, head, entries, movements), customers
