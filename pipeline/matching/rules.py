"""The rules by which a line is answered, in their order; each says what it saw and why.

Open bank entries first, then own transfers and the bank's own lines, then documents that the line
names, then the party. ``high`` posts itself; a tie is never above ``low``.
"""

import datetime as dt
from dataclasses import dataclass, field
from typing import Any

from pipeline.matching.amounts import Entry, Fit, closing, named, sums

Line = dict[str, Any]
_RETURN_TYPES = {"NRTI", "NRTX"}
_RETURN_CODES = {"059", "108", "109", "159", "181", "184"}
_RETURN_WORDS = ("RUECKLAST", "RÜCKLAST", "RETOURE", "RETURNED", "REJECT", "IMPAYE", "RUECKGABE")
_FEES = {"NCHG": "bank_fees", "SRVCHG": "bank_fees", "FEE": "bank_fees", "NCOM": "bank_fees"}
_INTEREST = {"NINT", "INT"}
_NEAR_DAYS = 10


@dataclass(slots=True)
class Answer:
    """One possible answer for a line; ``rows`` by the names of ``frames.PROPOSED``."""

    confidence: str
    rule: str
    reason: str = ""
    party: tuple[str, str] = ("", "")
    rows: list[dict[str, Any]] = field(default_factory=list)
    evidence: str = ""
    strong: bool = False

    def claims(self) -> list[tuple[str, int]]:
        """The entries and bank entries that this answer would settle."""
        return [(row["target"], row["target_id"]) for row in self.rows if row["target_id"]]


@dataclass(slots=True)
class Case:
    """All that is known of one line: candidates still open at its turn."""

    line: Line
    named: list[Entry]
    exact: set[int]
    by_account: list[tuple[str, str]]
    by_name: list[tuple[str, str]]
    close_name: bool
    party_entries: list[Entry]
    bank_entries: list[Entry]
    closed_documents: bool
    own_account: bool
    payee_on_file: bool
    grace: int
    tolerance: int
    charge_limit: int
    policy: dict[str, Any]


def answer(case: Case) -> list[Answer]:
    """The answers for a line, best first; never empty."""
    for rule in (_bank_entry, _correction, _transfer, _returned, _bank_line):
        found = rule(case)
        if found:
            return found
    if case.line["amount"] < 0:
        return _debit(case)
    return _documents(case, "customer") or _party(case, "customer") or [_nobody(case)]


def _bank_row(entry: Entry) -> dict[str, Any]:
    return {
        "target": "bank_entry",
        "target_id": entry["bank_entry_id"],
        "party_type": "bank",
        "party_no": entry["bank_account_no"],
        "applied_amount": entry["remaining_amount"],
        "entry_amount": entry["remaining_amount"],
    }


def _bank_entry(case: Case) -> list[Answer]:
    line = case.line
    text = f"{line['text']} {line['customer_reference']} {line['end_to_end_id']}".upper()
    text_no = "".join(c for c in text if c.isalnum())
    hits = [e for e in case.bank_entries if _names_bank_entry(line, text_no, e)]
    party = ("bank", line["bank_account_no"])
    odd = [e for e in hits if e["status"] != "open"]
    if odd:
        rows = [_bank_row(e) for e in odd[:1]]
        return [Answer("low", "check", "check_irregular", party, rows, "bank entry is not open")]
    live = [e for e in case.bank_entries if e["status"] == "open"]
    same = [e for e in live if e["remaining_amount"] == line["amount"]]
    sure = [e for e in hits if e["remaining_amount"] == line["amount"]]
    if len(sure) == 1:
        return [Answer("high", "bank_entry_named", "", party, [_bank_row(sure[0])],
                       "number and amount agree", strong=True)]  # fmt: skip
    batch = _batch(line, live, text_no)
    if batch:
        return [batch]
    if hits and not sure and any(e["check_no"] for e in hits):
        rows = [_bank_row(hits[0])]
        return [Answer("low", "check", "check_amount_differs", party, rows, "amount differs")]
    near = [e for e in same if _near(line["booking_date"], e["posting_date"])]
    if len(near) == 1 and not line["check_no"] and not case.named:
        return [Answer("high", "bank_entry_amount", "", party, [_bank_row(near[0])],
                       "only open bank entry of this amount")]  # fmt: skip
    if len(near) > 1:
        return [
            Answer("low", "bank_entry_amount", "ambiguous", party, [_bank_row(e)], "tie")
            for e in near[:5]
        ]
    return []


def _names_bank_entry(line: Line, text_no: str, entry: Entry) -> bool:
    check = entry["check_no"].lstrip("0")
    if check and line["check_no"].lstrip("0") == check:
        return True
    if entry["end_to_end_id"] and entry["end_to_end_id"] == line["end_to_end_id"]:
        return True
    number = "".join(c for c in entry["document_no"].upper() if c.isalnum())
    return len(number) >= 4 and number in text_no


