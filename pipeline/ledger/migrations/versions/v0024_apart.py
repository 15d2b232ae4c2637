"""On SQLite each check of a seal is a trigger of its own; blocked parties have an index."""

from alembic import op

from pipeline.ledger import rules
from pipeline.ledger.schema import metadata

revision = "0024"
down_revision = "0023"


def upgrade() -> None:
    """Make the checks of the seal anew, and the index where the first revision did not."""
    connection = op.get_bind()
    if connection.dialect.name == "sqlite":
        connection.exec_driver_sql("DROP TRIGGER IF EXISTS seal_check")
    rules.renew(connection, "register_seal")
    for index in metadata.tables["party"].indexes:
        index.create(connection, checkfirst=True)
