"""Proposals or decisions -> balanced journal; which statements may close. Pure.

``choose`` says which proposals may post, ``post`` makes the journal, ``reverse`` negates one,
``reconcile`` says which statements close.
"""

from pipeline.posting.closing import reconcile
from pipeline.posting.journal import Journal, post
from pipeline.posting.policy import Choice, choose
from pipeline.posting.reversal import reverse

__all__ = ["Choice", "Journal", "choose", "post", "reconcile", "reverse"]
