"""The month end: a month that is complete gets one statement a customer, once.

Each step may be repeated: the run of a month is there once, in the words in which it was asked for
first, and its outbox knows what is left.
"""

import datetime as dt
import json
import re
from collections.abc import Mapping
from decimal import Decimal
from pathlib import Path
from typing import Any

from pipeline import (
    deliveries,
    delivering,
    ledger,
    printing,
    statement_previews,
    statement_runs,
    statements,
)
from pipeline.config import Settings
from pipeline.domain import whole_file
from pipeline.domain.errors import UsageError
from pipeline.ledger import months, outbox
from pipeline.ledger.outbox import Scope
from pipeline.statements.mail_server import MailServerError
from pipeline.steps import quiet

Receipt = dict[str, Any]
_CHUNK = 500
_MONTH = re.compile(r"[0-9]{4}-(0[1-9]|1[0-2])")
_OPEN: tuple[Any, ...] = ("", None, [])
"""What is not asked; 0 is."""
_LISTS = ("customers", "accounts", "types", "currencies", "methods", "countries", "projects")


def to_announce(settings: Settings, batch_id: str = "") -> list[str]:
    """Months that are complete and that no other batch has announced."""
    with ledger.open(settings.ledger) as book:
        return months.to_announce(book, batch_id)


def announce(settings: Settings, month: str, batch_id: str, actor: str) -> None:
    """Record that a month is announced by this batch; the same batch may say so again."""
    with ledger.open(settings.ledger) as book:
        months.record(book, month, "announced", actor, batch_id)


def announce_all(settings: Settings, batch_id: str, actor: str) -> list[str]:
    """Announce every month that became complete; returns them, each once over all nights."""
    found = to_announce(settings)
    for month in found:
        announce(settings, month, batch_id, actor)
    return found


def month_before(day: dt.date) -> str:
    """The last month that is over on a day."""
    return (day.replace(day=1) - dt.timedelta(days=1)).strftime("%Y-%m")


def check_period(
    settings: Settings, month: str, *, incomplete: bool = False, again: str = ""
) -> Receipt | None:
    """Month, last day and occasion; None if its statements are sent.

    UsageError names what is missing where the month is not complete, unless ``incomplete`` months
    may be told too. ``again`` names a run for who got none of a month that is sent, or whose
    account changed since: another occasion.
    """
    if not _MONTH.fullmatch(month):
        raise UsageError(f"month: found {month!r}, expected one such as 2026-10")
    with ledger.open(settings.ledger) as book:
        sent = month in months.events(book, "statements_sent")
        if sent and not again:
            return None
        if not incomplete and month not in months.complete_months(book):
            missing = months.obstacles(book, month) or ["no statement of it is reconciled"]
            raise UsageError(f"month {month!r} is not complete: {'; '.join(missing)}")
    occasion = f"{month} {again}" if sent else month
    return {"month": month, "as_of": months.last_day(month), "occasion": occasion}


def preview(
    settings: Settings, period: Receipt, asked: Mapping[str, Any], folder: Path, actor: str
) -> Receipt:
    """Write the PDFs of a month that ``asked`` says, as in ``select``; none is numbered or sent."""
    form, choice, _ = _asked(settings, period, asked)
    day = dt.date.fromisoformat(period["as_of"])
    target = folder / period["month"] / "preview"
    done = statement_previews.write(settings, day, target, form, choice, actor)
    return {"month": period["month"], **done}


def select(settings: Settings, period: Receipt, asked: Mapping[str, Any], actor: str) -> Receipt:
    """Compose the run of a month, in what ``asked`` says and else ``[statements]``.

    ``asked``: ``sending``, ``first``, ``dated``, ``minimum``, and of ``Form`` and ``Choice`` what
    their fields are called; days and amounts are text, and what is empty is not asked. UsageError
    where mails are to go and the settings cannot send any.
    """
    form, choice, sending = _asked(settings, period, asked)
    if sending == "email":
        delivering.check_mail(settings)
    day = dt.date.fromisoformat(period["as_of"])
    run = statement_runs.compose(
        settings, day, form, choice, sending, actor, quiet, period["occasion"]
    )
    return {"month": period["month"], "run": run["run"]}


