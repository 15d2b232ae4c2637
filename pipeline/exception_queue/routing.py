"""What waits is matched again and finds somebody who takes care of it."""

from typing import Any

from pipeline import books, ledger, steps
from pipeline.config import Settings
from pipeline.domain.errors import UsageError
from pipeline.ledger import last_days, queue, routing
from pipeline.review import HINTS

Receipt = dict[str, Any]


def rematch(settings: Settings, actor: str) -> Receipt:
    """Propose anew for what waits, after entries or mappings came; the next night posts."""
    return steps.propose(settings, actor)


def route(settings: Settings, actor: str) -> Receipt:
    """Give what nobody has to whom ``[queue.route]`` says, what is old to ``escalate_to``.

    The receipt counts, and says how old the queue is: days from the booking of a line to the last
    day of the books.
    """
    to, days = settings.queue["escalate_to"], settings.queue["overdue_days"]
    with books.opened(settings) as book:
        people = _routes(book, settings)
        before = queue.overdue_before(last_days.covered(book), days)
        done = {"routed": routing.route(book, people, actor), "escalated": 0}
        if to and before:
            reason = f"older than {days} days"
            done["escalated"] = routing.escalate(book, to, before, actor, reason)
        return {**done, **queue.ages(book, before)}


def _routes(book: ledger.Ledger, settings: Settings) -> dict[str, str]:
    people: dict[str, str] = dict(settings.queue["route"])
    known = {*HINTS, *queue.bank_accounts(book)}
    for key in sorted(people.keys() - known):
        raise UsageError(
            f"[queue.route] {key}: expected a reason such as unknown_payer or the number of a bank"
            " account"
        )
    return people
