"""A table of before made as this release defines it, its rows kept.

SQLite has no way to add a constraint, and what was added would not be defined as what was made.
"""

from sqlalchemy import Connection, inspect

from pipeline.ledger import rules
from pipeline.ledger.schema import metadata


def make(connection: Connection, name: str) -> None:
    """Make the table and its rules again; columns that are new get their default."""
    known = {column["name"] for column in inspect(connection).get_columns(name)}
    table = metadata.tables[name]
    kept = ", ".join(column.name for column in table.columns if column.name in known)
    connection.exec_driver_sql(f"CREATE TEMP TABLE kept_{name} AS SELECT {kept} FROM {name}")
    drop(connection, name)
    table.create(connection)
    connection.exec_driver_sql(f"INSERT INTO {name} ({kept}) SELECT {kept} FROM kept_{name}")
    connection.exec_driver_sql(f"DROP TABLE kept_{name}")
    rules.create(connection, only=name)


def drop(connection: Connection, name: str) -> None:
    """Drop a table with its rules; of PostgreSQL's functions those that no table uses go too."""
    sqlite = connection.dialect.name == "sqlite"
    functions = [] if sqlite else list(connection.exec_driver_sql(_FUNCTIONS, (name,)).scalars())
    connection.exec_driver_sql(f"DROP TABLE {name}")
    for function in functions:
        connection.exec_driver_sql(f"DROP FUNCTION {function}()")


_FUNCTIONS = (
    "SELECT DISTINCT p.proname FROM pg_trigger t JOIN pg_proc p ON p.oid = t.tgfoid"
    " WHERE t.tgrelid = %s::regclass AND NOT t.tgisinternal"
)
