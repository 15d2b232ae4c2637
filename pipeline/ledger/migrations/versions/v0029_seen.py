"""Proposals keep what their rule saw by keys of words; items are found by whose they are."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.schema import CreateIndex

from pipeline.ledger import anew
from pipeline.ledger.schema import metadata

revision = "0029"
down_revision = "0028"


def upgrade() -> None:
    """Make what the first revision did not make already; the next match fills the column."""
    connection = op.get_bind()
    for index in metadata.tables["exception_item"].indexes:
        connection.execute(CreateIndex(index, if_not_exists=True))
    if any(column["name"] == "seen" for column in sa.inspect(connection).get_columns("proposal")):
        return
    if connection.dialect.name == "sqlite":
        anew.make(connection, "proposal")
        return
    op.add_column("proposal", sa.Column("seen", sa.Text, nullable=False, server_default=""))
