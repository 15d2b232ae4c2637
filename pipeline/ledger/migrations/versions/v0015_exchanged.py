"""The seal of a register looks at entries that are paid in another currency than their own."""

from alembic import op

from pipeline.ledger import rules

revision = "0015"
down_revision = "0014"


def upgrade() -> None:
    """Make the checks of the seal anew."""
    rules.renew(op.get_bind(), "register_seal")
