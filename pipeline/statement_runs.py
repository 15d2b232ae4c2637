"""A run of customer statements: what each customer is told is composed once and kept.

A run that was stopped goes on where it was; asked for again it finds itself. Nothing leaves the
house here: that is ``delivering``.
"""

import dataclasses
import datetime as dt
from collections.abc import Callable
from typing import Any

from pipeline import books, composing, ledger, statements
from pipeline.config import Settings
from pipeline.domain import mailbox
from pipeline.ledger import payment_parts
from pipeline.ledger import statement_runs as runs

Receipt = dict[str, Any]
Progress = Callable[[str, int, int], None]
_PART = 1_000


def compose(
    settings: Settings,
    day: dt.date,
    form: statements.Form,
    choice: statements.Choice,
    sending: str,
    actor: str,
    progress: Progress,
    occasion: str = "",
    workers: int | None = None,
) -> Receipt:
    """Compose and keep the statements of a run; returns its number and counts.

    ``sending``: ``email`` (to each customer as it wishes) or ``print`` (all on paper). A run of an
    ``occasion`` is there once, in the words in which it was asked for first. ``workers`` as
    ``composing.parts`` takes them.
    """
    with books.opened(settings) as book:
        asked = (dataclasses.asdict(form), dataclasses.asdict(choice))
        run = runs.begin(book, day, *asked, sending, actor, occasion)
        if not run.composed:
            _fill(book, run, settings, actor, progress, workers)
            runs.mark(book, run.no, "composed", actor)
        return {"run": run.no, "as_of": run.as_of.isoformat(), "register_no": run.register_no}


def approve(settings: Settings, number: int, actor: str) -> None:
    """Let a composed run leave the house."""
    with books.opened(settings) as book:
        runs.mark(book, number, "approved", actor)


def _fill(
    book: ledger.Ledger,
    run: runs.Run,
    settings: Settings,
    actor: str,
    progress: Progress,
    workers: int | None,
) -> None:
    domain = mailbox.domain(settings.mail["sender"])
    total, parts = composing.parts(book, run, settings, workers)
    done = 0
    for part in parts:
        payment_parts.store(book, part.references, actor)
        for start in range(0, len(part.letters), _PART):
            runs.record(book, run, part.letters[start : start + _PART], (), domain, actor)
        runs.record(book, run, (), part.skipped, domain, actor)
        done += part.customers
        progress("compose", done, total)
