"""How the statements of a run look: style, period, aging and language."""

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

STYLES = ("open_item", "balance_forward", "activity")
AGED_BY = ("due", "posting", "document", "off")


@dataclass(frozen=True, slots=True)
class Form:
    """What a run asks for; where it is silent the customer's own wishes hold.

    ``style``: one of ``STYLES``; empty: the customer's ``statement_style``, else open items.
    ``first``: first day of the period of movements; None: that of the month of the as-of date.
    ``aged_by``: the date that entries age from; ``bands``: the last day of each band but the last.
    ``language``: a BCP 47 tag; empty: the customer's. ``per``: one of ``recipient.PER``.
    """

    style: str = ""
    first: dt.date | None = None
    aged_by: str = "due"
    bands: tuple[int, ...] = (30, 60, 90)
    language: str = ""
    per: str = "customer"

    def style_of(self, customer_style: str) -> str:
        """The style for a customer who wishes ``customer_style``, which may be empty."""
        return self.style or customer_style or STYLES[0]

    def shows_movements(self, customers: Iterable[Mapping[str, Any]]) -> bool:
        """Whether any of the customers gets more than open items."""
        return any(self.style_of(c.get("statement_style", "")) != STYLES[0] for c in customers)

    def first_day(self, as_of: dt.date) -> dt.date:
        """The first day of the movements that a statement as of a date shows."""
        return self.first or as_of.replace(day=1)
