"""How much of the documents of a line is given up, by whatever name: it has limits of its own."""

from collections.abc import Iterable

from pipeline.config import Settings
from pipeline.decisions.wish import Line, Row

_CHARGES = ("bank_charges", "bank_fees", "interest_income", "interest_expense")
"""Accounts of the settings for what others withhold of a payment, up to ``bank_charge_limit``."""


def lets_go(rows: Iterable[Row], line: Line, settings: Settings) -> int:
    """What the rows of a proposal give up beyond the rules (minor units, a magnitude)."""
    rows = list(rows)
    kinds = [row for row in rows if row["difference_kind"] == "write_off"]
    written_off: int = sum(abs(row["difference_amount"]) for row in kinds)
    return written_off + closed_by_accounts(rows, line, settings)


def closed_by_accounts(rows: Iterable[Row], line: Line, settings: Settings) -> int:
    """What accounts take over of the documents that a line settles for more than it pays.

    In substance a write-off, whatever the account. Charges that a payer or a marketplace withheld
    are none, on an account of the settings that is there for them and within their limit.
    """
    rows = list(rows)
    settled = ("entry", "bank_entry")
    documents = sum(row["applied_amount"] for row in rows if row["target"] in settled)
    booked = [row for row in rows if row["target"] == "gl"]
    names = {*_CHARGES, *(settings.accounts[name] for name in _CHARGES)}
    charges = _short([row for row in booked if row["gl_account"] in names], documents)
    limit = settings.amount_limit("bank_charge_limit", line["currency"]) or 0
    short = _short(booked, documents)
    return short - min(short, charges, limit)


def _short(booked: list[Row], documents: int) -> int:
    """How much the rows of accounts take from the documents together; 0 where they add to them."""
    total: int = sum(row["applied_amount"] for row in booked)
    return abs(total) if total * documents < 0 else 0
