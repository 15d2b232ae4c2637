"""What a customer statement says, as data: entries, ageing and totals for each currency."""

import datetime as dt
from collections.abc import Mapping
from typing import Any

import polars as pl

from pipeline.domain import money

BANDS = ("not due", "1-30 days", "31-60 days", "61-90 days", "over 90 days")
_DAYS = (0, 30, 60, 90)
_TYPES = {
    "invoice": "Invoice",
    "credit_memo": "Credit memo",
    "payment": "Payment",
    "refund": "Refund",
    "payment_return": "Returned payment",
    "finance_charge": "Finance charge",
    "reminder": "Reminder fee",
    "cash_sale": "Cash sale",
    "opening": "Opening balance",
}


def compose(
    customer: Mapping[str, Any],
    entries: pl.DataFrame,
    as_of: dt.date,
    company: str,
    head: str,
) -> dict[str, Any]:
    """The letter as data; amounts as text of their currency, what the customer owes positive.

    Due on ``as_of`` is not overdue. Payments and credits that settle nothing yet stand apart and
    are never netted into a band: the bands and they make the balance.
    """
    currencies = entries["currency"].unique().sort().to_list()
    return {
        "company": company,
        "no": customer["no"],
        "address": _address(customer),
        "as_of": _day(as_of),
        "head": head[:16],
        "currencies": [
            _currency(code, entries.filter(pl.col("currency") == code), as_of)
            for code in currencies
        ],
    }


def _address(customer: Mapping[str, Any]) -> list[str]:
    place = f"{customer.get('postcode', '')} {customer.get('city', '')}".strip()
    rows = [customer["name"], customer["name_2"], customer.get("address", ""), place]
    return [row for row in (*rows, customer.get("country", "")) if row]


def _currency(code: str, entries: pl.DataFrame, as_of: dt.date) -> dict[str, Any]:
    ordered = entries.sort("due_date", "posting_date", "document_no", "instalment", "entry_id")
    owed, credits = [], []
    bands = [0] * len(BANDS)
    for row in ordered.to_dicts():
        days = (as_of - row["due_date"]).days if row["due_date"] else 0
        if row["remaining_amount"] > 0:
            bands[sum(days > limit for limit in _DAYS)] += row["remaining_amount"]
            owed.append(_row(row, max(days, 0)))
        else:
            credits.append(_row(row, 0))
    balance = int(entries["remaining_amount"].sum())
    return {
        "currency": code,
        "owed": owed,
        "credits": credits,
        "bands": [_text(value, code) for value in bands],
        "due": _text(sum(bands), code),
        "overdue": _text(sum(bands[1:]), code) if any(bands[1:]) else "",
        "unapplied": _text(balance - sum(bands), code),
        "balance": _text(balance, code),
    }


def _row(row: Mapping[str, Any], days: int) -> dict[str, Any]:
    instalment = f" / {row['instalment']}" if row["instalment"] else ""
    return {
        "type": _TYPES.get(row["document_type"], row["document_type"]),
        # The number of a payment is derived from the bank line and says nothing to a customer.
        "document": "" if row["document_type"] == "payment" else row["document_no"] + instalment,
        "date": _day(row["posting_date"]),
        "due": _day(row["due_date"]) if row["due_date"] else "",
        "days": days,
        "amount": _text(row["amount"], row["currency"]),
        "open": _text(row["remaining_amount"], row["currency"]),
    }


def _day(day: dt.date) -> str:
    return f"{day.day} {day:%b %Y}"


def _text(amount: int, currency: str) -> str:
    """Decimal text with a comma between thousands and a true minus sign."""
    whole, point, cents = money.text(abs(amount), currency).partition(".")
    return f"{'−' if amount < 0 else ''}{int(whole):,}{point}{cents}"  # noqa: RUF001
