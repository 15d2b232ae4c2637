"""References of statements' payment parts are kept with the entries that they stand for."""

from alembic import op
from sqlalchemy import inspect

from pipeline.ledger import rules
from pipeline.ledger.schema import metadata

revision = "0011"
down_revision = "0010"


def upgrade() -> None:
    """Make the tables and their rules, where the first revision did not make them already."""
    connection = op.get_bind()
    if inspect(connection).has_table("payment_part"):
        return
    for table in ("payment_part", "payment_part_entry"):
        metadata.tables[table].create(connection)
        rules.create(connection, only=table)
