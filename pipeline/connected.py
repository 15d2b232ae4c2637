"""The settings of a process of Airflow: its ledger is a connection there, else LETTRAGE_LEDGER."""

import os
from typing import Any

from sqlalchemy.engine import URL

from pipeline import config
from pipeline.domain.errors import UsageError

CONNECTION = "lettrage_ledger"


def settings(connection: Any) -> config.Settings:
    """The settings with the ledger of ``connection`` (Airflow's, or None where there is none).

    UsageError if neither says where the ledger is, or if a SQLite path is relative: the working
    directory of such a process is nobody's choice.
    """
    named = _url(connection) if connection is not None else ""
    url = named or os.environ.get("LETTRAGE_LEDGER", "")
    if not url:
        raise UsageError(
            f"no ledger: add the Airflow connection {CONNECTION} or set LETTRAGE_LEDGER"
        )
    if url.startswith("sqlite") and not url.partition("://")[2].startswith("//"):
        raise UsageError("the ledger is a relative SQLite path; expected sqlite:////absolute/path")
    return config.read(ledger=url)


def _url(found: Any) -> str:
    """The connection as an SQLAlchemy URL: host is the path for SQLite, schema the database."""
    if str(found.conn_type).startswith("sqlite"):
        return f"sqlite:///{found.host or found.schema or ''}"
    url = URL.create(
        "postgresql+psycopg",
        username=found.login or None,
        password=found.password or None,
        host=found.host or None,
        port=found.port,
        database=found.schema or None,
        query={name: str(value) for name, value in found.extra_dejson.items()},
    )
    return url.render_as_string(hide_password=False)
