"""A held statement may be refused by two people."""

from alembic import op
from sqlalchemy import inspect

from pipeline.ledger import rules
from pipeline.ledger.schema import metadata

revision = "0028"
down_revision = "0027"


def upgrade() -> None:
    """Make the table and its rules; a ledger of this release has them from the first step."""
    connection = op.get_bind()
    if inspect(connection).has_table("statement_refusal"):
        return
    metadata.tables["statement_refusal"].create(connection)
    rules.create(connection, only="statement_refusal")
    rules.renew(connection, "statement")
