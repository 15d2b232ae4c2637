"""What waits is counted and summed up by rules, and says which match opened it."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.schema import CreateIndex

from pipeline.ledger import anew, rules
from pipeline.ledger.schema import metadata

revision = "0026"
down_revision = "0025"
_COUNTED = (
    "INSERT INTO queue_total (currency, bank_account_no, reason, assigned_to, opened_on, items,"
    " money_in, money_out) SELECT currency, bank_account_no, reason, assigned_to,"
    " coalesce(opened_on, ''), count(*), sum(CASE WHEN remaining > 0 THEN remaining ELSE 0 END),"
    " sum(CASE WHEN remaining < 0 THEN remaining ELSE 0 END) FROM exception_item WHERE status ="
    " 'open' GROUP BY currency, bank_account_no, reason, assigned_to, coalesce(opened_on, '')"
)


def upgrade() -> None:
    """Make what an earlier revision did not make already, and count what waits."""
    connection = op.get_bind()
    metadata.tables["queue_total"].create(connection, checkfirst=True)
    items = metadata.tables["exception_item"]
    if all(c["name"] != "opening" for c in sa.inspect(connection).get_columns(items.name)):
        if connection.dialect.name == "sqlite":
            connection.exec_driver_sql("PRAGMA defer_foreign_keys = ON")  # who saw it refers to it
            anew.make(connection, items.name)
        else:
            new = sa.Column("opening", sa.BigInteger, nullable=False, server_default="0")
            op.add_column(items.name, new)
            for index in items.indexes:
                connection.execute(CreateIndex(index, if_not_exists=True))
            rules.create(connection, only=items.name)
    op.execute("DELETE FROM queue_total")
    op.execute(_COUNTED)
