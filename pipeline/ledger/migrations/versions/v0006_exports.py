"""Batches of postings that were handed to other programs, with the files that were handed over."""

from alembic import op
from sqlalchemy import inspect

from pipeline.ledger import rules
from pipeline.ledger.schema import metadata

revision = "0006"
down_revision = "0005"


def upgrade() -> None:
    """Make the tables and their rules; a ledger of this release has them from the first step."""
    connection = op.get_bind()
    if inspect(connection).has_table("export_batch"):
        return
    for table in ("export_batch", "export_file"):
        metadata.tables[table].create(connection)
        rules.create(connection, only=table)
