"""Mappings keep every state; nothing could write the table of before, which is replaced."""

from alembic import op
from sqlalchemy import inspect

from pipeline.ledger import rules
from pipeline.ledger.schema import metadata

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    """Make the table and its rules anew; a ledger of this release has them from the first step."""
    connection = op.get_bind()
    if any(column["name"] == "mapping_no" for column in inspect(connection).get_columns("mapping")):
        return
    op.drop_table("mapping")
    metadata.tables["mapping"].create(connection)
    rules.create(connection, only="mapping")