def _asked(
    settings: Settings, period: Receipt, asked: Mapping[str, Any]
) -> tuple[statements.Form, statements.Choice, str]:
    """Form, choice and sending that ``asked`` says, and else ``[statements]``."""
    said = {**settings.statements, **{n: value for n, value in asked.items() if value not in _OPEN}}
    statements.check_language(said["language"], "language")
    form = statements.Form(
        said["style"], _day(said, "first", period), said["aging"], _bands(said),
        said["language"], said["per"], said["template"], said["templates"],
        said["template_of_type"], dated=_day(said, "dated"), reversed=said["reversed"],
    ).checked("template")  # fmt: skip
    choice = statements.Choice(
        **{name: tuple(said.get(name, ())) for name in _LISTS},
        balances=said["balance"],
        minimum=Decimal(said["minimum"]) if "minimum" in said else None,
        overdue_days=said.get("overdue_days"),
        inactive=not said.get("active_only"),
        without_activity=not said.get("moved_only"),
    )
    return form, choice, said["sending"]


def _day(said: Mapping[str, Any], name: str, period: Receipt | None = None) -> dt.date | None:
    """A day that a form says; UsageError for what is none, or none of the ``period``'s time."""
    if name not in said:
        return None
    try:
        found = dt.date.fromisoformat(said[name])
    except ValueError:
        raise UsageError(f"{name}: found {said[name]!r}, expected YYYY-MM-DD") from None
    if period and said[name] > period["as_of"]:
        raise UsageError(f"{name}: found {said[name]}, expected a day until {period['as_of']}")
    return found


def _bands(said: Mapping[str, Any]) -> tuple[int, ...]:
    """The bands that a form says; UsageError where they do not rise."""
    found = tuple(said.get("bands", ()))
    if list(found) != sorted(set(found)):
        raise UsageError(f"bands: found {list(found)}, expected rising days such as [30, 60, 90]")
    return found


def chunks(settings: Settings, run: Receipt, most: int) -> list[Receipt]:
    """Ranges of deliveries of a run, of about 500 each."""
    with ledger.open(settings.ledger) as book:
        numbers = outbox.ids(book, Scope(run["run"]))
    size = max(_CHUNK, -(-len(numbers) // max(most, 1)))
    parts = [numbers[start : start + size] for start in range(0, len(numbers), size)]
    return [{**run, "first": part[0], "last": part[-1], "count": len(part)} for part in parts]


def render(settings: Settings, chunk: Receipt, folder: Path, actor: str) -> Receipt:
    """Render the statements of a range into the month's folder; returns how many."""
    target = folder / chunk["month"]
    return delivering.render(settings, _scope(chunk), target, actor, quiet)


def approve(settings: Settings, run: Receipt, actor: str) -> None:
    """Let the run of a month leave the house."""
    statement_runs.approve(settings, run["run"], actor)


def deliver(settings: Settings, chunk: Receipt, actor: str) -> Receipt:
    """Send what is to go by mail of a range; MailServerError (retryable) where any waits."""
    scope = _scope(chunk)
    receipt: Receipt = {"withheld": delivering.withhold_changed(settings, scope, actor)}
    if delivering.has_mail(settings, scope):
        receipt |= delivering.mail(settings, scope, actor, quiet)
        waiting = receipt["waiting"]
        if waiting:
            left = f"{waiting} mails of run {scope.run_no} wait: the server did not take them yet"
            raise MailServerError(next(iter(receipt["problems"]), left))
    return receipt


def finish(settings: Settings, run: Receipt, folder: Path, actor: str) -> Receipt:
    """Print what goes on paper, keep the report of the run, record that the month is told, once."""
    target, scope = folder / run["month"], Scope(run["run"])
    delivering.render(settings, scope, target, actor, quiet)  # what fell back to paper since
    printed = printing.print_batch(settings, scope, target, actor)
    report = deliveries.report(settings, run["run"])
    report["problems"] += printed["problems"]
    if "warnings" in printed:
        report["warnings"] = printed["warnings"]
    text = json.dumps(report, sort_keys=True, indent=1, ensure_ascii=False) + "\n"
    whole_file.put(text.encode(), target / f"run-{run['run']}.json")
    with ledger.open(settings.ledger) as book:
        months.record(book, run["month"], "statements_sent", actor, report["register"])
    return {"month": run["month"], **report}


def whole(settings: Settings, month: str, folder: Path, actor: str) -> Receipt | None:
    """All steps one after the other; None if the statements of the month are sent."""
    period = check_period(settings, month)
    if period is None:
        return None
    run = select(settings, period, {}, actor)
    parts = chunks(settings, run, 1)
    for part in parts:
        render(settings, part, folder, actor)
    approve(settings, run, actor)
    for part in parts:
        deliver(settings, part, actor)
    return finish(settings, run, folder, actor)


def _scope(chunk: Receipt) -> Scope:
    return Scope(chunk["run"], chunk["first"], chunk["last"])
