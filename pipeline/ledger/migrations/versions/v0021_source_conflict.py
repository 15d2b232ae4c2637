"""What a source says that is not ours is a log, with who ended it."""

from alembic import op
from sqlalchemy import inspect

from pipeline.ledger import rules
from pipeline.ledger.schema import metadata

revision = "0021"
down_revision = "0020"


def upgrade() -> None:
    """Make the table and its rules; a ledger of this release has them from the first step."""
    connection = op.get_bind()
    if inspect(connection).has_table("source_conflict"):
        return
    metadata.tables["source_conflict"].create(connection)
    rules.create(connection, only="source_conflict")
