"""The exception queue while nobody looks at it: match again, route, escalate, tell, approve.

Each step may be repeated: an item is routed and escalated once, a person is told once of each item.
"""

from pipeline.exception_queue.approving import approve, waiting
from pipeline.exception_queue.routing import rematch, route
from pipeline.exception_queue.telling import notify

__all__ = ["approve", "notify", "rematch", "route", "waiting"]
