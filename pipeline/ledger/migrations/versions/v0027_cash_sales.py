"""Cash sales are kept, since their customers are told of them."""

from alembic import op
from sqlalchemy import inspect

from pipeline.ledger import rules
from pipeline.ledger.schema import metadata

revision = "0027"
down_revision = "0026"


def upgrade() -> None:
    """Make the table and its rules; a ledger of this release has them from the first step."""
    connection = op.get_bind()
    if inspect(connection).has_table("cash_sale"):
        return
    metadata.tables["cash_sale"].create(connection)
    rules.create(connection, only="cash_sale")
