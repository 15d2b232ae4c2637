"""The seal looks for exchanges among few entries, and at the currency on the bank's account."""

from alembic import op

from pipeline.ledger import rules

revision = "0019"
down_revision = "0018"


def upgrade() -> None:
    """Make the checks of the seal anew."""
    rules.renew(op.get_bind(), "register_seal")
