"""Exception items say their currency and account; how many waited on which day is kept."""

from alembic import op
from sqlalchemy import inspect

from pipeline.ledger import anew
from pipeline.ledger.schema import metadata

revision = "0025"
down_revision = "0024"
_NEW = ("currency", "bank_account_no")
_INDEXES = ("exception_item_queue", "exception_item_age", "exception_item_reason")
_OF_THE_STATEMENT = (
    "(SELECT s.{name} FROM statement s JOIN statement_line l ON l.statement_id = s.id WHERE"
    " l.line_id = exception_item.line_id)"
)


def upgrade() -> None:
    """Make table and columns and fill them, where the first revision did not make them already."""
    connection = op.get_bind()
    if any(c["name"] in _NEW for c in inspect(connection).get_columns("exception_item")):
        return
    metadata.tables["queue_day"].create(connection)
    metadata.tables["queue_total"].create(connection)  # the rules of items write to it
    if connection.dialect.name == "sqlite":
        connection.exec_driver_sql("PRAGMA defer_foreign_keys = ON")  # who saw it refers to it
        anew.make(connection, "exception_item")
    else:
        for name in _NEW:
            op.execute(f"ALTER TABLE exception_item ADD COLUMN {name} TEXT NOT NULL DEFAULT ''")
        op.execute("DROP INDEX exception_item_queue")
        for index in metadata.tables["exception_item"].indexes:
            if index.name in _INDEXES:
                index.create(connection)
    filled = ", ".join(f"{name} = {_OF_THE_STATEMENT.format(name=name)}" for name in _NEW)
    op.execute(f"UPDATE exception_item SET {filled}")
