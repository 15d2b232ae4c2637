"""Open bank entries come first: what the books already show, the bank confirms (section 5)."""

import re
from typing import Any

from pipeline.domain.seen import Seen, saw
from pipeline.matching.amounts import Entry
from pipeline.matching.cases import Answer, Case, Party
from pipeline.matching.entry_rows import party_of
from pipeline.matching.text import FORMS, is_check
from pipeline.matching.transfers import of_our_name

_NEAR_DAYS = 10


def bank_row(entry: Entry, applied: int | None = None) -> dict[str, Any]:
    """The row that confirms a bank entry, in part where ``applied`` says so."""
    amount = entry["remaining_amount"] if applied is None else applied
    return {
        "target": "bank_entry",
        "target_id": entry["bank_entry_id"],
        "party_type": "bank",
        "party_no": entry["bank_account_no"],
        "applied_amount": amount,
        "entry_amount": amount,
    }


def bank_entry(case: Case) -> list[Answer]:
    """Open bank entries of the line's account: by number, by batch, then by amount and date."""
    if not (case.bank_named or case.batch_named or case.bank_same or case.batches):
        return []
    line = case.line
    hits = [e for e in case.bank_named if e["currency"] == line["currency"]]
    party = ("bank", line["bank_account_no"])
    hits = [e for e in hits if not _taken_back(e, line["amount"])]
    live = [e for e in hits if e["status"] == "open" and e["remaining_amount"]]
    sure = [e for e in live if e["remaining_amount"] == line["amount"]]
    odd = [e for e in hits if e not in live and not (sure and _is_cleared(e))]
    if odd:
        rows = [bank_row(e) for e in odd[:1] if not _is_cleared(e)]
        return [Answer("low", "check", "check_irregular", party, rows, saw("bank_not_open"))]
    if len(sure) == 1:
        return [_confirm(case, sure, "bank_entry_named", saw("bank_number_agrees"))]
    if len(case.batches) == 1 and len(case.batches[0]) > 1 and not _batch_of_others(case):
        return [_batch(case)]
    if live and not sure:
        return _part(case, live) or _differs(case, live)
    return _part(case, case.batch_named) or _by_amount(case)


def _taken_back(entry: Entry, amount: int) -> bool:
    """A cleared check whose money comes back: that is a return, not the check again."""
    return _is_cleared(entry) and (entry["amount"] > 0) != (amount > 0)


def _is_cleared(entry: Entry) -> bool:
    return bool(entry["status"] == "cleared" or not entry["remaining_amount"])


def _part(case: Case, hits: list[Entry]) -> list[Answer]:
    """A run booked as one entry of no single party is debited singly: it closes in parts."""
    line = case.line
    runs = [e for e in hits if not e["party_no"] and not e["check_no"] and e["status"] == "open"]
    runs = [e for e in runs if e["currency"] == line["currency"]]
    if len(runs) != 1 or case.bank_same:
        return []
    left = runs[0]["remaining_amount"]
    if (left > 0) != (line["amount"] > 0) or abs(left) < abs(line["amount"]):
        return []
    found = _confirm(case, runs, "bank_entry_part", saw("bank_part"))
    found.rows = [bank_row(runs[0], line["amount"])]
    return [found]


def _differs(case: Case, hits: list[Entry]) -> list[Answer]:
    rows = [bank_row(hits[0])]
    party = ("bank", case.line["bank_account_no"])
    return [Answer("low", "check", "check_amount_differs", party, rows, saw("bank_differs"))]


def _confirm(case: Case, entries: list[Entry], rule: str, evidence: Seen) -> Answer:
    """The line names these entries; what is posted after its booking date waits."""
    late = any(e["posting_date"] > case.line["booking_date"] for e in entries)
    level, reason = ("medium", "not_yet_posted") if late else ("high", "")
    party = ("bank", case.line["bank_account_no"])
    rows = [bank_row(entry) for entry in entries]
    return Answer(level, rule, reason, party, rows, evidence, strong=True)


def _by_amount(case: Case) -> list[Answer]:
    line = case.line
    party = ("bank", line["bank_account_no"])
    near = [e for e in case.bank_same if _near(case, e) and not _of_another(case, e)]
    if len(near) > 1:
        return [
            Answer("low", "bank_entry_amount", "ambiguous", party, [bank_row(e)], saw("bank_tie"))
            for e in near[:5]
        ]
    if not near or line["check_no"]:
        return []
    level, reason = _contradiction(case, near[0])
    evidence = saw("bank_only")
    return [Answer(level, "bank_entry_amount", reason, party, [bank_row(near[0])], evidence)]


