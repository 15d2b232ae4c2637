"""Sets of a party's entries that together are an amount: few entries only, and never a guess.

Amounts are minor units.
"""

import datetime as dt

from pipeline.matching.amounts import Entry, net_amount

MOST_FOR_SUMS = 20
MOST_FOR_SURE_SUMS = 12


def net_sums(
    amount: int, entries: list[Entry], value_date: dt.date | None, grace: int
) -> list[tuple[int, ...]]:
    """As ``sums``, each entry less its first discount in time; none where none is in time."""
    nets = [net_amount(entry, value_date, grace) for entry in entries]
    if nets == [entry["remaining_amount"] for entry in entries]:
        return []
    return _sums(amount, [(e["entry_id"], net) for e, net in zip(entries, nets, strict=True)])


def sums(amount: int, entries: list[Entry]) -> list[tuple[int, ...]]:
    """At most two sets of two or more entries whose remaining amounts sum to ``amount``.

    Meet in the middle; none are given beyond 20 entries, where a sum identifies nothing.
    """
    return _sums(amount, [(entry["entry_id"], entry["remaining_amount"]) for entry in entries])


def _sums(amount: int, owed: list[tuple[int, int]]) -> list[tuple[int, ...]]:
    """``sums`` of entry ids and what each of them counts."""
    if amount > 0 and all(open_amount > 0 for _, open_amount in owed):
        owed = [(number, open_amount) for number, open_amount in owed if open_amount <= amount]
    amounts = [open_amount for _, open_amount in owed]
    if not 2 <= len(owed) <= MOST_FOR_SUMS or not _reachable(amount, amounts):
        return []
    half = len(owed) // 2
    left, right = _subsets(amounts[:half]), _subsets(amounts[half:])
    if {amount - total for total in left}.isdisjoint(right):
        return []
    masks: dict[int, list[int]] = {}
    for mask, total in enumerate(right):
        masks.setdefault(total, []).append(mask)
    found: list[tuple[int, ...]] = []
    for one, total in enumerate(left):
        for other in masks.get(amount - total, ()):
            mask = one | other << half
            if mask.bit_count() >= 2:
                found.append(tuple(number for i, (number, _) in enumerate(owed) if mask >> i & 1))
                if len(found) > 1:
                    return found
    return found


def _reachable(amount: int, amounts: list[int]) -> bool:
    return sum(a for a in amounts if a < 0) <= amount <= sum(a for a in amounts if a > 0)


def _subsets(amounts: list[int]) -> list[int]:
    """The sum of every subset; bit i of its place says whether amount i is in it."""
    totals = [0]
    for amount in amounts:
        totals += [total + amount for total in totals]
    return totals
