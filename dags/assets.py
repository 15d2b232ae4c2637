"""The names of the assets that the DAGs hand each other, and the ledger of a task."""

import os
from pathlib import Path
from typing import Any

from airflow.sdk import Asset

reconciled_bank_entries = Asset("reconciled_bank_entries")
bank_month_reconciled = Asset("bank_month_reconciled")


def settings() -> Any:
    """Settings of a task: LETTRAGE_LEDGER must name the ledger, a SQLite path must be absolute."""
    from pipeline import config

    url = os.environ.get("LETTRAGE_LEDGER", "")
    if not url:
        raise ValueError("set the environment variable LETTRAGE_LEDGER to the ledger's URL")
    if url.startswith("sqlite:///") and not url.startswith("sqlite:////"):
        raise ValueError("LETTRAGE_LEDGER is a relative SQLite path; expected an absolute one")
    return config.read(ledger=url)


def inboxes(found: Any, chosen: str | None) -> list[Path]:
    """The inboxes of the settings, or the one whose folder has the name ``chosen``."""
    paths = [Path(text) for text in found.feeds["inboxes"]]
    named = [path for path in paths if chosen in (None, path.name)]
    if not named:
        raise ValueError("the run's conf names no inbox of the settings")
    return named
