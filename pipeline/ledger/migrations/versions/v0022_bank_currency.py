"""The seal takes on a bank's account what is in its currency alone."""

from alembic import op

from pipeline.ledger import rules

revision = "0022"
down_revision = "0021"


def upgrade() -> None:
    """Make the checks of the seal anew."""
    rules.renew(op.get_bind(), "register_seal")
