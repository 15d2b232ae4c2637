"""Runs of customer statements, what they said, and an outbox that delivers each once."""

from alembic import op
from sqlalchemy import inspect

from pipeline.ledger import rules
from pipeline.ledger.schema import metadata

revision = "0013"
down_revision = "0012"
_TABLES = ("statement_run", "statement_run_event", "customer_statement", "statement_skip",
           "delivery", "delivery_event", "suppression")  # fmt: skip


def upgrade() -> None:
    """Make the tables and their rules; a ledger of this release has them from the first step."""
    connection = op.get_bind()
    if inspect(connection).has_table("statement_run"):
        return
    for table in _TABLES:
        metadata.tables[table].create(connection)
    for table in _TABLES:
        rules.create(connection, only=table)
