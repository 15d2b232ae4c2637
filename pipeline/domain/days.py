"""Banking days: Monday to Friday, since no calendar of holidays fits all banks."""

import datetime as dt

NONE = dt.date(1970, 1, 1)
"""The business date of books that hold no line and no posting."""
_TRANSFER = 5
"""Banking days within which two sides may be one own transfer (accounting rules, section 6)."""


def banking_days(first: dt.date, last: dt.date) -> int:
    """How many begin at ``first`` and end before ``last``."""
    import numpy as np  # a tenth of the start of every command, of which few count days

    return int(np.busday_count(first, last))


def of_one_transfer(one: dt.date, other: dt.date) -> bool:
    """Are the days of two sides near enough to be one own transfer?"""
    first, last = sorted((one, other))
    return banking_days(first, last) <= _TRANSFER
