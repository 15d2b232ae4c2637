"""A page may be rendered anew until it leaves the house."""

from alembic import op

from pipeline.ledger import rules

revision = "0017"
down_revision = "0016"


def upgrade() -> None:
    """Make the checks of deliveries anew."""
    rules.renew(op.get_bind(), "delivery")
