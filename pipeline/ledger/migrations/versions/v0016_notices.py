"""What people were told of the queue by mail."""

from alembic import op
from sqlalchemy import inspect

from pipeline.ledger import rules
from pipeline.ledger.schema import metadata

revision = "0016"
down_revision = "0015"


def upgrade() -> None:
    """Make what is new, where the first revision did not make it already."""
    connection = op.get_bind()
    if inspect(connection).has_table("queue_notice"):
        return
    metadata.tables["queue_notice"].create(connection)
    rules.create(connection, only="queue_notice")
