"""Who may sign in at ``lettrage serve``: each state of a person is a row, the newest one holds.

Passwords are kept as hashes that the caller made; a state that is replaced loses its own.
"""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import text

from pipeline.ledger.connection import Ledger, insert, next_id, now

Row = dict[str, Any]
_COLUMNS = ("id", "name", "action", "role", "password_hash", "actor", "recorded_at")
_NEWEST = "p.id = (SELECT max(n.id) FROM page_user n WHERE n.name = p.name)"


def standing(ledger: Ledger) -> list[Row]:
    """Those who may sign in, by name: ``name, role, password_hash, actor, recorded_at``."""
    return [row for row in newest(ledger).values() if row["action"] != "remove"]


def newest(ledger: Ledger) -> dict[str, Row]:
    """The newest state of each person by name, also of those who were removed (``action``)."""
    sql = f"SELECT p.* FROM page_user p WHERE {_NEWEST} ORDER BY p.name"
    return {row["name"]: row for row in ledger.records(sql)}


def approves(known: Mapping[str, Row], name: str) -> bool:
    """Whether somebody of ``newest`` may approve what others prepared."""
    found = known.get(name)
    return found is not None and found["action"] != "remove" and found["role"] == "approver"


def record(ledger: Ledger, name: str, action: str, role: str, password: str, actor: str) -> None:
    """Write a newer state of a person; ``password`` is a hash, empty for ``remove``."""
    with ledger.transaction() as connection:
        blank = text("UPDATE page_user SET password_hash = '' WHERE name = :name")
        connection.execute(blank, {"name": name})
        number = next_id(connection, "page_user")
        row = [number, name, action, role, password, actor, now(connection)]
        insert(connection, "page_user", _COLUMNS, [row])
