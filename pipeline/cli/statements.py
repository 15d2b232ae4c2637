"""``lettrage statements``: one statement a customer, in its own style and language."""

import argparse
import re
from decimal import Decimal
from pathlib import Path
from typing import Any

from pipeline.cli.output import progress, report, writing
from pipeline.cli.parser import Commands, as_known_at, day
from pipeline.config import Settings
from pipeline.domain.errors import UsageError

Receipt = dict[str, Any]
STYLES = ("open_item", "balance_forward", "activity")
PER = ("customer", "project", "parent")
AGED_BY = ("due", "posting", "document", "off")
REVERSED = ("show", "hide")
"""As in ``pipeline.statements``, which takes too long to import for a help text."""
BALANCES = ("any", "open", "owing")
FORMATS = ("pdf", "html", "csv", "json")
_LISTS = (
    ("--account", "accounts", "NO"),
    ("--type", "types", "TYPE"),
    ("--currency", "currencies", "CODE"),
    ("--method", "methods", "email|print"),
    ("--country", "countries", "CODE"),
    ("--project", "projects", "NAME"),
)


_WAYS = (
    ("--preview", "preview", "write the PDFs; none is numbered or sent, as without these three"),
    ("--email", "email", "number and keep them; send each by mail or on paper, as customers wish"),
    ("--print", "print", "number and keep them; put all into files for the printer"),
)


def register(commands: Commands) -> None:
    """Add statements."""
    statements = commands.add(
        "statements",
        _statements,
        "one statement a customer, as PDF, HTML, CSV or JSON",
        "lettrage statements --as-of 2026-10-31 --style balance_forward --print",
    )
    add = statements.add_argument
    add("--as-of", type=day, required=True, metavar="DATE")
    as_known_at(statements)
    add("--out", type=Path, default=Path("statements"), metavar="DIR")
    ways = statements.add_mutually_exclusive_group()
    for option, dest, text in _WAYS:
        ways.add_argument(option, dest="way", action="store_const", const=dest, default="preview",
                          help=text)  # fmt: skip
    add("--format", dest="formats", action="append", choices=FORMATS, default=[],
        help="of the files; may be said again, else pdf")  # fmt: skip
    add("--per", choices=PER, default="", help="project: one for each of a customer's; parent: one"
        " for a group, to whom project_parent names; else as the settings say")  # fmt: skip
    add("--style", choices=STYLES, default="", help="for all; else each customer's own")
    add("--from", dest="first", type=day, metavar="DATE",
        help="first day of the movements shown; else that of the month")  # fmt: skip
    add("--statement-date", dest="dated", type=day, metavar="DATE",
        help="the day that the letter bears, else the one that it is as of")  # fmt: skip
    add("--template", default="", metavar="NAME",
        help="[statements.templates.NAME] for all; else each customer's own")  # fmt: skip
    add("--aging", choices=AGED_BY, default="", help="the date that entries age from, else due")
    add("--bands", type=_bands, default=(), metavar="DAYS",
        help="the last day of each band, else 30,60,90")  # fmt: skip
    add("--reversed", choices=REVERSED, default="", help="hide: without payments that were returned"
        " or reversed in the period, and what took them back; else as templates say")  # fmt: skip
    add("--customer", dest="customers", action="append", default=[], metavar="NO",
        help="this one, and others named so; else all")  # fmt: skip
    for option, dest, name in _LISTS:
        add(option, dest=dest, action="append", default=[], metavar=name,
            help="only of these; may be said again")  # fmt: skip
    add("--balance", choices=BALANCES, default="any",
        help="open: not zero; owing: in one currency more than a credit")  # fmt: skip
    add("--min", type=_amount, metavar="AMOUNT", help="the least balance in one currency")
    add("--overdue-days", type=int, metavar="N", help="an entry is overdue by more than N days")
    add("--active-only", action="store_true", help="leave out who is not active")
    add("--moved-only", action="store_true", help="leave out for whom nothing moved in the period")
    add("--language", default="", metavar="TAG", help="de, fr-CH, ...; else each customer's own")


def _statements(options: argparse.Namespace, settings: Settings) -> int:
    from pipeline import statement_previews
    from pipeline.statements import Choice, Form, check_language

    if options.first and options.first > options.as_of:
        raise UsageError(f"--from {options.first}: expected a day until {options.as_of}")
    check_language(options.language, "--language")
    if options.way != "preview" and options.as_known_at is not None:
        raise UsageError("--as-known-at: what was known then is a preview; expected --preview")
    if options.way != "preview" and options.formats:
        raise UsageError("--format: what is numbered goes as PDF; expected --preview")
    said = settings.statements
    form = Form(
        options.style, options.first, options.aging, options.bands, options.language,
        options.per or said["per"], options.template or said["template"], said["templates"],
        said["template_of_type"], dated=options.dated,
        reversed=options.reversed or said["reversed"],
    ).checked("--template")  # fmt: skip
    lists = {name: tuple(getattr(options, name)) for _, name, _ in _LISTS}
    choice = Choice(
        customers=tuple(options.customers), **lists, balances=options.balance,
        minimum=options.min, overdue_days=options.overdue_days, inactive=not options.active_only,
        without_activity=not options.moved_only,
    )  # fmt: skip
    with writing("--out", options.out):
        if options.way == "preview":
            receipt = statement_previews.write(
                settings, options.as_of, options.out, form, choice, options.user,
                as_known_at=options.as_known_at,
                formats=tuple(dict.fromkeys(options.formats)) or FORMATS[:1],
            )  # fmt: skip
        else:
            receipt = _sent(options, settings, form, choice)
    return report(options, receipt)


def _sent(options: argparse.Namespace, settings: Settings, form: Any, choice: Any) -> Receipt:
    """A run that is recorded and leaves the house at once: who asked for it approves it."""
    from pipeline import deliveries, delivering, statement_runs

    if options.way == "email":
        delivering.check_mail(settings)
    run = statement_runs.compose(
        settings, options.as_of, form, choice, options.way, options.user, progress
    )
    statement_runs.approve(settings, run["run"], options.user)
    done = deliveries.deliver(settings, run["run"], options.out, options.user, progress)
    found = deliveries.report(settings, run["run"])
    return {**run, **found, "print_files": done["print_files"], "left": done.get("waiting", 0),
            "problems": [*done.get("problems", []), *found["problems"]],
            **({"warnings": done["warnings"]} if "warnings" in done else {})}  # fmt: skip


def _amount(text: str) -> Decimal:
    if not re.fullmatch(r"-?[0-9]+(\.[0-9]+)?", text):
        raise argparse.ArgumentTypeError(f"{text!r}; expected an amount such as 10.00")
    return Decimal(text)


def _bands(text: str) -> tuple[int, ...]:
    parts = text.split(",")
    days = tuple(int(part) for part in parts if part.strip().isdecimal())
    if len(days) < len(parts) or list(days) != sorted(set(days)) or days[0] < 1:
        raise argparse.ArgumentTypeError(f"{text!r}; expected rising days, such as 30,60,90")
    return days
