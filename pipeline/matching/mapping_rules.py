"""A line goes to the G/L account, or money out to the vendor, that a person taught for it.

An account comes after every sure answer, and before all that is doubtful. Alone it posts only when
a second person approved the mapping, the amount is within its limit and the line points to nothing
else. A vendor is asked for last: one entry or one sum of its entries must fit, and the same
approval and limit hold.
"""

from pipeline.domain.seen import saw
from pipeline.matching.cases import Answer, Case
from pipeline.matching.entry_rows import gl_row
from pipeline.matching.payer_rules import of_party


def mapped(case: Case, found: list[Answer]) -> list[Answer]:
    """``found`` with the answers of mappings before them; unchanged where ``found`` is sure."""
    if not case.mapped or found[0].confidence == "high":
        return found
    accounts = sorted({gl_account for _, gl_account, _ in case.mapped})
    if len(accounts) > 1:
        ties = [_to_account(case, account, "low", "ambiguous") for account in accounts[:5]]
        return [*ties, *found]
    doubt = min(doubt for _, _, doubt in case.mapped)
    if case.parties or case.closed_documents or case.unknown_documents:
        doubt = "ambiguous"
    others = [answer for answer in found if answer.rows]
    return [_to_account(case, accounts[0], "medium" if doubt else "high", doubt), *others]


def _to_account(case: Case, account: str, level: str, reason: str) -> Answer:
    numbers = ", ".join(str(number) for number, own, _ in case.mapped if own == account)
    evidence = saw("mapping_account", numbers, account)
    rows = [gl_row(account, case.line["amount"])]
    return Answer(level, "mapping", reason, ("gl", ""), rows, evidence)


def payee(case: Case) -> list[Answer]:
    """The answers for money out whose vendor people taught and nothing else tells."""
    vendors = sorted({party for _, party, _ in case.payees})
    if not vendors:
        return []
    numbers = ", ".join(str(number) for number, _, _ in case.payees)
    if len(vendors) > 1:
        evidence = saw("mappings_several", numbers)
        return [Answer("low", "tie", "ambiguous", evidence=evidence)]
    doubt = min(doubt for *_, doubt in case.payees)
    found = of_party(case, vendors[0])
    for best in found:
        best.evidence = saw("mapping_vendor", numbers, vendors[0][1]) + best.evidence
        if doubt and best.confidence == "high":
            best.confidence, best.reason = "medium", doubt
    return found
