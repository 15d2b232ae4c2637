"""Oldest due first: money of a sure customer who does not say for what, where the policy says so.

``[policy] ambiguous = "fifo"``. Asked only where nothing but the choice among the customer's own
entries is in doubt. Of several entries of exactly the amount the oldest one takes it; else all are
settled in the order of their due dates, the last one in part. No discount is granted this way, and
never is more settled than is open.
"""

from typing import Any

from pipeline.domain.seen import saw
from pipeline.matching.amounts import Entry, Fit, Share
from pipeline.matching.cases import Answer, Case, Party
from pipeline.matching.entry_rows import entry_rows, party_of

_OF_CHOICE = ("", "ambiguous", "amount_differs")
"""Reasons for a question that only the choice of entries raises."""


def oldest_first(case: Case, party: Party, ready: list[Entry], found: list[Answer]) -> list[Answer]:
    """``found`` with the oldest due of the ``ready`` entries before it, where policy allows it."""
    if case.policy["ambiguous"] != "fifo" or party[0] != "customer" or case.line["amount"] <= 0:
        return found
    of_choice = found[0].confidence != "high" and found[0].reason in _OF_CHOICE
    told = any(party_of(entry) == party for entry, _, _ in case.near)
    if not case.surely(party) or not of_choice or told:
        return found
    owed = sorted((e for e in ready if e["remaining_amount"] > 0), key=age)
    shares = _shares(case.line["amount"], owed)
    if not shares:
        return found
    rows = entry_rows(Fit("oldest", shares, closes=False), owed)
    return [Answer("high", "party_oldest", "", party, rows, saw("oldest")), *found]


def _shares(amount: int, owed: list[Entry]) -> tuple[Share, ...]:
    """What of ``amount`` each of the entries, oldest first, takes; nothing where some is left."""
    equal = [entry for entry in owed if entry["remaining_amount"] == amount]
    shares, left = [], amount
    for entry in equal[:1] or owed:
        if left:
            taken = min(left, entry["remaining_amount"])
            shares.append(Share(entry["entry_id"], taken))
            left -= taken
    return () if left else tuple(shares)


def age(entry: Entry) -> tuple[Any, ...]:
    """A total order by due date; what has none is due when it is posted."""
    due = entry["due_date"] or entry["posting_date"]
    return (due, entry["posting_date"], entry["document_no"], entry["instalment"],
            entry["entry_id"])  # fmt: skip
