"""What could not post itself -> exception items, each with reason, candidates and a hint. Pure."""

from pipeline.review.triage import HINTS, triage

__all__ = ["HINTS", "triage"]
