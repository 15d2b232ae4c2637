"""Who saw an item, until when it is put off, and the filters that people keep."""

from alembic import op
from sqlalchemy import inspect

from pipeline.ledger import rules
from pipeline.ledger.schema import metadata

revision = "0018"
down_revision = "0017"


def upgrade() -> None:
    """Make what is new, where the first revision did not make it already."""
    connection = op.get_bind()
    if inspect(connection).has_table("item_seen"):
        return
    for table in ("item_later", "item_seen", "saved_filter"):
        metadata.tables[table].create(connection)
        rules.create(connection, only=table)
