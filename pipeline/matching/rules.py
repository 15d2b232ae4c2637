"""The rules by which a line is answered, in their order; each says what it saw and why.

Open bank entries first, then own transfers and the bank's own lines, then documents that the line
names, then the party. ``high`` posts itself; a tie is never above ``low``.
"""

from typing import Any

from pipeline.matching.amounts import MOST_FOR_SUMS, Entry, Fit, closing, named, sums
from pipeline.matching.bank_rules import bank_entry, may_be_booked
from pipeline.matching.cases import Answer, Case, Party

_RETURN_TYPES = {"NRTI", "NRTX"}
_RETURN_CODES = {"059", "108", "109", "159", "181", "184"}
_RETURN_WORDS = ("RUECKLAST", "RÜCKLAST", "RETOURE", "RETURNED", "REJECT", "IMPAYE", "RUECKGABE")
_FEES = {"NCHG": "bank_fees", "SRVCHG": "bank_fees", "FEE": "bank_fees", "NCOM": "bank_fees"}
_INTEREST = {"NINT", "INT"}


def answer(case: Case) -> list[Answer]:
    """The answers for a line, best first; never empty."""
    for rule in (bank_entry, _correction, _transfer, _returned, _bank_line):
        found = rule(case)
        if found:
            return found
    if case.line["amount"] < 0:
        found = _debit(case)
    else:
        found = _documents(case, "customer") or _party(case, "customer") or [_nobody(case)]
    if found[0].confidence == "high" and may_be_booked(case):
        found[0].confidence, found[0].reason = "medium", "ambiguous"
    return found


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
    known = set(case.by_account) or set(case.by_name)
    entries, bare = _named_entries(case, side, known)
    if not entries:
        return []
    parties = {(e["party_type"], e["party_no"]) for e in entries}
    if len(parties) > 1:
        return [_tie("documents of several parties")]
    party = next(iter(parties))
    entries, fit = _fit(case, entries, bare)
    evidence = f"names {', '.join(e['document_no'] for e in entries[:5])}"
    if fit is None:
        single = closing_of_some(case, entries)
        level, rule = ("medium", "documents_some") if single else ("low", "documents")
        rows = _entry_rows(single, entries) if single else []
        return [Answer(level, rule, "amount_differs", party, rows, evidence)]
    doubt = _doubt(case, entries, parties, known) or _remainder(case, fit)
    rule = f"document_{fit.rule}"
    level = "medium" if doubt else "high"
    return [Answer(level, rule, doubt, party, _entry_rows(fit, entries), evidence, strong=True)]


def _named_entries(case: Case, side: str, known: set[Party]) -> tuple[list[Entry], list[Entry]]:
    """Entries named in full, and those of the same party whose bare number stands in the text.

    A bare number counts only for a party that is known otherwise, or that the line names in full.
    """
    own = [e for e in case.named if e["party_type"] == side]
    own = [e for e in own if e["currency"] == case.line["currency"]]
    full = [e for e in own if e["entry_id"] in case.exact]
    mine = [e for e in full if (e["party_type"], e["party_no"]) in known]
    full = mine or full
    parties = {(e["party_type"], e["party_no"]) for e in full} or known
    bare = [e for e in own if e["entry_id"] not in case.exact]
    bare = [e for e in bare if (e["party_type"], e["party_no"]) in parties]
    return (full, bare) if full else (bare, [])


def _fit(case: Case, full: list[Entry], bare: list[Entry]) -> tuple[list[Entry], Fit | None]:
    """What the amount settles: the full names if it closes them, else all numbers together.

    Where bare numbers stand beside full names and neither adds up, nothing is settled.
    """
    line = case.line
    if not bare:
        return full, named(line, full, case.grace, case.tolerance, case.charge_limit)
    for entries in (full, full + bare):
        fit = closing(line["amount"], entries, line["value_date"], case.grace, case.tolerance)
        if fit is not None:
            return entries, fit
    return full + bare, None


def _remainder(case: Case, fit: Fit) -> str:
    """The reason code why what stays open or is left over may not stand so, else empty."""
    if not fit.closes and case.line["amount"] in case.tolerance.taken:
        return "ambiguous"  # a part payment of one entry that would pay another in full
    if fit.rule != "overpayment":
        return ""
    if case.closed_documents:
        return "document_closed"
    return "overpayment" if case.policy["overpayment"] == "review" else ""


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


def _doubt(case: Case, entries: list[Entry], parties: set[Party], known: set[Party]) -> str:
    """The reason code why named documents may not post themselves, else empty."""
    if parties & case.blocked:
        return "party_blocked"
    if any(entry["on_hold"] for entry in entries):
        return "on_hold"
    if any(entry["posting_date"] > case.line["booking_date"] for entry in entries):
        return "not_yet_posted"
    if known and not known & parties:
        return "party_differs"
    return ""


def _tie(evidence: str) -> Answer:
    return Answer("low", "tie", "ambiguous", evidence=evidence)


def _party(case: Case, side: str) -> list[Answer]:
    """The party is certain, the line names no document: exactly one entry or sum must fit."""
    line = case.line
    parties = [p for p in (case.by_account or case.by_name) if p[0] == side]
    if not parties:
        return []
    if len(parties) > 1:
        return [_tie("several parties have this account or name")]
    party = parties[0]
    level = "medium" if case.close_name and not case.by_account else "high"
    blocked = "party_blocked" if party in case.blocked else ""
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
    if blocked or len(entries) > MOST_FOR_SUMS:  # so many that no other sum can be ruled out
        level = "medium"
    if len(exact) == 1 and not summed:
        fit, entry = exact[0]
        rule = f"party_{fit.rule}"
        return [Answer(level, rule, blocked, party, _entry_rows(fit, [entry]), "one entry fits")]
    if not exact and len(summed) == 1:
        chosen = [e for e in entries if e["entry_id"] in summed[0]]
        whole = closing(line["amount"], chosen, line["value_date"], case.grace, case.tolerance)
        if whole:
            rows = _entry_rows(whole, chosen)
            return [Answer(level, "party_sum", blocked, party, rows, "one sum of entries fits")]
    if exact or summed:
        return [
            Answer("low", "party_tie", "ambiguous", party, _entry_rows(fit, [e]), "several fit")
            for fit, e in exact[:5]
        ] or [Answer("low", "party_tie", "ambiguous", party, [], "several sums fit")]
    reason = "document_closed" if case.closed_documents else "amount_differs"
    return [Answer("low", "party", reason, party, [], "no entry or sum fits the amount")]


def _without_entry(case: Case, party: Party) -> Answer:
    wanted = case.policy["party_without_entry"] == "on_account" and case.line["amount"] > 0
    if wanted and party not in case.blocked:
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
