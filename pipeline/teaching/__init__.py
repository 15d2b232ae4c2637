"""What people teach: text or payer -> party or G/L account, visible and reversible.

A decision teaches its payer (``lessons``); people add, edit, approve and remove (``changing``) and
try what a text or payer would hit (``trying``). Matching reads the mappings that stand, no more.
"""

from pipeline.teaching.changing import add, approve, edit, remove
from pipeline.teaching.lessons import Lesson, of_decision, of_text
from pipeline.teaching.listing import listing
from pipeline.teaching.past import tried_on_the_past
from pipeline.teaching.trying import attempt

__all__ = [
    "Lesson",
    "add",
    "approve",
    "attempt",
    "edit",
    "listing",
    "of_decision",
    "of_text",
    "remove",
    "tried_on_the_past",
]
