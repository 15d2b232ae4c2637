"""Structured payment references in remittance text, taken only when their check digits are right.

ISO 11649 (RF), Swiss QR and ISR (27 digits, modulo 10 recursive), Belgian structured communication.
"""

import re

from stdnum import iso11649
from stdnum.ch import esr
from stdnum.iso7064 import mod_97_10

_RF = re.compile(r"(?<![A-Z0-9])RF ?[0-9]{2}(?: ?[A-Z0-9]){1,21}", re.IGNORECASE)
_SWISS = re.compile(r"(?<![0-9])[0-9]{2}(?: ?[0-9]{5}){5}(?![0-9])")
_BELGIAN = re.compile(r"(?:\+\+\+|\*\*\*)([0-9]{3})/([0-9]{4})/([0-9]{5})(?:\+\+\+|\*\*\*)")
_IBAN_BLANKS = re.compile(r"\s+")


def payment_reference(text: str) -> str:
    """The one valid structured reference in ``text``, compact; empty for none or several.

    >>> payment_reference("Rechnung RF18 5390 0754 7034 danke")
    'RF18539007547034'
    """
    if "/" not in text and "RF" not in text.upper() and not _SWISS.search(text):
        return ""
    found = {*_creditor(text), *_national(text)}
    return found.pop() if len(found) == 1 else ""


def _creditor(text: str) -> set[str]:
    found = set()
    for match in _RF.finditer(text):
        words = match.group().upper().split(" ")
        # The reference ends where the check digits are right; blanks may be part of it or not.
        for end in range(len(words), 0, -1):
            candidate = "".join(words[:end])
            if len(candidate) > 4 and iso11649.is_valid(candidate):
                found.add(candidate)
                break
    return found


def _national(text: str) -> set[str]:
    found = set()
    for match in _SWISS.finditer(text):
        digits = match.group().replace(" ", "")
        if int(digits) and esr.is_valid(digits):
            found.add(digits)
    for match in _BELGIAN.finditer(text):
        digits = "".join(match.groups())
        if (int(digits[:10]) % 97 or 97) == int(digits[10:]):
            found.add(digits)
    return found


def is_iban(text: str) -> bool:
    """True for an IBAN whose check digits are right (ISO 13616), blanks removed before."""
    plain = _IBAN_BLANKS.sub("", text).upper()
    if not re.fullmatch(r"[A-Z]{2}[0-9]{2}[A-Z0-9]{11,30}", plain):
        return False
    return bool(mod_97_10.is_valid(plain[4:] + plain[:4]))
