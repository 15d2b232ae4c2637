"""The steps of a night, one command each."""

import argparse
from pathlib import Path

from pipeline.cli.output import progress, report
from pipeline.cli.parser import Commands
from pipeline.config import Settings


def register(commands: Commands) -> None:
    """Add ingest, match, post, reconcile and nightly."""
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
    commands.add(
        "reconcile",
        _reconcile,
        "close bank entries and the statements whose lines are all settled",
        "lettrage reconcile",
    )
    nightly = commands.add(
        "nightly",
        _nightly,
        "ingest, match, post and reconcile: what the nightly DAG does",
        "lettrage nightly inbox/",
    )
    _paths(nightly)


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

    return report(options, steps.match(settings, options.user))


def _post(options: argparse.Namespace, settings: Settings) -> int:
    from pipeline import steps

    return report(options, steps.post(settings, options.user, options.min_confidence))


def _reconcile(options: argparse.Namespace, settings: Settings) -> int:
    from pipeline import steps

    return report(options, steps.reconcile(settings, actor=options.user))


def _nightly(options: argparse.Namespace, settings: Settings) -> int:
    from pipeline import steps

    steps.feed_files(options.paths)
    return report(options, steps.nightly(settings, options.paths, options.user, progress))
