"""Who gets a statement: what a run asks of customers and of their balances."""

import datetime as dt
from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from pipeline.domain import money
from pipeline.statements.aging import days_old

_FIELDS = {
    "customers": "no",
    "accounts": "receivables_account",
    "types": "customer_type",
    "currencies": "currency",
    "methods": "statement_method",
    "countries": "country",
}
"""What a choice lists, and the field of a customer that it is compared with."""

BALANCES = ("any", "open", "owing")


@dataclass(frozen=True, slots=True)
class Choice:
    """What a run asks for; each part that is left as it is leaves nobody out.

    ``minimum`` is in the currency of the balance, which must reach it in one currency at least.
    ``overdue_days``: an entry must be overdue by more. ``balances``: ``any``, ``open`` (not zero in
    every currency) or ``owing`` (more than a credit in one). ``inactive`` and ``without_activity``:
    whether who is not active, and for whom nothing moved in the period, gets one all the same.
    """

    customers: tuple[str, ...] = ()
    accounts: tuple[str, ...] = ()
    types: tuple[str, ...] = ()
    currencies: tuple[str, ...] = ()
    methods: tuple[str, ...] = ()
    countries: tuple[str, ...] = ()
    projects: tuple[str, ...] = ()
    balances: str = "any"
    minimum: Decimal | None = None
    overdue_days: int | None = None
    inactive: bool = True
    without_activity: bool = True

    def leaves_out(
        self,
        customer: Mapping[str, Any],
        entries: Sequence[Mapping[str, Any]],
        as_of: dt.date,
        *,
        moved: bool = True,
        projects: Collection[str] = (),
    ) -> str:
        """Why a customer with these open entries gets none; empty where it may get one.

        ``moved``: whether anything moved in the period. ``projects``: what its letter is of.
        """
        if reason := self._other(customer, projects):
            return reason
        if not self.inactive and str(customer.get("active", "")).lower() in ("0", "false", "no"):
            return "inactive"
        if not self.without_activity and not moved:
            return "no_activity"
        sums: Counter[str] = Counter()
        for row in entries:
            sums[row["currency"]] += row["remaining_amount"]
        if self.balances == "open" and not any(sums.values()):
            return "zero_balance"
        if self.balances == "owing" and not any(value > 0 for value in sums.values()):
            return "credit_balance"
        if self.minimum is not None and not self._reached(sums):
            return "below_minimum"
        if self.overdue_days is not None and not self._overdue(entries, as_of):
            return "not_overdue"
        return ""

    def _other(self, customer: Mapping[str, Any], projects: Collection[str]) -> str:
        for name, field in _FIELDS.items():
            wanted = getattr(self, name)
            if wanted and str(customer.get(field, "")) not in wanted:
                return "not_asked_for" if name == "customers" else f"other_{field}"
        own = {*projects, str(customer.get("project_parent", ""))}
        return "other_project_parent" if self.projects and own.isdisjoint(self.projects) else ""

    def _reached(self, sums: Mapping[str, int]) -> bool:
        return any(
            Decimal(value).scaleb(-money.exponent(code)) >= (self.minimum or 0)
            for code, value in sums.items()
        )

    def _overdue(self, entries: Sequence[Mapping[str, Any]], as_of: dt.date) -> bool:
        owed = (row for row in entries if row["remaining_amount"] > 0)
        return any(days_old(row, as_of, "due") > (self.overdue_days or 0) for row in owed)
