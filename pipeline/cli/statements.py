"""``lettrage statements``: one statement a customer, in its own style and language."""

import argparse
from pathlib import Path

from pipeline.cli.output import report, writing
from pipeline.cli.parser import Commands, day
from pipeline.config import Settings
from pipeline.domain.errors import UsageError

STYLES = ("open_item", "balance_forward", "activity")
AGED_BY = ("due", "posting", "document", "off")
"""As in ``pipeline.statements``, which takes too long to import for a help text."""


def register(commands: Commands) -> None:
    """Add statements."""
    statements = commands.add(
        "statements",
        _statements,
        "one statement a customer, as PDF",
        "lettrage statements --as-of 2026-10-31 --style balance_forward --from 2026-10-01",
    )
    add = statements.add_argument
    add("--as-of", type=day, required=True, metavar="DATE")
    add("--out", type=Path, default=Path("statements"), metavar="DIR")
    add("--style", choices=STYLES, default="", help="for all; else each customer's own")
    add("--from", dest="first", type=day, metavar="DATE",
        help="first day of the movements shown; else that of the month")  # fmt: skip
    add("--aging", choices=AGED_BY, default="due", help="the date that entries age from")
    add("--bands", type=_bands, default=(30, 60, 90), metavar="DAYS",
        help="the last day of each band: 30,60,90")  # fmt: skip
    add("--language", default="", metavar="TAG", help="de, fr-CH, ...; else each customer's own")


def _statements(options: argparse.Namespace, settings: Settings) -> int:
    from pipeline import steps
    from pipeline.statements import Form, languages

    if options.first and options.first > options.as_of:
        raise UsageError(f"--from {options.first}: expected a day until {options.as_of}")
    if options.language.partition("-")[0].lower() not in ("", *languages()):
        known = ", ".join(languages())
        raise UsageError(f"--language {options.language}: no words for it; there are {known}")
    form = Form(options.style, options.first, options.aging, options.bands, options.language)
    with writing("--out", options.out):
        receipt = steps.customer_statements(settings, options.as_of, options.out, form)
    return report(options, receipt)


def _bands(text: str) -> tuple[int, ...]:
    parts = text.split(",")
    days = tuple(int(part) for part in parts if part.strip().isdecimal())
    if len(days) < len(parts) or list(days) != sorted(set(days)) or days[0] < 1:
        raise argparse.ArgumentTypeError(f"{text!r}; expected rising days, such as 30,60,90")
    return days
