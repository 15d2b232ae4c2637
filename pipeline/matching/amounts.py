"""Does an amount settle these entries, and how: exact, discount, tolerance, charges, part, over.

Order of accounting rules, section 5: exact, first discount tier, second tier, tolerance, then
bank charges that the bank states, then a part payment. Amounts are minor units.
"""

import datetime as dt
import itertools
from dataclasses import dataclass
from typing import Any

from pipeline.matching.text import speaks_of_charges, stated_amounts

Entry = dict[str, Any]
_MOST_FOR_CHOICE = 8


@dataclass(frozen=True, slots=True)
class Tolerance:
    """How small a difference is taken: minor units, per cent of the entry, whichever is less."""

    most: int
    percent: int

    def allows(self, difference: int, whole: int) -> bool:
        """May ``difference`` remain of an entry of ``whole``?"""
        return 0 < abs(difference) <= self.of(whole)

    def of(self, whole: int) -> int:
        """The most that may remain of an entry of ``whole``, a magnitude."""
        return min(self.most, self.percent * abs(whole) // 100)


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


@dataclass(frozen=True, slots=True)
class Discount:
    """A discount that a payment may take; ``late`` where it is taken by grace only."""

    amount: int
    late: bool = False


_NO_DISCOUNT = Discount(0)


def discounts(entry: Entry, value_date: dt.date | None, grace: int) -> list[Discount]:
    """Discounts that a payment on ``value_date`` may take: first tier, second tier.

    Only of an entry of which nothing is paid yet.
    """
    found: list[Discount] = []
    if not (entry["discount_amount"] or entry["discount_amount_2"]):
        return found
    if value_date is None or entry["remaining_amount"] != entry["amount"]:
        return found
    for amount, until, tolerated in (
        (entry["discount_amount"], entry["discount_date"], entry["discount_tolerance_date"]),
        (entry["discount_amount_2"], entry["discount_date_2"], None),
    ):
        if amount and until:
            last = tolerated or until + dt.timedelta(days=grace)
            if value_date <= max(last, until) and amount not in (d.amount for d in found):
                found.append(Discount(amount, value_date > until))
    return found


def closing(
    amount: int, entries: list[Entry], value_date: dt.date | None, grace: int, tolerance: Tolerance
) -> Fit | None:
    """How ``amount`` closes all of ``entries``, or None."""
    whole = sum(entry["remaining_amount"] for entry in entries)
    if amount == whole:
        shares = tuple(Share(e["entry_id"], e["remaining_amount"]) for e in entries)
        return Fit("exact", shares)
    if abs(whole - amount) > sum(_leeway(entry, tolerance) for entry in entries):
        return None
    options = [[_NO_DISCOUNT, *discounts(entry, value_date, grace)] for entry in entries]
    if len(entries) > _MOST_FOR_CHOICE:  # all discounts are taken, or none
        options = [option[-1:] if len(option) < 3 else option[1:2] for option in options]
    fits = [
        taken
        for taken in itertools.product(*options)
        if (less := sum(d.amount for d in taken)) and amount == whole - less
    ]
    if len(fits) == 1:
        return Fit("discount", _shares(entries, fits[0]))
    if fits:
        return None
    return _tolerated(amount, entries, options, tolerance)


def _leeway(entry: Entry, tolerance: Tolerance) -> int:
    """More than any discount and tolerance of the entry together; a magnitude."""
    return int(abs(entry["discount_amount"]) + abs(entry["discount_amount_2"]) + tolerance.most)


def _shares(entries: list[Entry], taken: tuple[Discount, ...]) -> tuple[Share, ...]:
    return tuple(
        Share(entry["entry_id"], entry["remaining_amount"] - discount.amount, discount.amount)
        for entry, discount in zip(entries, taken, strict=True)
    )


def _tolerated(
    amount: int, entries: list[Entry], options: list[list[Discount]], tolerance: Tolerance
) -> Fit | None:
    """A small difference, beside discounts in time or none, never beside a late one."""
    if len(entries) != 1:
        return _tolerated_together(amount, entries, options, tolerance)
    entry = entries[0]
    for discount in (*options[0][1:], _NO_DISCOUNT):
        difference = entry["remaining_amount"] - discount.amount - amount
        if not discount.late and tolerance.allows(difference, entry["remaining_amount"]):
            share = Share(entry["entry_id"], amount, discount.amount, difference, "tolerance")
            return Fit("tolerance", (share,))
    return None


def _tolerated_together(
    amount: int, entries: list[Entry], options: list[list[Discount]], tolerance: Tolerance
) -> Fit | None:
    """A difference on several documents that the tolerances of all of them cover together.

    None where one choice of discounts explains the amount as well as another.
    """
    allowed = [tolerance.of(e["remaining_amount"]) for e in entries]
    whole = sum(entry["remaining_amount"] for entry in entries)
    in_time = [[d for d in option if not d.late] for option in options]
    fits = [
        (taken, difference)
        for taken in itertools.product(*in_time)
        if (difference := whole - sum(d.amount for d in taken) - amount)
        and abs(difference) <= sum(allowed)
    ]
    if len(fits) != 1:
        return None
    taken, difference = fits[0]
    shares = [
        Share(
            share.entry_id, share.applied - part, share.discount, part, "tolerance" if part else ""
        )
        for share, part in zip(_shares(entries, taken), _split(difference, allowed), strict=True)
    ]
    return Fit("tolerance", tuple(shares))


def _split(difference: int, allowed: list[int]) -> list[int]:
    """``difference`` in parts as large as what is ``allowed`` of each, to the last minor unit."""
    total, sign = sum(allowed), 1 if difference > 0 else -1
    parts = [abs(difference) * most // total for most in allowed]
    order = sorted(range(len(allowed)), key=lambda n: (-(abs(difference) * allowed[n] % total), n))
    for place in order[: abs(difference) - sum(parts)]:
        parts[place] += 1
    return [sign * part for part in parts]


def named(line: dict[str, Any], entries: list[Entry], charge_limit: int) -> Fit | None:
    """How a line settles entries that it names and does not close: charges, part, surplus."""
    amount = line["amount"]
    whole = sum(entry["remaining_amount"] for entry in entries)
    missing = whole - amount
    if len(entries) == 1 and 0 < missing <= charge_limit and charged(line, missing):
        share = Share(entries[0]["entry_id"], amount, 0, missing, "bank_charge")
        return Fit("bank_charge", (share,))
    if len(entries) == 1 and abs(amount) < abs(whole) and (amount > 0) == (whole > 0):
        untouched = entries[0]["remaining_amount"] == entries[0]["amount"]
        late = untouched and amount in (whole - d for d in any_discount(entries[0]))
        rule = "discount_late" if late else "part_payment"
        return Fit(rule, (Share(entries[0]["entry_id"], amount),), closes=False)
    if abs(amount) > abs(whole) and (amount > 0) == (whole > 0) and whole:
        shares = tuple(Share(e["entry_id"], e["remaining_amount"]) for e in entries)
        return Fit("overpayment", shares, amount - whole)
    return None


def written_off(amount: int, entry: Entry) -> Fit:
    """How ``amount`` closes an entry of which a person lets the rest go."""
    rest = entry["remaining_amount"] - amount
    return Fit("write_off", (Share(entry["entry_id"], amount, 0, rest, "write_off"),))


def charged(line: dict[str, Any], missing: int) -> bool:
    """Is ``missing`` what the bank, or else the text, states as charges?"""
    stated = _stated_charges(line)
    if stated:
        return missing == stated
    text = str(line["text"])
    return speaks_of_charges(text) and missing in stated_amounts(text)


def _stated_charges(line: dict[str, Any]) -> int:
    """Charges as the bank states them, or its stated original amount less what arrived."""
    if line["charges"] or line["original_currency"] not in ("", line["currency"]):
        return int(line["charges"])
    return int(line["original_amount"]) - abs(line["amount"]) if line["original_amount"] else 0


def any_discount(entry: Entry) -> list[int]:
    """The discounts of an entry whatever their dates."""
    first, second = entry["discount_amount"], entry["discount_amount_2"]
    return [discount for discount in (first, second) if discount]


def net_amount(entry: Entry, value_date: dt.date | None, grace: int) -> int:
    """What remains of an entry less its first discount that is in time."""
    taken = discounts(entry, value_date, grace)
    return int(entry["remaining_amount"] - (taken[0].amount if taken else 0))
