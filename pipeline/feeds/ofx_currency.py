"""Other currencies in an OFX transaction (OFX 2.2, section 5.2: CURRENCY, ORIGCURRENCY, CURRATE).

ORIGCURRENCY: the amount was converted, CURRATE times what it was in CURSYM. CURRENCY: the amount
itself is in CURSYM, which no statement of another currency can carry.
"""

import re
from fractions import Fraction
from typing import Any

from pipeline.domain.money import LIMIT, exponent

_ORIGINAL = re.compile(r"<ORIGCURRENCY>(.*?)(?=</ORIGCURRENCY>|\Z)", re.DOTALL | re.IGNORECASE)
_OTHER = re.compile(r"<CURRENCY>(.*?)(?=</CURRENCY>|\Z)", re.DOTALL | re.IGNORECASE)
_CODE = re.compile(r"<CURSYM>\s*([A-Z]{3})", re.IGNORECASE)
_RATE = re.compile(r"<CURRATE>\s*([0-9]{1,12}(?:[.,][0-9]{1,12})?)\s*(?=<|\n|\Z)", re.IGNORECASE)


def original(raw: str, amount: int, currency: str) -> dict[str, Any]:
    """``original_amount`` (minor units, a magnitude) and ``original_currency`` of a transaction.

    ``amount`` is TRNAMT in minor units of ``currency``. A rate is rounded: the amount is stated
    only where just one comes to ``amount`` at it, else it is 0.
    """
    found = _ORIGINAL.search(raw)
    code = _CODE.search(found[1]) if found else None
    if found is None or code is None:
        return {}
    stated, rate = code[1].upper(), _RATE.search(found[1])
    factor = Fraction(rate[1].replace(",", ".")) if rate else Fraction(0)
    fields = {"original_currency": stated, "original_amount": 0}
    if factor and stated != currency:
        fields["original_amount"] = _amount(abs(amount), factor, stated, currency)
    return fields


def _amount(amount: int, factor: Fraction, stated: str, currency: str) -> int:
    """The one amount in ``stated`` that comes to ``amount`` in ``currency``; 0 if none or more."""
    try:
        by = factor * Fraction(10) ** (exponent(currency) - exponent(stated))
    except ValueError:
        return 0
    near = int(amount / by)
    # Half a unit of the amount either way: several fit where one unit of the other is less.
    fits = [one for one in range(near - 1, near + 3) if int(one * by + Fraction(1, 2)) == amount]
    return fits[0] if len(fits) == 1 and 0 < fits[0] <= LIMIT else 0


def contradicts(raw: str, currency: str) -> str:
    """What is wrong where a transaction's amount is said to be in another currency, else empty."""
    found = _OTHER.search(raw)
    code = _CODE.search(found[1]) if found else None
    if code is None or code[1].upper() == currency:
        return ""
    return f"CURRENCY: found {code[1].upper()}, expected {currency}, the statement's currency"
