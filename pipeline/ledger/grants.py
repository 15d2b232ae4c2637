"""What the service may do on PostgreSQL: insert and read, and change state columns, nothing else.

``lettrage init`` runs as the owner of the tables. A role without their ownership cannot change a
posted row, a rule or a table, whatever it runs: the rules that write counters and remaining amounts
do so as the owner.
"""

from sqlalchemy import Connection

from pipeline.domain.errors import UsageError
from pipeline.ledger.rules import APPEND_ONLY, CHANGING
from pipeline.ledger.schema import metadata

_REPLACED = ("proposal", "proposed", "queue_day", "party_iban", "party_alias")
"""Tables of which rows are replaced by newer ones."""
_BY_RULES = ("counter", "statement_event", "delivery_event", "queue_total")
"""Tables that rules alone write."""


def updatable(table: str) -> tuple[str, ...]:
    """The columns of a table that the service may change."""
    if table in CHANGING:
        return tuple(name for name in CHANGING[table] if name != "remaining_amount")
    if table in APPEND_ONLY or table in _BY_RULES:
        return ()
    return tuple(column.name for column in metadata.tables[table].columns)


def allowed(table: str, privilege: str, column: str) -> bool:
    """Whether somebody else than the owner may hold this privilege; ``column`` empty: on all."""
    if privilege == "SELECT":
        return True
    if table not in metadata.tables:
        return False
    may = updatable(table)
    if privilege == "UPDATE":
        return column in may if column else table not in CHANGING and bool(may)
    if privilege == "DELETE":
        return table in _REPLACED
    return privilege == "INSERT" and table not in _BY_RULES


def grant(connection: Connection, role: str) -> None:
    """Give ``role`` exactly what the service needs; what it held before is taken back.

    Raises UsageError where the role does not exist or owns the tables.
    """
    sql = "SELECT pg_has_role(oid, (SELECT relowner FROM pg_class WHERE oid ="
    sql += " 'register'::regclass), 'USAGE') FROM pg_roles WHERE rolname = %s"
    owns = connection.exec_driver_sql(sql, (role,)).scalar()
    if owns is None:
        raise UsageError(f"--service-role: no role {role!r}; create it first: CREATE ROLE … LOGIN")
    if owns:
        raise UsageError(f"--service-role: {role!r} owns the ledger, expected a role of its own")
    to = connection.dialect.identifier_preparer.quote(role)
    home = connection.exec_driver_sql("SELECT quote_ident(current_schema())").scalar()
    base = connection.exec_driver_sql("SELECT quote_ident(current_database())").scalar()
    for sql in (
        f"REVOKE ALL ON ALL TABLES IN SCHEMA {home} FROM {to}",
        f"GRANT TEMPORARY ON DATABASE {base} TO {to}",
        f"GRANT USAGE ON SCHEMA {home} TO {to}",
        f"GRANT USAGE ON ALL SEQUENCES IN SCHEMA {home} TO {to}",
        f"GRANT SELECT ON ALL TABLES IN SCHEMA {home} TO {to}",
        *[f"GRANT {what} TO {to}" for table in metadata.tables for what in _given(table)],
    ):
        connection.exec_driver_sql(sql)


def _given(table: str) -> list[str]:
    found = [] if table in _BY_RULES else [f"INSERT ON {table}"]
    if updatable(table):
        found.append(f"UPDATE ({', '.join(updatable(table))}) ON {table}")
    if table in _REPLACED:
        found.append(f"DELETE ON {table}")
    return found
