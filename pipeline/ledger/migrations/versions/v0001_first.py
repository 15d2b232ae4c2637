"""The first schema: every table of the accounting rules, and the triggers that keep them."""

from alembic import op

from pipeline.ledger import rules
from pipeline.ledger.schema import metadata

revision = "0001"
down_revision = None


def upgrade() -> None:
    """Create tables, counters and triggers."""
    connection = op.get_bind()
    metadata.create_all(connection)
    for name in ("register", "journal_entry"):
        connection.exec_driver_sql(f"INSERT INTO counter (name, value) VALUES ('{name}', 0)")
    rules.create(connection)
