"""What a person says about a line: words, and amounts behind them.

An amount without a sign takes the sign of what it belongs to: the entry, or the line.
"""

from dataclasses import dataclass
from typing import Any

from pipeline.domain import money
from pipeline.domain.errors import UsageError

Row = dict[str, Any]
Line = dict[str, Any]
Pair = tuple[str, str]
"""A word and the amount behind its ``=``, empty where there is none."""


@dataclass(frozen=True, slots=True)
class Wish:
    """How a person wants one line to be explained, in the person's words."""

    documents: tuple[Pair, ...] = ()
    accounts: tuple[Pair, ...] = ()
    on_account: str | None = None
    """A party, or empty for the party of the documents; None: nothing stays on account."""
    discounts: tuple[Pair, ...] = ()
    charges: tuple[Pair, ...] = ()
    write_offs: tuple[Pair, ...] = ()


def signed(word: str, amount: str, currency: str, like: int) -> int:
    """Minor units of an amount; without a sign it takes that of ``like``. Empty is 0."""
    if not amount:
        return 0
    try:
        value = money.minor(amount, currency)
    except ValueError as error:
        raise UsageError(f"{word}={amount}: {error}") from None
    if amount[0] in "+-":
        return value
    return -value if like < 0 else value