def _of_another(case: Case, entry: Entry) -> bool:
    """Is the bank entry one party's, and the line known to come from another?"""
    own = (entry["party_type"], entry["party_no"])
    payers = case.by_account or (not case.close_name and case.by_name)
    return bool(entry["party_no"] and payers and own not in _told(case))


def _batch(case: Case) -> Answer:
    """The whole batch; where only its sum is told, a line of somebody else is a question."""
    found = _confirm(case, case.batches[0], "bank_entry_batch", saw("bank_batch"))
    somebody = _told(case) or stranger(case)
    if found.confidence == "high" and somebody and not _batch_is_named(case):
        own = {(e["party_type"], e["party_no"]) for e in case.batches[0]}
        if not own & _told(case):
            found.confidence, found.reason = "medium", "ambiguous"
    return found


def _batch_of_others(case: Case) -> bool:
    """Is only the sum that of the batch, and does the line tell somebody who is not in it?"""
    told = _told(case)
    own = {(e["party_type"], e["party_no"]) for e in case.batches[0]}
    others = told and all(no for _, no in own) and not own & told
    return bool(others and not _batch_is_named(case))


def _batch_is_named(case: Case) -> bool:
    named = {e["bank_entry_id"] for e in (*case.batch_named, *case.bank_named)}
    return any(e["bank_entry_id"] in named for e in case.batches[0])


def _told(case: Case) -> set[Party]:
    """The parties that account, a sure name or a document named in full tell."""
    payers = {*case.by_account, *([] if case.close_name else case.by_name)}
    return payers | {party_of(e) for e in case.full}


def _contradiction(case: Case, entry: Entry) -> tuple[str, str]:
    """Confidence and reason: does the line point to another party than the bank entry's?

    A check is no answer to a line that is none, such as a card payment of its amount.
    A bank entry of no party is no answer to a line that tells its party or a document; and neither
    a line of somebody unknown nor one payment of a batch is told by its amount alone.
    """
    own = (entry["party_type"], entry["party_no"])
    named = {party_of(e) for e in case.full}
    if named and own not in named:
        return "low", "ambiguous"
    if entry["check_no"] and not is_check(case.line):
        return "medium", "ambiguous"
    if not entry["party_no"]:
        told = case.named or case.by_account or case.by_name or stranger(case)
        return ("medium", "ambiguous") if told else ("high", "")
    stated = bool(case.line["counterparty_account"])
    if stated and own not in case.by_account and (case.by_account or own in case.on_file):
        return "medium", "payee_account_unknown" if case.line["amount"] < 0 else "party_differs"
    if own in named or own in case.by_account or (own in case.by_name and not case.close_name):
        return "high", ""
    if case.by_name or case.line["counterparty_name"]:
        return "medium", "party_differs"
    beside = entry["batch_no"] and [entry] not in case.batches
    return ("medium", "ambiguous") if beside else ("high", "")


def stranger(case: Case) -> bool:
    """Does the bank state a name that is not ours, and not its own words for the line again?

    These begin the text too ("DEPOSIT", "DEPOSIT AT THE COUNTER") and have no legal form; a name
    that only stands in it is that of a payer.
    """
    name, text = case.line["counterparty_name"].upper(), case.line["text"].upper()
    if not name or (text.startswith(name) and not FORMS & set(re.findall("[A-Z]+", name))):
        return False
    return not of_our_name([case.line | {"text": ""}], case.company)


def _near(case: Case, entry: Entry) -> bool:
    """Posted at most ten days before the line, or any time before for a party of the line."""
    age = (case.line["booking_date"] - entry["posting_date"]).days
    named = {(e["party_type"], e["party_no"]) for e in case.named}
    same_party = (entry["party_type"], entry["party_no"]) in {
        *named, *case.by_account, *case.by_name
    }  # fmt: skip
    return age >= 0 and (age <= _NEAR_DAYS or same_party)


def may_be_booked(case: Case) -> bool:
    """An older open bank entry without a party has this amount: the books may have paid already."""
    return any(
        not e["party_no"] and e["posting_date"] <= case.line["booking_date"] for e in case.bank_same
    )
