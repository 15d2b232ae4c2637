"""What the DAGs of Lettrage share: assets, the ledger of a task, when to try again.

Nothing here reads a file or a database when a DAG file is parsed; tasks import ``pipeline`` inside
themselves, since a process that used polars must never be forked.
"""

import datetime as dt
import os
from pathlib import Path
from typing import Any

from airflow.sdk import Asset, Connection, ExceptionRetryPolicy, RetryAction, RetryRule, conf
from airflow.sdk.exceptions import AirflowNotFoundException

POOL = "lettrage_ledger"
SMTP = "lettrage_smtp"

reconciled_bank_entries = Asset("reconciled_bank_entries")
bank_month_reconciled = Asset("bank_month_reconciled")
decisions_waiting = Asset("decisions_waiting")

_ERRORS = "pipeline.domain.errors"
_POLICY = ExceptionRetryPolicy(
    rules=[
        RetryRule(
            f"{_ERRORS}.LedgerBusyError",
            RetryAction.RETRY,
            retry_delay=dt.timedelta(seconds=30),
            reason="another process writes",
        ),
        RetryRule(
            [f"{_ERRORS}.{name}" for name in ("UsageError", "FeedError", "KeyConflictError")],
            RetryAction.FAIL,
            reason="the same again gives the same",
        ),
    ]
)
DEFAULTS: dict[str, Any] = {
    "owner": "lettrage",
    "retries": 3,
    "retry_delay": dt.timedelta(seconds=30),
    "retry_exponential_backoff": True,
    "max_retry_delay": dt.timedelta(minutes=10),
    "retry_policy": _POLICY,
    "execution_timeout": dt.timedelta(hours=1),
}
COMMON: dict[str, Any] = {
    "start_date": dt.datetime(2026, 1, 1, tzinfo=dt.UTC),
    "catchup": False,
    "max_active_runs": 1,
    "default_args": DEFAULTS,
    "tags": ["lettrage"],
}
"""What holds for every DAG: one run at a time, and none for days that are gone."""


def settings() -> Any:
    """Settings of a task; its ledger is the Airflow connection, else LETTRAGE_LEDGER."""
    from pipeline import connected

    try:
        found = Connection.get(connected.CONNECTION)
    except AirflowNotFoundException:
        found = None
    return connected.settings(found)


def with_mail(found: Any) -> Any:
    """The settings with the mail server of the Airflow connection, if there is one."""
    import dataclasses

    try:
        server = Connection.get(SMTP)
    except AirflowNotFoundException:
        return found
    own = {"host": server.host, "port": server.port, "user": server.login,
           "password": server.password, **server.extra_dejson}  # fmt: skip
    known = {name: value for name, value in own.items() if value and name in found.mail}
    return dataclasses.replace(found, mail={**found.mail, **known})


def with_sent_log(found: Any) -> Any:
    """The settings with a place where it is known what left, outside the ledger.

    A SQLite ledger has one beside it.
    """
    import dataclasses

    if found.mail["sent_log"] or found.ledger.startswith("sqlite"):
        return found
    log = {"sent_log": str(output() / "sent")}
    return dataclasses.replace(found, mail={**found.mail, **log})


def ledger_name(found: Any) -> str:
    """The ledger as it may be shown: its URL without a password."""
    from sqlalchemy.engine import make_url

    return make_url(found.ledger).render_as_string(hide_password=True)


def inboxes(found: Any, chosen: Any) -> list[Path]:
    """The inboxes of the settings, or the one that ``chosen`` names; no path elsewhere."""
    from pipeline.domain.errors import UsageError

    paths = [Path(text) for text in found.feeds["inboxes"]]
    for path in paths:  # the working directory of a task is nobody's choice
        if not path.is_absolute():
            raise UsageError(
                f"[feeds] inboxes: found {str(path)!r}, expected absolute folders in the settings"
                " that LETTRAGE_CONFIG names"
            )
    named = [path for path in paths if chosen in (None, path.name)]
    if not named:
        known = ", ".join(path.name for path in paths)
        raise UsageError(f"conf names no inbox of the settings; expected one of: {known}")
    return named


def output() -> Path:
    """The folder for reports and statements: LETTRAGE_OUTPUT, an absolute path."""
    from pipeline.domain.errors import UsageError

    text = os.environ.get("LETTRAGE_OUTPUT", "")
    if not text.startswith("/"):
        raise UsageError("LETTRAGE_OUTPUT is not set to an absolute path; reports are put there")
    return Path(text)


def most_mapped() -> int:
    """How many instances Airflow allows one mapped task."""
    return int(conf.getint("core", "max_map_length"))
