"""The exception queue: what waits for a person, and what people decide."""

import argparse
import json

from pipeline.cli.output import show, table
from pipeline.cli.parser import Commands
from pipeline.config import Settings


def register(commands: Commands) -> None:
    """Add exceptions with its actions."""
    queue = commands.add("exceptions", None, "what waits for a person", "lettrage exceptions list")
    actions = Commands(queue, "ACTION")
    actions.add("list", _list, "what waits, oldest first", "lettrage exceptions list")


def _list(options: argparse.Namespace, settings: Settings) -> int:
    from pipeline import ledger
    from pipeline.ledger import export

    with ledger.open(settings.ledger) as book:
        rows = export.export(book, "exceptions").to_dicts()
    if options.json:
        show(json.dumps({"exceptions": rows}, default=str))
        return 0
    columns = {"id": "right", "line": "left", "amount": "right", "reason": "left", "hint": "left"}
    table(
        columns,
        [
            (
                row["id"],
                f"{row['bank_account_no']} {row['statement_no']}/{row['line_no']}",
                f"{row['remaining']} {row['currency']}",
                row["reason"],
                row["hint"],
            )
            for row in rows
        ],
    )
    return 0
