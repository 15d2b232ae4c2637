"""The rules by which a line is answered, in their order; each says what it saw and why.

Open bank entries first, then own transfers and the bank's own lines, then documents that the line
names, then the party, and last what a person taught for a text. ``high`` posts itself; a tie is
never above ``low``.
"""

from dataclasses import replace

from pipeline.domain.seen import saw
from pipeline.matching import purposes
from pipeline.matching.bank_rules import bank_entry, may_be_booked, stranger
from pipeline.matching.cases import Answer, Case, Line
from pipeline.matching.debits import debit
from pipeline.matching.entry_rows import gl_row, party_of
from pipeline.matching.mapping_rules import mapped
from pipeline.matching.near_rules import by_number, perhaps
from pipeline.matching.part_rules import payment_part
from pipeline.matching.stated_rules import by_payer, by_stated_amount

_BY_AMOUNT = frozenset(["bank_entry_amount", "bank_entry_batch"])
RETURN_TYPES = frozenset(["NRTI", "NRTX"])
RETURN_CODES = frozenset(["059", "108", "109", "159", "181", "184"])
BANKS_RETURN_WORDS = (
    "RUECKLAST",
    "RÜCKLAST",
    "RETURN ITEM",
    "RETURNED ITEM",
    "RETURNED ACH",
    "RETURNED CHE",
    "RETURNED DEPOSIT",
    "IMPAYE",
    "RUECKLEITUNG",
    "RÜCKLEITUNG",
    "UNPAID DD",
    "UNPAID ITEM",
    "UNPAID CHEQUE",
    "REJET PRELEVEMENT",
    "REJET DE VIREMENT",
    "AVVIST",
)
RETURN_WORDS = (*BANKS_RETURN_WORDS, "RETOURE", "RETURNED", "REJECT", "RUECKGABE", "RETURNERT")
"""Those of banks, and words by which people mean goods that came back too."""
FEES = {"NCHG": "bank_fees", "SRVCHG": "bank_fees", "FEE": "bank_fees", "NCOM": "bank_fees"}
INTEREST = frozenset(["NINT", "INT"])
_TAX_WORDS = ("VERRECHNUNGSSTEUER", "KAPITALERTRAG", "ABGELTUNG", "QUELLENSTEUER",
              "IMPOT ANTICIPE", "IMPÔT ANTICIPÉ", "PRELEVEMENT", "PRÉLÈVEMENT", "WITHHOLDING",
              "TAX WITHHELD")  # fmt: skip


def answer(case: Case) -> list[Answer]:
    """The answers for a line, best first; never empty."""
    for rule in (_correction, _booked, _transfer, _returned, _bank_line):
        found = rule(case)
        if found:
            return found
    found = mapped(case, _settling(case))
    if found[0].confidence == "high" and may_be_booked(case):
        found[0].confidence, found[0].reason = "medium", "ambiguous"
    return found


def _settling(case: Case) -> list[Answer]:
    """What the books show as owed, unless the payer says that it is for something else."""
    return purposes.asked(case, payment_part(case) or _owed(case))


def _owed(case: Case) -> list[Answer]:
    """What is owed: documents, then the party."""
    side = "vendor" if case.line["amount"] < 0 else "customer"
    found = debit(case) if side == "vendor" else _receipt(case)
    if found[0].confidence != "high" and not found[0].rule.startswith("near_"):
        found = [*perhaps(case, side), *found]
    return found


def _booked(case: Case) -> list[Answer]:
    """Open bank entries; the amount alone says nothing of a line by which the bank takes back."""
    found = bank_entry(case)
    if found and found[0].rule == "bank_entry_part" and case.line["type_code"] in FEES:
        return []
    if found and found[0].rule == "bank_entry_amount" and _returned(case):
        found[0].confidence, found[0].reason = "low", "ambiguous"
    elif found and found[0].confidence != "high" and found[0].rule in _BY_AMOUNT:
        found = _beside(found, _settling(case))
    return found


def _beside(booked: list[Answer], owed: list[Answer]) -> list[Answer]:
    """Bank entries of which only the amount tells, and what is owed: sure documents come first."""
    best = owed[0]
    if best.confidence == "high" and best.strong:
        return [replace(best, confidence="medium", reason="ambiguous"), *booked]
    return [*booked, *(answer for answer in owed if answer.rows)]


