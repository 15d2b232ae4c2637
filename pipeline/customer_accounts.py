"""What the books say of customers, as their statements take it."""

import datetime as dt
from collections.abc import Sequence
from typing import Any

import polars as pl

from pipeline import ledger, statements
from pipeline.config import Settings
from pipeline.ledger import as_of, payment_parts


def read(
    book: ledger.Ledger,
    day: dt.date,
    register: tuple[int, str],
    form: statements.Form,
    choice: statements.Choice,
    settings: Settings,
    among: Sequence[str] = (),
    *,
    loads: int | None = None,
) -> tuple[statements.Accounts, list[dict[str, Any]]]:
    """What the books say of customers as of ``day`` up to a ``register`` (number and hash).

    Who has no ``statement_method`` has that of the settings. Movements are read where the form
    shows them or the choice asks for some. ``among`` some customers, by number; without, all. With
    ``loads`` their names and addresses, and our bank accounts, are those after that load.
    """
    number, head = register
    usual = settings.statements["method"]
    customers = [
        customer | {"statement_method": customer.get("statement_method") or usual}
        for customer in as_of.customers(book, among, loads=loads)
    ]
    movements = pl.DataFrame(schema=as_of.MOVEMENTS)
    if form.shows_movements(customers) or not choice.without_activity:
        by_project = form.per == "project"
        movements = as_of.customer_movements(book, day, number, among, by_project=by_project)
        sold = as_of.cash_sales(book, day, among, loads=loads, by_project=by_project)
        movements = statements.carried(pl.concat([movements, sold]), form.first_day(day))
    entries = as_of.customer_entries(book, day, number, among)
    ours = as_of.bank_accounts(book, day, loads=loads)
    return statements.Accounts(day, head, entries, movements, ours), customers


def with_references(
    book: ledger.Ledger,
    accounts: statements.Accounts,
    wanted: Sequence[statements.Recipient],
    form: statements.Form,
    settings: Settings,
    actor: str,
) -> dict[str, list[statements.PaymentPart]]:
    """``references`` that the ledger keeps from now on."""
    parts = references(book, accounts, wanted, form, settings)
    every = (part for own in parts.values() for part in own)
    payment_parts.store(book, statements.as_rows(every), actor)
    return parts


def references(
    book: ledger.Ledger,
    accounts: statements.Accounts,
    wanted: Sequence[statements.Recipient],
    form: statements.Form,
    settings: Settings,
) -> dict[str, list[statements.PaymentPart]]:
    """The payment parts of who is told, by customer.

    Where ``pay_to`` names a bank account that came later than what ``accounts`` knows, the first
    one of the currency is paid to, as then.
    """
    ours = {one["bank_account_no"] for one in accounts.bank_accounts}
    later = {one["bank_account_no"] for one in as_of.bank_accounts(book, accounts.as_of)} - ours
    pay_to = {code: no for code, no in settings.statements["pay_to"].items() if no not in later}
    customers = [member for recipient in wanted for member in recipient.members]
    return statements.payment_parts(
        accounts.entries, customers, accounts.bank_accounts, settings.company, pay_to,
        by_project=form.per == "project",
    )  # fmt: skip
