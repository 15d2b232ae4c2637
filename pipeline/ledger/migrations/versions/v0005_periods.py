"""Periods are opened again by two people, whose request is a row; closings say when."""

from alembic import op
from sqlalchemy import inspect

from pipeline.ledger import anew, rules
from pipeline.ledger.schema import metadata

revision = "0005"
down_revision = "0004"


def upgrade() -> None:
    """Make what is new, where the first revision did not make it already."""
    connection = op.get_bind()
    if inspect(connection).has_table("request"):
        return
    metadata.tables["request"].create(connection)
    rules.create(connection, only="request")
    anew.make(connection, "period_event")
