"""People who work at the page of the queue, and what lets it list very many items."""

from alembic import op
from sqlalchemy import inspect

from pipeline.ledger import rules
from pipeline.ledger.schema import metadata

revision = "0012"
down_revision = "0011"


def upgrade() -> None:
    """Make what is new, where the first revision did not make it already."""
    connection = op.get_bind()
    if inspect(connection).has_table("page_user"):
        return
    metadata.tables["page_user"].create(connection)
    rules.create(connection, only="page_user")
    for index in metadata.tables["exception_item"].indexes:
        index.create(connection)
