"""Alembic runs the upgrades on the connection that ``pipeline.ledger.connection`` hands it."""

from alembic import context

connection = context.config.attributes["connection"]
context.configure(connection=connection, transactional_ddl=True)
context.run_migrations()
