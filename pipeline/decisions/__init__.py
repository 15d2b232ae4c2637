"""The story of a decision: read the item, explain its line, post it through the night's functions.

What a person does to one line goes the way of the night with a frame of one row. The decision is
recorded in the transaction of its register, which is refused when the item has changed since the
person saw it. The same decision twice changes nothing more.
"""

from pipeline.decisions import previewing, together
from pipeline.decisions.deciding import accept, apply, dismiss, reject
from pipeline.decisions.notes import assign, comment, later
from pipeline.decisions.wish import Wish

__all__ = [
    "Wish",
    "accept",
    "apply",
    "assign",
    "comment",
    "dismiss",
    "later",
    "previewing",
    "reject",
    "together",
]
