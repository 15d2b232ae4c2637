"""What is posted in other currencies has a value, and a posting may move that alone."""

from alembic import op
from sqlalchemy import inspect

from pipeline.ledger import anew, rules
from pipeline.ledger.schema import metadata

revision = "0010"
down_revision = "0009"
_TABLES = ("valuation", "entry_value", "application_value")


def upgrade() -> None:
    """Make what is new, where the first revision did not make it already."""
    connection = op.get_bind()
    if inspect(connection).has_table("valuation"):
        return
    if connection.dialect.name == "sqlite":
        anew.make(connection, "posting")
    else:
        _altered()
    for name in _TABLES:
        metadata.tables[name].create(connection)
        rules.create(connection, only=name)
    rules.renew(connection, "register_seal")


def _altered() -> None:
    posting = metadata.tables["posting"]
    wanted = {str(check.name): check for check in posting.constraints if check.name}
    moves = wanted["posting_moves_something"].sqltext  # type: ignore[attr-defined]
    op.execute("ALTER TABLE posting DROP CONSTRAINT posting_amount_check")
    limit = next(iter(posting.columns["amount"].constraints)).sqltext  # type: ignore[attr-defined]
    op.execute(f"ALTER TABLE posting ADD CONSTRAINT posting_amount_check CHECK ({limit})")
    op.execute(f"ALTER TABLE posting ADD CONSTRAINT posting_moves_something CHECK ({moves})")
    for index in posting.indexes:
        index.create(op.get_bind())