def _batch(line: Line, live: list[Entry], text_no: str) -> Answer | None:
    batches: dict[str, list[Entry]] = {}
    for entry in live:
        if entry["batch_no"]:
            batches.setdefault(entry["batch_no"], []).append(entry)
    whole = [
        (no, entries)
        for no, entries in sorted(batches.items())
        if sum(e["remaining_amount"] for e in entries) == line["amount"]
    ]
    if len(whole) != 1:
        return None
    rows = [_bank_row(entry) for entry in whole[0][1]]
    party = ("bank", line["bank_account_no"])
    return Answer("high", "bank_entry_batch", "", party, rows, "sum of the batch", strong=True)


def _near(day: dt.date | None, other: dt.date | None) -> bool:
    return bool(day and other and other <= day and (day - other).days <= _NEAR_DAYS)


def _correction(case: Case) -> list[Answer]:
    if not case.line["corrects"]:
        return []
    return [Answer("none", "correction", "correction", evidence="the bank corrects another line")]


def _transfer(case: Case) -> list[Answer]:
    if not case.own_account:
        return []
    row = {"target": "transfer", "target_id": 0, "applied_amount": case.line["amount"]}
    return [Answer("high", "own_transfer", "", ("gl", ""), [row], "the other account is ours")]


def _returned(case: Case) -> list[Answer]:
    line = case.line
    words = f"{line['text']}".upper()
    sign = line["is_reversal"] or line["type_code"] in _RETURN_TYPES
    sign = sign or line["business_code"] in _RETURN_CODES or any(w in words for w in _RETURN_WORDS)
    if not sign:
        return []
    return [Answer("low", "return", "possible_return", evidence="the bank takes back a line")]


def _bank_line(case: Case) -> list[Answer]:
    line = case.line
    key = _FEES.get(line["type_code"], "")
    if line["type_code"] in _INTEREST:
        key = "interest_income" if line["amount"] > 0 else "interest_expense"
    if not key or case.named:
        return []
    row = {"target": "gl", "target_id": 0, "gl_account": key, "applied_amount": line["amount"]}
    return [Answer("high", key, "", ("gl", ""), [row], f"type code {line['type_code']}")]


def _entry_rows(fit: Fit, entries: list[Entry]) -> list[dict[str, Any]]:
    own = {entry["entry_id"]: entry for entry in entries}
    rows: list[dict[str, Any]] = []
    for share in fit.shares:
        entry = own[share.entry_id]
        rows.append(
            {
                "target": "entry",
                "target_id": share.entry_id,
                "party_type": entry["party_type"],
                "party_no": entry["party_no"],
                "applied_amount": share.applied,
                "entry_amount": share.settled,
                "discount_amount": share.discount,
                "difference_amount": share.difference,
                "difference_kind": share.kind,
            }
        )
    if fit.on_account:
        first = entries[0]
        party = {"party_type": first["party_type"], "party_no": first["party_no"]}
        rows.append({"target": "on_account", "target_id": 0, **party,
                     "applied_amount": fit.on_account})  # fmt: skip
    return rows


def _documents(case: Case, side: str) -> list[Answer]:
    """Documents that the line names, all of one party."""
    line = case.line
    known = set(case.by_account) or set(case.by_name)
    entries = [e for e in case.named if e["party_type"] == side]
    entries = [
        e
        for e in entries
        if e["entry_id"] in case.exact or (e["party_type"], e["party_no"]) in known
    ]
    entries = [e for e in entries if e["currency"] == line["currency"]]
    parties = sorted({(e["party_type"], e["party_no"]) for e in entries})
    if not entries:
        return []
    if len(parties) > 1:
        mine = [e for e in entries if (e["party_type"], e["party_no"]) in known]
        if len({(e["party_type"], e["party_no"]) for e in mine}) != 1:
            return [_tie(case, entries, "documents of several parties")]
        entries, parties = mine, [(mine[0]["party_type"], mine[0]["party_no"])]
    fit = named(line, entries, case.grace, case.tolerance, case.charge_limit)
    doubt = _doubt(case, entries, set(parties), known)
    evidence = f"names {', '.join(e['document_no'] for e in entries[:5])}"
    if fit is None:
        single = closing_of_some(case, entries)
        if single:
            return [Answer("medium", "documents_some", "amount_differs", parties[0],
                           _entry_rows(single, entries), evidence)]  # fmt: skip
        return [Answer("low", "documents", "amount_differs", parties[0], [], evidence)]
    if fit.rule == "overpayment" and case.policy["overpayment"] == "review":
        doubt = doubt or "overpayment"
    rows = _entry_rows(fit, entries)
    level = "medium" if doubt else "high"
    rule = f"document_{fit.rule}"
    return [Answer(level, rule, doubt, parties[0], rows, evidence, strong=True)]


