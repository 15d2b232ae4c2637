"""Money out does not explain itself (accounting rules, section 5)."""

from pipeline.matching.cases import Answer, Case
from pipeline.matching.document_rules import documents
from pipeline.matching.mapping_rules import payee
from pipeline.matching.near_rules import by_number
from pipeline.matching.stated_rules import by_payer, by_stated_amount


def debit(case: Case) -> list[Answer]:
    """Named vendor documents, a known mandate, an account on file, or an approved mapping.

    Else it is unannounced.
    """
    found = by_number(case, "vendor") or by_stated_amount(case, "vendor")
    found = found or by_payer(case, "vendor") or payee(case)
    if not found:
        refund = documents(case, "customer")
        rows = refund[0].rows if refund else []
        party = refund[0].party if refund else ("", "")
        reason = "customer_refund" if refund else "unannounced_debit"
        level = "low" if refund else "none"
        return [Answer(level, "debit", reason, party, rows, evidence="money out")]
    for best in found:
        if best.confidence == "high" and not _payee_is_known(case, best):
            best.confidence, best.reason = "medium", "payee_account_unknown"
    return found


def _payee_is_known(case: Case, best: Answer) -> bool:
    known = {party for party in case.by_account if party[0] == "vendor"}
    need = case.policy["debit_needs_known_account"]
    if best.party in known:
        return True
    if need == "always":
        return False
    stated = bool(case.line["counterparty_account"])
    on_file = any(party in case.on_file for party in case.parties)
    if stated and on_file and need != "never":
        return False
    taught = [party for _, party, _ in case.payees]
    return best.strong or best.party in case.by_mandate or best.party in taught
