"""What is given up of a taxed entry is kept by tax code."""

from alembic import op
from sqlalchemy import inspect

from pipeline.ledger import rules
from pipeline.ledger.schema import metadata

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    """Make the table and its rules, and the checks of a register that now look at it."""
    connection = op.get_bind()
    if inspect(connection).has_table("application_tax"):
        return
    metadata.tables["application_tax"].create(connection)
    rules.create(connection, only="application_tax")
    rules.renew(connection, "register_seal")
