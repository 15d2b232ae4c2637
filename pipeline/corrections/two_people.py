"""What takes two people: one asks, another carries it out by the same command.

A request stands while what it saw is unchanged; after that it must be made anew.
"""

from dataclasses import dataclass
from typing import Any

from pipeline import ledger
from pipeline.ledger import requests

Receipt = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Wanted:
    """``subject`` is what is asked, ``seen`` the state of the books that it rests on."""

    kind: str
    subject: str
    seen: str
    actor: str
    reason: str


def first(book: ledger.Ledger, wanted: Wanted) -> requests.Request | None:
    """The request of another person that stands; None where this is the first: it is recorded."""
    for request in requests.standing(book, wanted.kind, wanted.subject, wanted.seen):
        if request.actor.strip().casefold() != wanted.actor.strip().casefold():
            return request
    requests.record(book, wanted.kind, wanted.subject, wanted.seen, wanted.actor, wanted.reason)
    return None


def asked(wanted: Wanted) -> Receipt:
    """The receipt of the first person."""
    return {"requested_by": wanted.actor, "done": False,
            "next": "a second person says the same command with --user NAME"}  # fmt: skip
