"""What could not post itself -> exception items; what people decide -> proposals. Pure."""

from pipeline.review.decision import overlay, proposal, signature
from pipeline.review.triage import HINTS, late_sides, triage
from pipeline.review.undone import reversed_answers, together

__all__ = [
    "HINTS", "late_sides", "overlay", "proposal", "reversed_answers", "signature", "together",
    "triage",
]  # fmt: skip
