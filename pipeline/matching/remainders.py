"""What stays open of named documents, or is left over of the money: may it stand so?"""

import re

from pipeline.matching.amounts import Entry, Fit, net_amount
from pipeline.matching.cases import Case, Party
from pipeline.matching.entry_rows import party_of
from pipeline.matching.sums import MOST_FOR_SURE_SUMS, net_sums, sums

_START = 4
_LEAST_PART = 10  # less than a tenth is missing


def remainder(case: Case, fit: Fit, entries: list[Entry], party: Party) -> str:
    """The reason code why what stays open or is left over may not stand so, else empty.

    The amount does not confirm the documents, so the payer must; and nothing else may explain it.
    """
    if fit.closes and fit.rule != "overpayment":
        return ""
    if case.closed_documents:
        return "document_closed"
    if case.unknown_documents or _explained(case, entries, party):
        return "ambiguous"
    if fit.rule != "discount_late" and _paid_instead(case, others(case, entries, party)):
        return "ambiguous"
    if fit.rule == "overpayment" and _unread(case, entries):
        return "ambiguous"
    if not _confirmed(case, entries, party) or _small(case, entries):
        return "amount_differs"
    if fit.rule != "overpayment":
        return ""
    return "overpayment" if case.policy["overpayment"] == "review" else ""


def _unread(case: Case, entries: list[Entry]) -> bool:
    """Does a number stand in the text that begins as the named ones do and is none of them?"""
    known = {re.sub("[^0-9]", "", e["document_no"]) for e in entries}
    starts = {number[:_START] for number in known}
    runs = re.findall(rf"[0-9]{{{_START + 1},}}", case.line["text"])
    return any(run[:_START] in starts and run not in known for run in runs)


def _small(case: Case, entries: list[Entry]) -> bool:
    """Is the difference within the tolerance but for its share? That is no part payment."""
    whole = sum(int(entry["remaining_amount"]) for entry in entries)
    return abs(int(case.line["amount"]) - whole) <= case.tolerance.most


def nearly(case: Case, entries: list[Entry]) -> bool:
    """Is so little missing that a person may let it go?"""
    whole = sum(int(entry["remaining_amount"]) for entry in entries)
    return _small(case, entries) and _LEAST_PART * (whole - int(case.line["amount"])) <= whole


def _confirmed(case: Case, entries: list[Entry], party: Party) -> bool:
    reference = case.line["payment_reference"]
    if reference and any(e["payment_reference"].replace(" ", "") == reference for e in entries):
        return True
    return party in case.by_account or party in case.by_name or party in case.close


def _explained(case: Case, entries: list[Entry], party: Party) -> bool:
    """Would other open entries of the party explain the amount, or what is missing or too much?"""
    line = case.line
    if line["amount"] in case.taken:
        return True
    beside, left = others(case, entries, party), rest(case, entries)
    nets = [net_amount(e, line["value_date"], case.grace) for e in beside]
    if left in (e["remaining_amount"] for e in beside) or left in nets:
        return True
    return bool(sums(left, beside))


def _paid_instead(case: Case, beside: list[Entry]) -> bool:
    """Is the amount one or a sum of ``beside``, less discounts or not?

    Who writes "all but" names what is not paid. Among many entries some sum fits almost any amount,
    which then says nothing.
    """
    amount, day = case.line["amount"], case.line["value_date"]
    if amount in (net_amount(e, day, case.grace) for e in beside):
        return True
    if len(beside) > MOST_FOR_SURE_SUMS:
        return False
    return bool(sums(amount, beside) or net_sums(amount, beside, day, case.grace))


def others(case: Case, entries: list[Entry], party: Party) -> list[Entry]:
    """Open entries of the party in the line's currency beside ``entries``."""
    own = {entry["entry_id"] for entry in entries}
    return [
        e for e in case.beside
        if party_of(e) == party and e["entry_id"] not in own
        and e["currency"] == case.line["currency"] and e["remaining_amount"]
    ]  # fmt: skip


def rest(case: Case, entries: list[Entry]) -> int:
    """What the amount is more than all that is open on ``entries``."""
    return int(case.line["amount"]) - sum(int(entry["remaining_amount"]) for entry in entries)
