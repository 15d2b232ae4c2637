"""What a payer says that money is for, where no invoice asked for it: then a person is asked.

Words of German, English, French, Dutch, Italian, Spanish and the Nordic languages. Part payments of
a document that is named are none: who writes "Anzahlung RE-4711" says what it is paid for.
"""

import re
from dataclasses import replace

from pipeline.domain.seen import saw
from pipeline.matching.cases import Answer, Case

_SENT_BACK = (  # of goods, of money, or of the payment itself
    r"[A-ZÄÖÜ]*ERSTATTUNG|(?:RUECK|RÜCK)(?:ZAHLUNG|(?:UE|Ü)BERWEISUNG|VERG(?:UE|Ü)TUNG)"
    r"|STORN(?:O|IERUNG|IERT|ERING)|FEHL(?:(?:UE|Ü)BERWEISUNG|BUCHUNG|ZAHLUNG)"
    r"|IRRT(?:UE|Ü)MLICH[A-Z]*|VERSEHENTLICH[A-Z]*|BITTE ZUR(?:UE|Ü)CK[A-ZÄÖÜ]*"
    r"|REFUND(?:S|ED)?|REIMBURSEMENTS?|REVERSAL|CHARGEBACK|CANCELL?(?:ED|ATION)|BY MISTAKE|IN ERROR"
    r"|PLEASE RETURN|REMBOURSEMENTS?|PAR ERREUR|ANNUL(?:ATION|EE?|ÉE?)|TROP[- ]PER(?:C|Ç)U"
    r"|TERUGBETALING|TERUGSTORTING|RESTITUTIE|PER VERGISSING|ABUSIEVELIJK|ANNULERING"
    r"|RIMBORSO|PER ERRORE|ANNULLAMENTO|REEMBOLSO|DEVOLUCI(?:O|Ó)N|POR ERROR|ANULACI(?:O|Ó)N"
    r"|TILBAKEBETALING|REFUSJON|TILBAGEBETALING|REFUSION|(?:Å|A)TERBETALNING"
    r"|FEILBETAL(?:T|ING)|FEJLBETAL(?:T|ING)|FELBETALNING"
)
_NOT_INVOICED = (
    r"(?:MIET)?KAUTION|SPENDE|[A-ZÄÖÜ]*DARLEHEN|KREDITRATE|GEHALT|LOHN|VORAUSZAHLUNG|VORKASSE"
    r"|ANZAHLUNG|ABSCHLAGSZAHLUNG|VORSCHUSS|GUTHABEN|A-?[CK]ONTO|VERSICHERUNGSLEISTUNG|ZUSCHUSS"
    r"|SCHADEN(?:S?ERSATZ|SFALL)?|SECURITY DEPOSIT|DOWN ?PAYMENT|PRE-?PAYMENT|IN ADVANCE"
    r"|ADVANCE PAYMENT|LOAN|DONATION|SALARY|WAGES|PAYROLL|INSURANCE CLAIM|ACOMPTE|ARRHES|CAUTION"
    r"|D(?:E|É)P(?:O|Ô)T DE GARANTIE|AVANCE|SALAIRES?|SUBVENTION|WAARBORG(?:SOM)?|BORGSOM"
    r"|AANBETALING|VOORSCHOT|VOORUITBETALING|LENING|DONATIE|SALARIS|CAPARRA|CAUZIONE|ACCONTO"
    r"|ANTICIPO|PRESTITO|STIPENDIO|FIANZA|PR(?:E|É)STAMO|DONACI(?:O|Ó)N|DEPOSITUM|FORSKUDD?"
    r"|F(?:O|Ö)RSKOTT|COMMISSION|PROVISION|BONUS|REBATE|DIVIDEND(?:E|EN|S)?|CAPITAL INCREASE"
    r"|KAPITALERH(?:OE|Ö)HUNG"
)
OTHER = rf"(?i)\b(?:{_SENT_BACK}|{_NOT_INVOICED})\b"
"""Any of these words, for many lines at once; ``asked`` says where one counts."""
_BACK, _WITHOUT = (re.compile(rf"(?i)\b(?:{words})\b") for words in (_SENT_BACK, _NOT_INVOICED))


def asked(case: Case, found: list[Answer]) -> list[Answer]:
    """``found`` of a receipt; a sure answer that the words of the payer contradict is a question.

    Where no document is named, only the amount speaks for an entry. What is put on account of a
    customer who owes nothing may well be paid in advance.
    """
    best = found[0]
    if best.confidence != "high" or best.party[0] != "customer" or case.line["amount"] <= 0:
        return found
    by_amount = best.rule.startswith("party_") and best.rule != "party_on_account"
    words = (_BACK, _WITHOUT) if by_amount else (_BACK,)
    said = next((word for pattern in words if (word := _word(case, pattern))), "")
    if not said:
        return found
    seen = best.evidence + saw("other_purpose", said)
    return [replace(best, confidence="medium", reason="other_purpose", evidence=seen), *found[1:]]


def _word(case: Case, pattern: re.Pattern[str]) -> str:
    """What the text says, in capitals; a word of the payer's own name says nothing."""
    name = case.line["counterparty_name"].upper()
    words = (found.group().upper() for found in pattern.finditer(case.line["text"]))
    return next((word for word in words if word not in name), "")
