"""Proposals or decisions -> balanced journal; which statements may close. Pure.

``choose`` says which proposals may post, ``post`` makes the journal, ``reverse`` negates one,
``unapply`` opens what a line settled, ``apply`` settles by what is open with a party, ``pairs`` and
``differences`` settle what the sides of own transfers differ by, ``due`` and ``parked`` book what
is left to clearing, ``stops`` are the days that must be done first, ``reconcile`` says which
statements close, ``opening`` posts a first balance that nobody loaded.
"""

from pipeline.posting.application import applied_values, apply
from pipeline.posting.closing import Closing, at_posting, beyond_gap, opening, reconcile
from pipeline.posting.exchange import differences, pairs
from pipeline.posting.journal import Journal, post
from pipeline.posting.legs import brought_amount
from pipeline.posting.parking import due, open_days, parked, stops
from pipeline.posting.policy import Choice, choose, limit_by_currency
from pipeline.posting.reversal import reverse
from pipeline.posting.taxes import Taxes, given_up
from pipeline.posting.unapplication import unapply
from pipeline.posting.valuation import of_lines, same, valuation
from pipeline.posting.values import Known

__all__ = ["Choice", "Closing", "Journal", "Known", "Taxes", "applied_values", "apply",
           "at_posting", "beyond_gap", "brought_amount", "choose", "differences", "due", "given_up",
           "limit_by_currency", "of_lines", "open_days", "opening", "pairs", "parked", "post",
           "reconcile", "reverse", "same", "stops", "unapply", "valuation"]  # fmt: skip
