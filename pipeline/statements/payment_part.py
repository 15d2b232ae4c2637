"""Which open entries a customer is asked to pay at once, by which reference, to which account."""

import functools
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from operator import itemgetter
from typing import Any

import polars as pl
from stdnum import iban

from pipeline.domain import frames
from pipeline.domain.errors import UsageError
from pipeline.statements import payment_reference

Row = Mapping[str, Any]
_SWISS = ("CH", "LI")
_QR_BILL = ("CHF", "EUR")
_EEA = frozenset([
    "AT", "BE", "BG", "CY", "CZ", "DE", "DK", "EE", "ES", "FI", "FR", "GR", "HR", "HU", "IE", "IS",
    "IT", "LI", "LT", "LU", "LV", "MT", "NL", "NO", "PL", "PT", "RO", "SE", "SI", "SK",
])  # fmt: skip
"""Where an EPC QR code needs no BIC (EPC069-12, version 002)."""
_QR_IID = (30000, 31999)
_MOST = 99_999_999_999  # 999,999,999.99, of both codes
_OWNER = ("party_no", "project", "currency")
_KEY = ("document_type", "document_no", "instalment")


@dataclass(frozen=True, slots=True)
class PaymentPart:
    """Open entries of a customer in one currency, and how they are paid; minor units.

    ``kind``: ``qr_bill``, ``epc`` or ``printed``. ``account`` is an IBAN, a QR-IBAN for a QR
    reference, or an account as written where our bank has no IBAN.
    """

    kind: str
    payment_reference: str
    party_no: str
    currency: str
    amount: int
    account: str
    entries: tuple[tuple[int, int], ...]
    """``entry_id`` and what is open of it, its sign."""
    project: str = ""
    """That its entries are of, where there is a part for each; else empty."""


def payment_parts(
    entries: pl.DataFrame,
    customers: Iterable[Row],
    bank_accounts: Sequence[Row],
    company: Mapping[str, str],
    pay_to: Mapping[str, str],
    *,
    by_project: bool = False,
) -> dict[str, list[PaymentPart]]:
    """By customer one part for each currency, and project if so, in which something is to be paid.

    ``entries`` as ``ledger.as_of`` gives them. Those on hold or in dispute and those that a direct
    debit collects are left out; nobody is asked for a credit balance. ``pay_to`` names our bank
    account by currency; else it is the first one of the currency. UsageError where it names none.
    """
    by_no = {customer["no"]: customer for customer in customers}
    if not by_project:
        entries = entries.with_columns(project=pl.lit(""))
    asked = entries.filter(pl.col("on_hold").is_in(["", "0"]) & (pl.col("mandate_id") == ""))
    asked = asked.filter(pl.col("party_no").is_in(list(by_no)))
    owing = asked.filter(pl.col("remaining_amount").sum().over(_OWNER) > 0)
    rows = owing.select(*_OWNER, *_KEY, "remaining_amount", "entry_id").sort(pl.all()).rows()
    to = {code: account_of(code, bank_accounts, pay_to) for code in owing["currency"].unique()}
    found: dict[str, list[PaymentPart]] = {}
    for (number, project, currency), own in groupby(rows, itemgetter(0, 1, 2)):
        account = to[currency]
        if account:
            stated = [row[3:] for row in own]
            part = _part(by_no[number], project, currency, stated, account, company)
            if part.account:  # a QR-IBAN alone takes nothing from abroad
                found.setdefault(number, []).append(part)
    return found


def as_rows(parts: Iterable[PaymentPart]) -> pl.DataFrame:
    """The parts as ``frames.PAYMENT_PARTS``."""
    rows = [
        (part.payment_reference, "customer", part.party_no, part.currency, entry_id, amount)
        for part in parts
        for entry_id, amount in part.entries
    ]
    return pl.DataFrame(rows, schema=frames.PAYMENT_PARTS, orient="row")


def account_of(
    currency: str, bank_accounts: Sequence[Row], pay_to: Mapping[str, str]
) -> Row | None:
    """Our bank account for payments in a currency, None where there is none.

    UsageError where ``pay_to`` names another one than there is.
    """
    own = {one["bank_account_no"]: one for one in bank_accounts if one["currency"] == currency}
    wanted = pay_to.get(currency, next(iter(own), ""))
    if wanted and wanted not in own:
        known = ", ".join(own) or "none"
        raise UsageError(
            f"[statements] pay_to {currency}: found {wanted!r}, expected a bank account in"
            f" {currency} (known: {known})"
        )
    return own.get(wanted)


def qr_iban(account: Row) -> str:
    """The QR-IBAN of a bank account, among all ways its account is written; empty without one."""
    return next(filter(_is_qr_iban, _written(account)), "")


def usual(account: Row) -> str:
    """The IBAN of a bank account, else its account as written first; never a QR-IBAN."""
    return next((text for text in _written(account) if text and not _is_qr_iban(text)), "")


def _written(account: Row) -> list[str]:
    return [text.replace(" ", "").upper() for text in (account["iban"], *account["account_ids"])]


@functools.cache
def _is_qr_iban(text: str) -> bool:
    if text[:2] not in _SWISS or not iban.is_valid(text):
        return False
    return text[4:9].isdecimal() and _QR_IID[0] <= int(text[4:9]) <= _QR_IID[1]


def _part(
    customer: Row,
    project: str,
    currency: str,
    stated: Sequence[tuple[Any, ...]],
    account: Row,
    company: Mapping[str, str],
) -> PaymentPart:
    """``stated``: type, number, instalment, what is open and ``entry_id`` of each entry."""
    stands_for = (customer["no"], currency, [row[:-1] for row in stated])
    amount = sum(row[-2] for row in stated)
    kind = _kind(customer, currency, amount, account, company)
    by_qr_iban = qr_iban(account) if kind == "qr_bill" else ""  # takes nothing but QR references
    make = payment_reference.qrr if by_qr_iban else payment_reference.creditor_reference
    return PaymentPart(
        kind=kind,
        payment_reference=make(stands_for),
        party_no=customer["no"],
        currency=currency,
        amount=amount,
        account=by_qr_iban or usual(account),
        entries=tuple((row[-1], row[-2]) for row in stated),
        project=project,
    )


def _kind(
    customer: Row, currency: str, amount: int, account: Row, company: Mapping[str, str]
) -> str:
    """A QR-bill for customers in its country, an EPC code in euro, else a printed reference."""
    country = account["iban"][:2]
    if amount > _MOST or not company["name"]:
        return "printed"
    at_home = customer.get("country") in (None, "", *_SWISS)
    addressed = company["postcode"] and company["city"] and company["country"]
    if country in _SWISS and currency in _QR_BILL and at_home and addressed:
        return "qr_bill"
    return "epc" if currency == "EUR" and country in _EEA else "printed"
