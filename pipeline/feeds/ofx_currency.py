"""Other currencies in an OFX transaction (OFX 2.2, section 5.2: CURRENCY, ORIGCURRENCY, CURRATE).

ORIGCURRENCY: the amount was converted, CURRATE times what it was in CURSYM. CURRENCY: the amount
itself is in CURSYM, which no statement of another currency can carry.
"""

import re
from fractions import Fraction
from math import ceil, floor
from typing import Any

from pipeline.domain.money import LIMIT, exponent

_ORIGINAL = re.compile(r"<ORIGCURRENCY>(.*?)(?=</ORIGCURRENCY>|\Z)", re.DOTALL | re.IGNORECASE)
_OTHER = re.compile(r"<CURRENCY>(.*?)(?=</CURRENCY>|\Z)", re.DOTALL | re.IGNORECASE)
_CODE = re.compile(r"<CURSYM>\s*([A-Z]{3})", re.IGNORECASE)
_RATE = re.compile(r"<CURRATE>\s*([0-9]{1,12}(?:[.,][0-9]{1,12})?)\s*(?=<|\n|\Z)", re.IGNORECASE)


def original(raw: str, amount: int, currency: str) -> dict[str, Any]:
    """``original_amount`` (minor units, a magnitude) and ``original_currency`` of a transaction.

    ``amount`` is TRNAMT in minor units of ``currency``. A rate is rounded to the digits that it is
    written with: the amount is stated only where just one comes to ``amount`` at all rates that are
    written so, else it is 0.
    """
    found = _ORIGINAL.search(raw)
    code = _CODE.search(found[1]) if found else None
    if found is None or code is None:
        return {}
    stated, rate = code[1].upper(), _RATE.search(found[1])
    fields = {"original_currency": stated, "original_amount": 0}
    if rate and stated != currency:
        written = rate[1].replace(",", ".")
        fields["original_amount"] = _amount(abs(amount), written, stated, currency)
    return fields


def _amount(amount: int, rate: str, stated: str, currency: str) -> int:
    """The one amount in ``stated`` that comes to ``amount`` in ``currency``; 0 if none or more."""
    half = Fraction(1, 2)
    rounded = half / 10 ** len(rate.partition(".")[2])
    try:
        unit = Fraction(10) ** (exponent(currency) - exponent(stated))
    except ValueError:
        return 0
    low, high = ((Fraction(rate) + by) * unit for by in (-rounded, rounded))
    if low <= 0:
        return 0
    least, most = ceil((amount - half) / high), floor((amount + half) / low)
    return least if least == most and 0 < least <= LIMIT else 0


def contradicts(raw: str, currency: str) -> str:
    """What is wrong where a transaction's amount is said to be in another currency, else empty."""
    found = _OTHER.search(raw)
    code = _CODE.search(found[1]) if found else None
    if code is None or code[1].upper() == currency:
        return ""
    return f"CURRENCY: found {code[1].upper()}, expected {currency}, the statement's currency"
