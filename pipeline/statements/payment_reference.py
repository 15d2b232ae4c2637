"""References of payment parts: made from what they stand for, so that the same has the same.

QRR (27 digits, modulo 10 recursive) for a QR-IBAN, RF (ISO 11649, of 18 digits) for other accounts.
"""

import hashlib
import itertools
import json
from collections.abc import Sequence

from stdnum.ch import esr
from stdnum.iso7064 import mod_97_10

_QRR_DIGITS = 26
_RF_DIGITS = 18
_GROUP = 4


def qrr(stands_for: Sequence[object]) -> str:
    """The QR reference of what can be written as JSON, with its check digit."""
    digits = _digits(stands_for, _QRR_DIGITS, 0)
    return digits + str(esr.calc_check_digit(digits))


def creditor_reference(stands_for: Sequence[object]) -> str:
    """The RF reference of what can be written as JSON, compact.

    Printed in groups of four it has one end only: none of its first groups is a reference too.
    """
    made = (_with_check_digits(_digits(stands_for, _RF_DIGITS, n)) for n in itertools.count())
    return next(reference for reference in made if _has_one_end(reference))


def in_groups(reference: str) -> str:
    """A reference or an IBAN as people read it: QRR as 2 and five digits each, others as fours."""
    first, size = (2, 5) if reference.isdecimal() else (0, _GROUP)
    rest = reference[first:]
    groups = [rest[start : start + size] for start in range(0, len(rest), size)]
    return " ".join([reference[:first], *groups] if first else groups)


def _with_check_digits(digits: str) -> str:
    return f"RF{mod_97_10.calc_check_digits(f'{digits}RF')}{digits}"


def _has_one_end(reference: str) -> bool:
    ends = range(2 * _GROUP, len(reference), _GROUP)
    return not any(mod_97_10.is_valid(reference[_GROUP:end] + reference[:_GROUP]) for end in ends)


def _digits(stands_for: Sequence[object], count: int, attempt: int) -> str:
    said = json.dumps([*stands_for, attempt], ensure_ascii=False)
    number = int.from_bytes(hashlib.sha256(said.encode()).digest(), "big")
    return str(number % 10**count).zfill(count)
