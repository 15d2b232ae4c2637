"""A seal goes once through a register's applications and lines for most of what they must be."""

from alembic import op

from pipeline.ledger import rules

revision = "0014"
down_revision = "0013"


def upgrade() -> None:
    """Say the checks of the seal as they are said now."""
    rules.renew(op.get_bind(), "register_seal")
