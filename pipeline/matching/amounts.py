"""Does an amount settle these entries, and how: exact, discount, tolerance, charges, part, over.

Order of accounting rules, section 5: exact, first discount tier, second tier, tolerance, then
bank charges that the bank states, then a part payment. Amounts are minor units.
"""

import datetime as dt
import itertools
from dataclasses import dataclass
from typing import Any

Entry = dict[str, Any]
MOST_FOR_SUMS = 20


@dataclass(frozen=True, slots=True)
class Tolerance:
    """How small a difference is taken: minor units, per cent of the entry, whichever is less.

    Never where the amount is exactly another open entry of the party (``taken``).
    """

    most: int
    percent: int
    taken: frozenset[int] = frozenset()

    def allows(self, amount: int, difference: int, whole: int) -> bool:
        """May ``difference`` remain when ``amount`` is paid on an entry of ``whole``?"""
        small = abs(difference) <= self.most and 100 * abs(difference) <= self.percent * abs(whole)
        return small and difference != 0 and amount not in self.taken


@dataclass(frozen=True, slots=True)
class Share:
    """What a line contributes to one entry; ``settled`` = applied + discount + difference."""

    entry_id: int
    applied: int
    discount: int = 0
    difference: int = 0
    kind: str = ""

    @property
    def settled(self) -> int:
        """What the entry's remaining amount falls by."""
        return self.applied + self.discount + self.difference


@dataclass(frozen=True, slots=True)
class Fit:
    """How an amount fits a set of entries: the rule's name, the shares, what stays on account."""

    rule: str
    shares: tuple[Share, ...]
    on_account: int = 0
    closes: bool = True


def discounts(entry: Entry, value_date: dt.date | None, grace: int) -> list[int]:
    """Discounts that a payment on ``value_date`` may take: first tier, second tier."""
    found = []
    for amount, until, late in (
        (entry["discount_amount"], entry["discount_date"], entry["discount_tolerance_date"]),
        (entry["discount_amount_2"], entry["discount_date_2"], None),
    ):
        if amount and until and value_date:
            last = late or until + dt.timedelta(days=grace)
            whole = entry["remaining_amount"] == entry["amount"]
            if value_date <= max(last, until) and whole:
                found.append(amount)
    return found


def closing(
    amount: int, entries: list[Entry], value_date: dt.date | None, grace: int, tolerance: Tolerance
) -> Fit | None:
    """How ``amount`` closes all of ``entries``, or None."""
    whole = sum(entry["remaining_amount"] for entry in entries)
    if amount == whole:
        shares = tuple(Share(e["entry_id"], e["remaining_amount"]) for e in entries)
        return Fit("exact", shares)
    options = [[0, *discounts(entry, value_date, grace)] for entry in entries]
    if len(entries) > 1 and any(len(option) > 1 for option in options):
        options = [[max(option, key=abs)] for option in options] if len(entries) > 8 else options
    fits = [
        taken
        for taken in itertools.product(*options)
        if any(taken) and amount == whole - sum(taken)
    ]
    if len(fits) == 1:
        return Fit("discount", _shares(entries, fits[0]))
    if fits:
        return None
    return _tolerated(amount, entries, options, tolerance)


def _shares(entries: list[Entry], taken: tuple[int, ...]) -> tuple[Share, ...]:
    return tuple(
        Share(entry["entry_id"], entry["remaining_amount"] - discount, discount)
        for entry, discount in zip(entries, taken, strict=True)
    )


def _tolerated(
    amount: int, entries: list[Entry], options: list[list[int]], tolerance: Tolerance
) -> Fit | None:
    """A small difference on one document, on top of a discount in time or without one."""
    if len(entries) != 1:
        return None
    entry = entries[0]
    for discount in reversed(options[0]):
        difference = entry["remaining_amount"] - discount - amount
        if tolerance.allows(amount, difference, entry["remaining_amount"]):
            share = Share(entry["entry_id"], amount, discount, difference, "tolerance")
            return Fit("tolerance", (share,))
    return None


def named(
    line: dict[str, Any], entries: list[Entry], grace: int, tolerance: Tolerance, charge_limit: int
) -> Fit | None:
    """How a line settles the entries that it names, also where it does not close them."""
    amount = line["amount"]
    fit = closing(amount, entries, line["value_date"], grace, tolerance)
    if fit is not None:
        return fit
    whole = sum(entry["remaining_amount"] for entry in entries)
    missing = whole - amount
    if len(entries) == 1 and 0 < missing <= charge_limit and missing == _stated_charges(line):
        share = Share(entries[0]["entry_id"], amount, 0, missing, "bank_charge")
        return Fit("bank_charge", (share,))
    if len(entries) == 1 and abs(amount) < abs(whole) and (amount > 0) == (whole > 0):
        late = amount in (whole - d for d in _any_discount(entries[0]))
        rule = "discount_late" if late else "part_payment"
        return Fit(rule, (Share(entries[0]["entry_id"], amount),), closes=False)
    if abs(amount) > abs(whole) and (amount > 0) == (whole > 0) and whole:
        shares = tuple(Share(e["entry_id"], e["remaining_amount"]) for e in entries)
        return Fit("overpayment", shares, amount - whole)
    return None


def _stated_charges(line: dict[str, Any]) -> int:
    """Charges as the bank states them, or its stated original amount less what arrived."""
    if line["charges"] or line["original_currency"] not in ("", line["currency"]):
        return int(line["charges"])
    return int(line["original_amount"]) - abs(line["amount"]) if line["original_amount"] else 0


def _any_discount(entry: Entry) -> list[int]:
    return [d for d in (entry["discount_amount"], entry["discount_amount_2"]) if d]


def sums(amount: int, entries: list[Entry]) -> list[tuple[int, ...]]:
    """At most two sets of two or more entries whose remaining amounts sum to ``amount``.

    Meet in the middle; None are given beyond 20 entries, where a sum identifies nothing.
    """
    if not 2 <= len(entries) <= MOST_FOR_SUMS:
        return []
    half = len(entries) // 2
    left = _subsets(entries[:half])
    right: dict[int, list[tuple[int, ...]]] = {}
    for total, chosen in _subsets(entries[half:]):
        right.setdefault(total, []).append(chosen)
    found: list[tuple[int, ...]] = []
    for total, chosen in left:
        for other in right.get(amount - total, ()):
            if len(chosen) + len(other) >= 2:
                found.append(chosen + other)
                if len(found) > 1:
                    return found
    return found


def _subsets(entries: list[Entry]) -> list[tuple[int, tuple[int, ...]]]:
    found: list[tuple[int, tuple[int, ...]]] = [(0, ())]
    for entry in entries:
        found += [
            (total + entry["remaining_amount"], (*chosen, entry["entry_id"]))
            for total, chosen in found
        ]
    return found
