"""The policy that the machine posts by: seen, and approved by two people."""

import argparse

from pipeline.cli.output import report
from pipeline.cli.parser import Commands
from pipeline.config import Settings


def register(commands: Commands) -> None:
    """Add policy."""
    group = commands.add("policy", None, "what the machine posts by, and who approved it",
                         "lettrage policy show")  # fmt: skip
    actions = Commands(group, "ACTION")
    actions.add("show", _show, "the policy as it stands, and who approved it",
                "lettrage policy show")  # fmt: skip
    approve = actions.add(
        "approve",
        _approve,
        "approve the policy as it stands; a second person says the same before it posts",
        "lettrage policy approve --user berta",
    )
    approve.add_argument("--reason", default="approved", metavar="TEXT", help="kept with it")


def _show(options: argparse.Namespace, settings: Settings) -> int:
    from pipeline import approving

    return report(options, approving.shown(settings))


def _approve(options: argparse.Namespace, settings: Settings) -> int:
    from pipeline import approving

    return report(options, approving.approve(settings, options.user, options.reason))
