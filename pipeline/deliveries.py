"""What people ask of the outbox: reports of runs, lists, and decisions about single deliveries."""

from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from pipeline import books, delivering, printing
from pipeline.config import Settings
from pipeline.domain import mailbox
from pipeline.domain.errors import UsageError
from pipeline.ledger import outbox_desk, suppressions
from pipeline.ledger import statement_runs as runs
from pipeline.ledger.outbox import Scope
from pipeline.ledger.statement_numbers import CHANGED

Receipt = dict[str, Any]
_LISTS = ("problems", "warnings")
"""What is said by several steps of one run, all of it."""


def report(settings: Settings, number: int) -> Receipt:
    """What became of a run: by mail, on paper, skipped with reason; ``problems`` ask for somebody.

    Of an approved run what has not left yet is one of them.
    A statement that goes another way after its mail failed counts under both. ``may_have_paid``:
    customers for whom money waits in the queue, with how many bank lines.
    """
    with books.opened(settings) as book:
        run = runs.get(book, number)
        count, deliveries, skipped = outbox_desk.counts(book, number)
        waiting = outbox_desk.may_have_paid(book, number)
    told: dict[str, Counter[str]] = {"email": Counter(), "print": Counter()}
    problems = []
    for method, state, reason, some in deliveries:
        told[method][f"{state}: {reason}" if reason else state] += some
        left = run.approved and state in ("pending", "sending")
        if left or state in ("failed", "unknown") or reason == CHANGED:
            problems.append(f"{some} {state} by {method}" + (f": {reason}" if reason else ""))
    return {
        "run": number,
        "as_of": run.as_of.isoformat(),
        "register": run.register_hash[:16],
        "statements": count,
        "email": dict(told["email"]),
        "print": dict(told["print"]),
        "skipped": dict(skipped),
        **({"may_have_paid": waiting} if waiting else {}),
        "problems": problems,
    }


def all_runs(settings: Settings) -> list[Any]:
    """The runs, newest first (``outbox_desk.runs``)."""
    with books.opened(settings) as book:
        return outbox_desk.runs(book)


def listed(settings: Settings, run: int | None, state: str | None) -> list[Any]:
    """Deliveries as rows of ``outbox_desk.COLUMNS``."""
    with books.opened(settings) as book:
        return outbox_desk.listed(book, run, state)


def decide(
    settings: Settings, decision: str, numbers: Sequence[int], reason: str, actor: str
) -> Receipt:
    """Carry out what a person decided (``outbox_desk.DECISIONS``).

    An address that bounced gets no mail any more; ``[mail] fallback`` says whether paper goes.
    """
    with books.opened(settings) as book:
        on_paper = settings.mail["fallback"] == "print"
        changed = outbox_desk.decide(book, decision, numbers, reason, actor, on_paper=on_paper)
    return {"changed": changed}


def suppress(settings: Settings, address: str, action: str, reason: str, actor: str) -> Receipt:
    """``add`` an address to those that get no mail, or ``remove`` it.

    UsageError for what is no address, and for one that is to get mail again and never was stopped.
    """
    if action == "add" and mailbox.wrong(address.strip()):
        raise UsageError(f"ADDRESS: found {address!r}, {mailbox.wrong(address.strip())}")
    with books.opened(settings) as book:
        known = suppressions.standing(book)
        if action == "remove" and suppressions.address_hash(address) not in known:
            raise UsageError(f"ADDRESS: {address!r} is not among those that get no mail")
        suppressions.record(book, address, action, reason, actor)
        return {"suppressed_addresses": len(suppressions.standing(book))}


def deliver(
    settings: Settings,
    number: int,
    folder: Path,
    actor: str,
    progress: delivering.Progress,
) -> Receipt:
    """Render, mail and print what is left of a run; may be repeated until nothing is."""
    scope = Scope(number)
    withheld = delivering.withhold_changed(settings, scope, actor)
    done = [delivering.render(settings, scope, folder, actor, progress)]
    if delivering.has_mail(settings, scope):
        done.append(delivering.mail(settings, scope, actor, progress))
    done.append(printing.print_batch(settings, scope, folder, actor))
    receipt: Receipt = {"withheld": withheld, "problems": []}
    for part in done:
        lists = {name: [*receipt.get(name, []), *part[name]] for name in _LISTS if name in part}
        receipt |= part | lists
    return receipt