def closing_of_some(case: Case, entries: list[Entry]) -> Fit | None:
    """The one named entry that the amount closes by itself, if there is exactly one."""
    fits = [
        fit
        for entry in entries
        if (
            fit := closing(
                case.line["amount"], [entry], case.line["value_date"], case.grace, case.tolerance
            )
        )
    ]
    return fits[0] if len(fits) == 1 else None


def _doubt(
    case: Case, entries: list[Entry], parties: set[tuple[str, str]], known: set[tuple[str, str]]
) -> str:
    """The reason code why named documents may not post themselves, else empty."""
    if any(entry["on_hold"] for entry in entries):
        return "on_hold"
    if any(entry["posting_date"] > case.line["booking_date"] for entry in entries):
        return "not_yet_posted"
    if known and not known & parties:
        return "party_differs"
    return ""


def _tie(case: Case, entries: list[Entry], evidence: str) -> Answer:
    return Answer("low", "tie", "ambiguous", evidence=evidence)


def _party(case: Case, side: str) -> list[Answer]:
    """The party is certain, the line names no document: exactly one entry or sum must fit."""
    line = case.line
    parties = [p for p in (case.by_account or case.by_name) if p[0] == side]
    if not parties:
        return []
    if len(parties) > 1:
        return [_tie(case, [], "several parties have this account or name")]
    party = parties[0]
    level = "medium" if case.close_name and not case.by_account else "high"
    entries = [
        e
        for e in case.party_entries
        if (e["party_type"], e["party_no"]) == party
        and e["currency"] == line["currency"]
        and e["posting_date"] <= line["booking_date"]
        and not e["on_hold"]
    ]
    if not entries:
        return [_without_entry(case, party)]
    single = [
        (fit, e)
        for e in entries
        if (fit := closing(line["amount"], [e], line["value_date"], case.grace, case.tolerance))
    ]
    exact = [pair for pair in single if pair[0].rule == "exact"] or single
    summed = sums(line["amount"], entries)
    if len(exact) == 1 and not summed:
        fit, entry = exact[0]
        rule = f"party_{fit.rule}"
        return [Answer(level, rule, "", party, _entry_rows(fit, [entry]), "one entry fits")]
    if not exact and len(summed) == 1 and len(entries) <= 20:
        chosen = [e for e in entries if e["entry_id"] in summed[0]]
        whole = closing(line["amount"], chosen, line["value_date"], case.grace, 0)
        if whole:
            rows = _entry_rows(whole, chosen)
            return [Answer(level, "party_sum", "", party, rows, "one sum of entries fits")]
    if exact or summed:
        return [
            Answer("low", "party_tie", "ambiguous", party, _entry_rows(fit, [e]), "several fit")
            for fit, e in exact[:5]
        ] or [Answer("low", "party_tie", "ambiguous", party, [], "several sums fit")]
    reason = "document_closed" if case.closed_documents else "amount_differs"
    return [Answer("low", "party", reason, party, [], "no entry or sum fits the amount")]


def _without_entry(case: Case, party: tuple[str, str]) -> Answer:
    if case.policy["party_without_entry"] == "on_account" and case.line["amount"] > 0:
        row = {"target": "on_account", "target_id": 0, "party_type": party[0],
               "party_no": party[1], "applied_amount": case.line["amount"]}  # fmt: skip
        return Answer("high", "party_on_account", "", party, [row], "no open entry")
    return Answer("low", "party", "party_without_entry", party, [], "no open entry")


def _debit(case: Case) -> list[Answer]:
    """Money out does not explain itself (accounting rules, section 5)."""
    found = _documents(case, "vendor") or _party(case, "vendor")
    if not found:
        refund = _documents(case, "customer")
        reason = "customer_refund" if refund else "unannounced_debit"
        return [Answer("low" if refund else "none", "debit", reason, evidence="money out")]
    known = {party for party in case.by_account if party[0] == "vendor"}
    need = case.policy["debit_needs_known_account"]
    stated = bool(case.line["counterparty_account"])
    for best in found:
        if best.confidence != "high":
            continue
        contradicts = stated and case.payee_on_file and best.party not in known
        missing = need == "always" and best.party not in known
        by_name_only = not best.strong and best.party not in known
        if (contradicts and need != "never") or missing or by_name_only:
            best.confidence, best.reason = "medium", "payee_account_unknown"
    return found


def _nobody(case: Case) -> Answer:
    if case.closed_documents:
        return Answer("none", "closed", "document_closed", evidence="names a closed document")
    return Answer("none", "none", "unknown_payer", evidence="no account, name or document is known")
