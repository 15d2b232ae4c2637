"""A load of entries keeps how many of ours its source has not booked, and since when."""

from alembic import op
from sqlalchemy import inspect

from pipeline.ledger import rules
from pipeline.ledger.schema import metadata

revision = "0020"
down_revision = "0019"


def upgrade() -> None:
    """Make the table and its rules; a ledger of this release has them from the first step."""
    connection = op.get_bind()
    if inspect(connection).has_table("source_lag"):
        return
    metadata.tables["source_lag"].create(connection)
    rules.create(connection, only="source_lag")
