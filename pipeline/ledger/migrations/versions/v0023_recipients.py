"""A statement tells a customer's own account, one of its projects, or a group's."""

from alembic import op
from sqlalchemy import inspect
from sqlalchemy.schema import AddConstraint

from pipeline.ledger import anew, rules
from pipeline.ledger.schema import metadata

revision = "0023"
down_revision = "0022"
_TABLES = ("customer_statement", "statement_skip")
_OLD = {
    "customer_statement": (
        "customer_statement_customer_no_as_of_style_prev_revision_fkey",
        "customer_statement_customer_no_as_of_style_revision_key",
        "customer_statement_run_no_customer_no_key",
    ),
    "statement_skip": ("statement_skip_pkey",),
}
"""Constraints that do not know of which account a statement is."""


def upgrade() -> None:
    """Make the columns and what is unique by them, where the first revision did not already."""
    connection = op.get_bind()
    if any(c["name"] == "unit" for c in inspect(connection).get_columns("statement_skip")):
        return
    for name in _TABLES:
        if connection.dialect.name == "sqlite":
            connection.exec_driver_sql("PRAGMA defer_foreign_keys = ON")  # deliveries refer to it
            anew.make(connection, name)
        else:
            _altered(name)
            rules.renew(connection, name)


def _altered(name: str) -> None:
    table = metadata.tables[name]
    for column in ("unit", "members"):
        if column in table.columns:
            default = table.columns[column].server_default.arg  # type: ignore[union-attr]
            op.execute(f"ALTER TABLE {name} ADD COLUMN {column} TEXT NOT NULL DEFAULT '{default}'")
    for old in _OLD[name]:
        op.execute(f"ALTER TABLE {name} DROP CONSTRAINT {old}")
    by_unit = [c for c in table.constraints if "unit" in getattr(c, "columns", ())]
    for constraint in sorted(by_unit, key=lambda c: type(c).__name__, reverse=True):
        add = AddConstraint(constraint, isolate_from_table=False)
        op.get_bind().execute(add)  # what is unique before what refers to it
