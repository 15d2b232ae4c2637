"""Structured payment references in remittance text, taken only when their check digits are right.

ISO 11649 (RF), Swiss QR and ISR (27 digits, modulo 10 recursive), Belgian structured communication.
"""

import re

from stdnum import iso11649
from stdnum.ch import esr
from stdnum.iso7064 import mod_97_10

from pipeline.feeds.references_national import national

_RF = re.compile(r"(?<![A-Z0-9])RF ?[0-9]{2}(?: ?[A-Z0-9]){1,21}", re.IGNORECASE)
_SWISS = re.compile(r"(?<![0-9])[0-9]{2}(?: ?[0-9]{5}){5}(?![0-9])")
_DIGITS = 27  # of a Swiss reference
_BELGIAN = re.compile(r"(?:\+\+\+|\*\*\*)([0-9]{3})/([0-9]{4})/([0-9]{5})(?:\+\+\+|\*\*\*)")
_IBAN_BLANKS = re.compile(r"\s+")


def payment_reference(text: str) -> str:
    """The one valid structured reference in ``text``, compact; empty for none or several.

    >>> payment_reference("Rechnung RF18 5390 0754 7034 danke")
    'RF18539007547034'
    """
    found = national(text)
    if "/" in text or "RF" in text.upper() or (len(text) >= _DIGITS and _SWISS.search(text)):
        found |= {*_creditor(text), *_national(text)}
    return found.pop() if len(found) == 1 else ""


def _creditor(text: str) -> set[str]:
    found = set()
    for match in _RF.finditer(text):
        words = match.group().upper().split(" ")
        ends = [end for end in range(1, len(words) + 1) if _is_creditor("".join(words[:end]))]
        end = _one_end(words, ends)
        if end:
            found.add("".join(words[:end]))
    return found


def _is_creditor(text: str) -> bool:
    return len(text) > 4 and bool(iso11649.is_valid(text))


def _one_end(words: list[str], ends: list[int]) -> int:
    """Where a reference ends whose next words may fit its check digits by chance; 0 if unsure."""
    if 1 in ends or len(ends) == 1:
        return ends[0]
    printed = [end for end in ends if all(len(word) == 4 for word in words[: end - 1])]
    return printed[0] if len(printed) == 1 else 0


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
