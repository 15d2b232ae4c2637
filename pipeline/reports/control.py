"""Whether accounts of the general ledger equal the items that they stand for."""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from typing import Any

from pipeline.domain import money

Row = dict[str, Any]
Account = tuple[str, str]
"""G/L account and currency."""


def against_items(
    items: Mapping[Account, int],
    balances: Sequence[Row],
    accounts: Collection[str],
    called: str,
) -> list[Row]:
    """``gl_account, currency, balance, <called>, difference`` in text, a row an account.

    ``items`` holds what the balance must be, minor units; ``balances`` of all G/L accounts as
    ``ledger.known.bank`` gives them, of which ``accounts`` count.
    """
    held: dict[Account, int] = defaultdict(int)
    for row in balances:
        if row["gl_account"] in accounts:
            held[row["gl_account"], row["currency"]] += row["amount"]
    found = []
    for name, code in sorted({*items, *held}):
        balance, must_be = held.get((name, code), 0), items.get((name, code), 0)
        found.append(
            {
                "gl_account": name,
                "currency": code,
                "balance": money.text(balance, code),
                called: money.text(must_be, code),
                "difference": money.text(balance - must_be, code),
            }
        )
    return found
