"""Proposals keep the levels of their evidence and how probable they are."""

import sqlalchemy as sa
from alembic import op

from pipeline.ledger.schema import metadata

revision = "0003"
down_revision = "0002"
_NEW = ("evidence", "probability")


def upgrade() -> None:
    """Add the columns where the first revision did not make them already; the rows stay."""
    connection = op.get_bind()
    known = [column["name"] for column in sa.inspect(connection).get_columns("proposal")]
    lacking = [name for name in _NEW if name not in known]
    if not lacking:
        return
    if connection.dialect.name == "sqlite":  # an added column would not be defined as a made one
        _made_anew(connection, ", ".join(known))
        return
    for name in lacking:
        op.add_column("proposal", sa.Column(name, sa.Text, nullable=False, server_default=""))


def _made_anew(connection: sa.Connection, columns: str) -> None:
    connection.exec_driver_sql("ALTER TABLE proposal RENAME TO proposal_before")
    metadata.tables["proposal"].create(connection)
    connection.exec_driver_sql(
        f"INSERT INTO proposal ({columns}) SELECT {columns} FROM proposal_before"
    )
    connection.exec_driver_sql("DROP TABLE proposal_before")
