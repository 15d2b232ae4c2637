"""A line states the reference of a statement's payment part: it pays those entries, or it asks."""

from pipeline.domain.seen import Seen, saw
from pipeline.matching.amounts import Entry, Fit, Share
from pipeline.matching.cases import Answer, Case, Party
from pipeline.matching.document_rules import doubtful
from pipeline.matching.entry_rows import entry_rows, numbers, party_of
from pipeline.matching.oldest_first import age


def payment_part(case: Case) -> list[Answer]:
    """The answer where money in comes with such a reference, in its currency.

    Only the amount of the part posts itself, and only while all its entries are as they were.
    """
    line, entries = case.line, [entry for entry, _ in case.part]
    if not entries or line["amount"] <= 0 or entries[0]["currency"] != line["currency"]:
        return []
    party = party_of(entries[0])
    left = [entry for entry in entries if entry["remaining_amount"]]
    evidence = saw("names_by_reference", numbers(entries))
    if not left:
        return [_paid_again(case, party, evidence)]
    if any(entry["remaining_amount"] != stated for entry, stated in case.part):
        rule, reason = "payment_part_partly_paid", "reference_partly_paid"
    elif line["amount"] != sum(stated for _, stated in case.part):
        rule, reason = "payment_part_differs", "amount_differs"
    else:
        rule, reason = "payment_part", _doubtful(case, entries, party) or _beside(case, entries)
    fit = case.closing(left) or _by_age(line["amount"], left)
    level = "medium" if reason else "high"
    return [Answer(level, rule, reason, party, entry_rows(fit, left), evidence, strong=True)]


def _doubtful(case: Case, entries: list[Entry], party: Party) -> str:
    """As ``doubtful``; but a parent pays for its group, whose statement it gets."""
    reason, payers = doubtful(case, entries, party), set(case.by_account or case.by_name)
    kind, number = party
    above: set[Party] = set()
    while (number := case.above.get(number, "")) and (kind, number) not in above:
        above.add((kind, number))
    return "" if reason == "party_differs" and payers <= above else reason


def _paid_again(case: Case, party: Party, evidence: Seen) -> Answer:
    row = {"target": "on_account", "target_id": 0, "party_type": party[0], "party_no": party[1],
           "applied_amount": case.line["amount"]}  # fmt: skip
    return Answer("medium", "payment_part_again", "duplicate_payment", party, [row], evidence)


def _beside(case: Case, entries: list[Entry]) -> str:
    """The reason code where the line names other documents too, open or closed, else empty."""
    own = {entry["entry_id"] for entry in entries}
    if any(entry["entry_id"] not in own for entry in case.full) or case.unknown_documents:
        return "ambiguous"
    return "document_closed" if case.closed_documents else ""


def _by_age(amount: int, entries: list[Entry]) -> Fit:
    """Credits in full, then what is owed, oldest due first; what is too much stays on account."""
    credits = [entry for entry in entries if entry["remaining_amount"] < 0]
    shares = [Share(entry["entry_id"], entry["remaining_amount"]) for entry in credits]
    left = amount - sum(share.applied for share in shares)
    for entry in sorted((e for e in entries if e["remaining_amount"] > 0), key=age):
        taken = min(left, entry["remaining_amount"])
        if taken:
            shares.append(Share(entry["entry_id"], taken))
            left -= taken
    return Fit("oldest", tuple(shares), left, closes=False)
