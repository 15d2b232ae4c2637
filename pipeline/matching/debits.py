"""Money out does not explain itself (accounting rules, section 5)."""

from pipeline.domain.seen import saw
from pipeline.matching.cases import Answer, Case, Party
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
        return [Answer(level, "debit", reason, party, rows, evidence=saw("money_out"))]
    for best in found:
        if best.confidence == "high" and not _payee_is_known(case, best):
            best.confidence, best.reason = "medium", "payee_account_unknown"
    return found


def _payee_is_known(case: Case, best: Answer) -> bool:
    """May the line's account be that of every vendor whose documents the answer settles?"""
    owners = {(row["party_type"], row["party_no"]) for row in best.rows if row.get("party_no")}
    return all(_is_known(case, best, party) for party in sorted(owners | {best.party}))


def _is_known(case: Case, best: Answer, party: Party) -> bool:
    known = {one for one in case.by_account if one[0] == "vendor"}
    need = case.policy["debit_needs_known_account"]
    if party in known:
        return True
    if need == "always":
        return False
    stated = bool(case.line["counterparty_account"])
    on_file = any(one in case.on_file for one in case.parties)
    if stated and on_file and need != "never":
        return False
    taught = [one for _, one, _ in case.payees]
    return best.strong or party in case.by_mandate or party in taught
