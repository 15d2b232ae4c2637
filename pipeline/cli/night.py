"""The steps of a night, one command each."""

import argparse
from pathlib import Path
from typing import Any

from pipeline.cli.output import problems, progress, report, say, show, table
from pipeline.cli.parser import Commands, day
from pipeline.config import Settings


def register(commands: Commands) -> None:
    """Add ingest, match, post, park, reconcile and nightly."""
    ingest = commands.add("ingest", _ingest, "read feed files", "lettrage ingest inbox/")
    _paths(ingest)
    commands.add("match", _match, "propose applications for open lines", "lettrage match")
    post = commands.add(
        "post", _post, "post what the policy allows", "lettrage post --min-confidence high"
    )
    post.add_argument(
        "--min-confidence",
        choices=("medium", "high"),
        help="raise the bar of [policy] post; it can only be raised",
    )
    park = commands.add(
        "park",
        _park,
        "book what is left to the clearing account, each with its open exception",
        "lettrage park --as-of 2026-10-31",
    )
    park.add_argument(
        "--as-of", type=day, metavar="DATE", help="park what was booked until this day only"
    )
    commands.add(
        "reconcile",
        _reconcile,
        "close bank entries and the statements whose lines are all settled",
        "lettrage reconcile",
    )
    nightly = commands.add(
        "nightly",
        _nightly,
        "ingest, match, post, park and reconcile: what the nightly DAG does",
        "lettrage nightly inbox/",
    )
    _paths(nightly)
    nightly.add_argument(
        "--dry-run", action="store_true", help="show what would happen; the ledger stays as it is"
    )


def _paths(command: argparse.ArgumentParser) -> None:
    command.add_argument(
        "paths", type=Path, nargs="+", metavar="PATH", help="feed files or inbox folders"
    )


def _ingest(options: argparse.Namespace, settings: Settings) -> int:
    from pipeline import steps

    steps.feed_files(options.paths)  # a missing path changes nothing
    steps.open_batch(settings)
    return report(options, steps.ingest(settings, options.paths, options.user, progress))


def _match(options: argparse.Namespace, settings: Settings) -> int:
    from pipeline import steps

    return report(options, steps.propose(settings, options.user))


def _post(options: argparse.Namespace, settings: Settings) -> int:
    from pipeline import steps

    return report(options, steps.post_all(settings.raised(options.min_confidence), options.user))


def _park(options: argparse.Namespace, settings: Settings) -> int:
    from pipeline import steps

    return report(options, steps.park(settings, options.as_of, options.user))


def _reconcile(options: argparse.Namespace, settings: Settings) -> int:
    from pipeline import steps

    return report(options, steps.reconcile(settings, actor=options.user, separate=True))


def _nightly(options: argparse.Namespace, settings: Settings) -> int:
    from pipeline import month_end, steps
    from pipeline.ledger import months

    steps.feed_files(options.paths)
    if options.dry_run:
        return _rehearse(options, settings)
    receipt = steps.nightly(settings, options.paths, options.user, progress)
    batch = receipt["batch"]["batch_id"]
    receipt["months_complete"] = month_end.announce_all(settings, batch, options.user)
    code = _told(options, receipt)
    for month in receipt["months_complete"]:
        say(f"month {month} is complete for every bank account; its statements are due:"
            f" lettrage statements --as-of {months.last_day(month)}")  # fmt: skip
    return code


def _told(options: argparse.Namespace, receipt: dict[str, Any]) -> int:
    """Print what a night did and its control report; 1 when either names a problem."""
    from pipeline.reports import night_text

    if options.json:
        return report(options, receipt)
    found = receipt.pop("report")
    code = report(options, receipt)
    show("\n" + night_text.text(found).rstrip())
    return 1 if problems(found) else code


def _rehearse(options: argparse.Namespace, settings: Settings) -> int:
    from pipeline import dry_run

    receipt = dry_run.nightly(settings, options.paths, options.user, progress)
    if options.json:
        return report(options, receipt)
    columns = {"bank line": "left", "booked": "left", "amount": "right", "": "left",
               "would be": "left", "party": "left", "by": "left", "reason": "left"}  # fmt: skip
    table(columns, [_would_be(row) for row in receipt.pop("lines")], title="A dry run would do:")
    return _told(options, receipt)


def _would_be(row: dict[str, object]) -> tuple[object, ...]:
    place = f"{row['bank_account_no']}/{row['statement_no']}/{row['line_no']}"
    party = f"{row['party_type']} {row['party_no']}"
    by = f"{row['rule']} ({row['confidence']})" if row["rule"] else ""
    return (place, row["booking_date"], row["amount"], row["currency"], row["status"], party, by,
            row["reason"])  # fmt: skip
