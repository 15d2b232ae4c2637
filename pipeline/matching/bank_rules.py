"""Open bank entries come first: what the books already show, the bank confirms (section 5)."""

import itertools
import re
from typing import Any

from pipeline.matching.amounts import Entry
from pipeline.matching.cases import Answer, Case, Line

_NEAR_DAYS = 10
_WORD = re.compile(r"[A-Z0-9]+(?:[-./_][A-Z0-9]+)*")


def _bank_row(entry: Entry) -> dict[str, Any]:
    return {
        "target": "bank_entry",
        "target_id": entry["bank_entry_id"],
        "party_type": "bank",
        "party_no": entry["bank_account_no"],
        "applied_amount": entry["remaining_amount"],
        "entry_amount": entry["remaining_amount"],
    }


def bank_entry(case: Case) -> list[Answer]:
    """Open bank entries of the line's account: by number, by batch, then by amount and date."""
    line = case.line
    mine = [e for e in case.bank_entries if e["currency"] == line["currency"]]
    tokens = _tokens(line)
    hits = [e for e in mine if _names_bank_entry(line, tokens, e)]
    party = ("bank", line["bank_account_no"])
    odd = [e for e in hits if e["status"] != "open"]
    if odd:
        rows = [_bank_row(e) for e in odd[:1]]
        return [Answer("low", "check", "check_irregular", party, rows, "bank entry is not open")]
    sure = [e for e in hits if e["remaining_amount"] == line["amount"]]
    if len(sure) == 1:
        return [_confirm(case, sure, "bank_entry_named", "number and amount agree")]
    live = [e for e in mine if e["status"] == "open"]
    batch = _batch(line, live)
    if batch:
        return [_confirm(case, batch, "bank_entry_batch", "sum of the batch")]
    if hits and not sure and any(e["check_no"] for e in hits):
        rows = [_bank_row(hits[0])]
        return [Answer("low", "check", "check_amount_differs", party, rows, "amount differs")]
    return _by_amount(case, live)


def _confirm(case: Case, entries: list[Entry], rule: str, evidence: str) -> Answer:
    """The line names these entries; what is posted after its booking date waits."""
    late = any(e["posting_date"] > case.line["booking_date"] for e in entries)
    level, reason = ("medium", "not_yet_posted") if late else ("high", "")
    party = ("bank", case.line["bank_account_no"])
    rows = [_bank_row(entry) for entry in entries]
    return Answer(level, rule, reason, party, rows, evidence, strong=True)


def _by_amount(case: Case, live: list[Entry]) -> list[Answer]:
    line = case.line
    party = ("bank", line["bank_account_no"])
    near = [e for e in live if e["remaining_amount"] == line["amount"] and _near(case, e)]
    if len(near) > 1:
        return [
            Answer("low", "bank_entry_amount", "ambiguous", party, [_bank_row(e)], "tie")
            for e in near[:5]
        ]
    if not near or line["check_no"]:
        return []
    level, reason = _contradiction(case, near[0])
    evidence = "only open bank entry of this amount"
    return [Answer(level, "bank_entry_amount", reason, party, [_bank_row(near[0])], evidence)]


def _contradiction(case: Case, entry: Entry) -> tuple[str, str]:
    """Confidence and reason: does the line point to another party than the bank entry's?"""
    own = (entry["party_type"], entry["party_no"])
    named = {(e["party_type"], e["party_no"]) for e in case.named if e["entry_id"] in case.exact}
    if named and own not in named:
        return "low", "ambiguous"
    if not entry["party_no"]:
        return "high", ""
    stated = bool(case.line["counterparty_account"])
    if stated and own not in case.by_account and (case.by_account or own in case.on_file):
        return "medium", "payee_account_unknown" if case.line["amount"] < 0 else "party_differs"
    if not case.by_account and case.by_name and own not in case.by_name:
        return "medium", "party_differs"
    return "high", ""


def _tokens(line: Line) -> set[str]:
    """Words of the line as letters and digits, and neighbours joined, since banks split numbers."""
    text = f"{line['text']} {line['customer_reference']} {line['end_to_end_id']}".upper()
    words = [_plain(word) for word in _WORD.findall(text)]
    return {*words, *(a + b for a, b in itertools.pairwise(words))}


def _plain(text: str) -> str:
    return "".join(letter for letter in text.upper() if letter.isalnum())


def _names_bank_entry(line: Line, tokens: set[str], entry: Entry) -> bool:
    check = entry["check_no"].lstrip("0")
    if check and line["check_no"].lstrip("0") == check:
        return True
    if entry["end_to_end_id"] and entry["end_to_end_id"] == line["end_to_end_id"]:
        return True
    number = _plain(entry["document_no"])
    return len(number) >= 4 and number in tokens


def _batch(line: Line, live: list[Entry]) -> list[Entry] | None:
    """The one batch whose open entries sum exactly to the line."""
    batches: dict[str, list[Entry]] = {}
    for entry in live:
        if entry["batch_no"]:
            batches.setdefault(entry["batch_no"], []).append(entry)
    whole = [
        (no, entries)
        for no, entries in sorted(batches.items())
        if sum(e["remaining_amount"] for e in entries) == line["amount"]
    ]
    return whole[0][1] if len(whole) == 1 else None


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
    line = case.line
    return any(
        e["status"] == "open"
        and not e["party_no"]
        and e["currency"] == line["currency"]
        and e["remaining_amount"] == line["amount"]
        and e["posting_date"] <= line["booking_date"]
        for e in case.bank_entries
    )
