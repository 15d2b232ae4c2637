"""A closed statement may be undone: the chain is a log, what stands of it a view."""

from alembic import op
from sqlalchemy import inspect

from pipeline.ledger import anew, rules
from pipeline.ledger.schema import metadata

revision = "0007"
down_revision = "0006"
_KEPT = "statement_id, bank_account_no, ord, prev_ord, opening, closing, actor"


def upgrade() -> None:
    """Move the closed statements into the log; a ledger of this release has it already."""
    connection = op.get_bind()
    if inspect(connection).has_table("statement_chain"):
        return
    kept = f"CREATE TEMP TABLE kept AS SELECT {_KEPT} FROM closed_statement"
    connection.exec_driver_sql(kept)
    anew.drop(connection, "closed_statement")
    metadata.tables["statement_chain"].create(connection)
    connection.exec_driver_sql(f"INSERT INTO statement_chain ({_KEPT}) SELECT {_KEPT} FROM kept")
    connection.exec_driver_sql("DROP TABLE kept")
    rules.create(connection, only="statement_chain")
    rules.renew(connection, "statement")
