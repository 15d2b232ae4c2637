"""The seal of a register looks at un-applications."""

from alembic import op

from pipeline.ledger import rules

revision = "0008"
down_revision = "0007"


def upgrade() -> None:
    """Make the checks of the seal anew."""
    rules.renew(op.get_bind(), "register_seal")
