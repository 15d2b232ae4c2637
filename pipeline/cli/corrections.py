"""What people undo: reverse."""

import argparse

from pipeline.cli.output import report
from pipeline.cli.parser import Commands, Parser, day
from pipeline.config import Settings

_REASON = "why; kept with what it changes"


def register(commands: Commands) -> None:
    """Add reverse."""
    reverse = commands.add(
        "reverse",
        _reverse,
        "undo what lines posted: its exact negation, a new posting; the lines ask again",
        "lettrage reverse DE-EUR/211/1 --reason 'paid another invoice'",
    )
    reverse.add_argument(
        "named", nargs="+", metavar="NO",
        help="a journal entry, or the bank line that it posts: BANK_ACCOUNT/STATEMENT_NO/LINE_NO",
    )  # fmt: skip
    _dated(reverse)


def _dated(command: Parser) -> None:
    command.add_argument("--reason", required=True, metavar="TEXT", help=_REASON)
    command.add_argument(
        "--on", type=day, metavar="DATE",
        help="posting date; else that of what is undone, or the first open day",
    )  # fmt: skip


def _reverse(options: argparse.Namespace, settings: Settings) -> int:
    from pipeline import corrections

    receipt = corrections.reverse(settings, options.named, options.user, options.reason, options.on)
    return report(options, receipt)
