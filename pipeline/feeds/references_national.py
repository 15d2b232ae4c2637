"""National payment references, taken only behind their own label and with right check digits.

A run of digits alone is never one: one in ten or eleven would pass the check. Sources: Bits AS
(Norwegian KID, modulo 10 or 11), Finanssiala (Finnish viite, weights 7-3-1), Bankgirot (Swedish
OCR, modulo 10), Danish FIK (+71 to +75, modulo 10), Slovenian model SI12 (modulo 11).
"""

import re
from collections.abc import Callable

from stdnum import luhn

_LABEL = re.compile(r"KID|OCR|VIITE|SI12|\+7[1-5]<", re.IGNORECASE)
_NUMBER = r"(?:NR|NRO|NUMERO|NUMMER|NUMBER)?[ :.]*"
_KID = re.compile(rf"\bKID[ -]?{_NUMBER}([0-9]{{4,25}})(?![0-9])", re.IGNORECASE)
_OCR = re.compile(rf"\bOCR[ -]?{_NUMBER}([0-9]{{4,25}})(?![0-9])", re.IGNORECASE)
_VIITE = re.compile(
    rf"\bVIITE{_NUMBER}([0-9]{{1,5}}(?: ?[0-9]{{1,5}}){{1,5}})(?![0-9])", re.IGNORECASE
)
_FIK = re.compile(r"\+7[1-5]< ?([0-9]{14,19}) ?\+[0-9]{8}<?")
_SI12 = re.compile(r"\b(SI12) ?([0-9]{3,13})(?![0-9])", re.IGNORECASE)


def national(text: str) -> set[str]:
    """The references in ``text``, compact.

    >>> national("Faktura KID 00001234566"), national("tilinro 1234561")
    ({'00001234566'}, set())
    """
    if not _labelled(text):
        return set()
    found = _valid(_KID, text, lambda digits: luhn.is_valid(digits) or _modulo_11(digits, 6))
    found |= _valid(_OCR, text, luhn.is_valid)
    found |= _valid(_FIK, text, luhn.is_valid)
    found |= {digits.lstrip("0") for digits in _valid(_VIITE, text, _finnish)}
    slovenian = {match[2] for match in _SI12.finditer(text)}
    return found | {f"SI12{digits}" for digits in slovenian if _modulo_11(digits, 12, zero=True)}


def _labelled(text: str) -> bool:
    """Whether a label may be there. Every line is asked: in plain ASCII ``in`` is faster."""
    if not text.isascii():
        return bool(_LABEL.search(text))
    upper = text.upper()
    return "KID" in upper or "OCR" in upper or "VIITE" in upper or "SI12" in upper or "+7" in upper


def _valid(pattern: re.Pattern[str], text: str, is_right: Callable[[str], bool]) -> set[str]:
    digits = {match[1].replace(" ", "") for match in pattern.finditer(text)}
    return {number for number in digits if int(number) and is_right(number)}


def _finnish(digits: str) -> bool:
    if not 4 <= len(digits) <= 20:
        return False
    weighted = sum(int(d) * (7, 3, 1)[i % 3] for i, d in enumerate(reversed(digits[:-1])))
    return -weighted % 10 == int(digits[-1])


def _modulo_11(digits: str, weights: int, *, zero: bool = False) -> bool:
    """Weights 2, 3, ... from the right, ``weights`` of them over and over; 10 is no digit."""
    weighted = sum(int(d) * (2 + i % weights) for i, d in enumerate(reversed(digits[:-1])))
    check = -weighted % 11
    return (0 if zero and check == 10 else check) == int(digits[-1])
