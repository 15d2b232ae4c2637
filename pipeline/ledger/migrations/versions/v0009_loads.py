"""Files that were loaded, and what they changed of master data, are kept."""

from alembic import op
from sqlalchemy import inspect

from pipeline.ledger import rules
from pipeline.ledger.schema import metadata

revision = "0009"
down_revision = "0008"


def upgrade() -> None:
    """Make the tables and their rules; a ledger of this release has them from the first step."""
    connection = op.get_bind()
    if inspect(connection).has_table("load_file"):
        return
    for table in ("load_file", "master_change"):
        metadata.tables[table].create(connection)
        rules.create(connection, only=table)
