"""What could not post itself -> exception items; what people decide -> proposals. Pure."""

from pipeline.review.decision import overlay, proposal, signature
from pipeline.review.triage import HINTS, triage

__all__ = ["HINTS", "overlay", "proposal", "signature", "triage"]