def _receipt(case: Case) -> list[Answer]:
    return (
        by_number(case, "customer")
        or by_number(case, "vendor")
        or by_stated_amount(case, "customer")
        or by_payer(case, "customer")
        or [_nobody(case)]
    )


def _correction(case: Case) -> list[Answer]:
    if not case.line["corrects"]:
        return []
    both = saw("corrects", case.line["bank_reference"], case.line["corrects"])
    return [Answer("none", "correction", "correction", evidence=both)]


def _transfer(case: Case) -> list[Answer]:
    if not case.own_account:
        return []
    row = {"target": "transfer", "target_id": 0, "applied_amount": case.line["amount"]}
    level, doubt, seen = "high", "", "other_account_ours"
    if not case.line["counterparty_account"]:  # payers quote our account from the invoice too
        if case.full or case.by_name:
            return []
        seen = "our_account_in_text"
        level, doubt = ("medium", "possible_transfer") if stranger(case) else (level, doubt)
    return [Answer(level, "own_transfer", doubt, ("gl", ""), [row], saw(seen))]


def _returned(case: Case) -> list[Answer]:
    line = case.line
    sign = line["is_reversal"] or line["type_code"] in RETURN_TYPES
    sign = sign or line["business_code"] in RETURN_CODES
    # The fee of a return often has a line of its own, which says what it is for.
    sign = sign or (line["type_code"] not in FEES and _speaks_of_return(line))
    if not sign:
        return []
    return [Answer("low", "return", "possible_return", evidence=saw("taken_back"))]


def _bank_line(case: Case) -> list[Answer]:
    line = case.line
    key = FEES.get(line["type_code"], "")
    if line["type_code"] in INTEREST:
        key = "interest_income" if line["amount"] > 0 else "interest_expense"
    if (
        key == "bank_fees"
        and case.policy["return_fee"] == "recharge"
        and (line["amount"] < 0 and _speaks_of_return(line))
    ):
        return [_recharged(case)]
    if not key or case.named:
        return []
    if key == "interest_income" and any(word in line["text"].upper() for word in _TAX_WORDS):
        return [_taxed(case)]
    rows = [gl_row(key, line["amount"])]
    level, doubt = ("medium", "ambiguous") if _is_owed(case) else ("high", "")
    return [Answer(level, key, doubt, ("gl", ""), rows, saw("type_code", line["type_code"]))]


def _is_owed(case: Case) -> bool:
    """Is the amount exactly an open entry of a party that account or name tell?"""
    own = (e for e in case.party_entries if e["currency"] == case.line["currency"])
    return any(e["remaining_amount"] == case.line["amount"] for e in own)


def _speaks_of_return(line: Line) -> bool:
    text = line["text"].upper()
    return any(map(text.__contains__, RETURN_WORDS))


def _recharged(case: Case) -> Answer:
    """The fee of a return on its own line: owed by the one customer whom the line points to."""
    line = case.line
    owners = {party_of(e) for e in case.full}
    parties = {p for p in {*case.by_account, *case.by_mandate, *owners} if p[0] == "customer"}
    if len(parties) != 1 or parties & case.blocked:
        return Answer("none", "return_fee", "unknown_payer", evidence=saw("return_fee_whose"))
    party = parties.pop()
    row = {"target": "on_account", "target_id": 0, "party_type": party[0], "party_no": party[1],
           "applied_amount": line["amount"]}  # fmt: skip
    return Answer("high", "return_fee", "", party, [row], saw("return_fee"))


def _taxed(case: Case) -> Answer:
    """Interest of which a tax is withheld: split where the bank states the gross amount."""
    line, gross = case.line, case.line["original_amount"]
    known = gross > line["amount"] and line["original_currency"] in ("", line["currency"])
    if not known:
        evidence = saw("interest_net")
        return Answer("none", "interest_taxed", "tax_withheld", ("gl", ""), [], evidence)
    rows = [gl_row("interest_income", gross), gl_row("withholding_tax", line["amount"] - gross)]
    evidence = saw("interest_gross")
    return Answer("high", "interest_taxed", "", ("gl", ""), rows, evidence)


def _nobody(case: Case) -> Answer:
    if case.closed_documents:
        return Answer("none", "closed", "document_closed", evidence=saw("names_closed"))
    return Answer("none", "none", "unknown_payer", evidence=saw("nobody"))
