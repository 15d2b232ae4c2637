"""Who takes care of an item without anybody saying so: by a rule, or because it is old.

Each item is routed once and escalated once: what people say about it later stands.
"""

import json
from collections.abc import Mapping

from sqlalchemy import Connection, text

from pipeline.ledger import attention, decisions
from pipeline.ledger.bulk import placeholder
from pipeline.ledger.connection import Ledger, now

_DID = (
    "EXISTS (SELECT 1 FROM decision d WHERE d.line_id = x.line_id AND d.action IN ('escalate', {}))"
)
_ROUTE = (
    "SELECT x.id, x.line_id, x.reason, x.bank_account_no FROM exception_item x"
    " WHERE x.status = 'open' AND x.assigned_to = '' AND NOT "
    + _DID.format("'assign'")
    + " ORDER BY x.id"
)
_ESCALATE = (
    "SELECT x.id, x.line_id FROM exception_item x WHERE x.status = 'open' AND x.opened_on <"
    " :before AND x.assigned_to <> :to AND NOT "
    + _DID.format("''")
    + f" AND x.id NOT IN ({attention.PUT_OFF})"
    " ORDER BY x.id"
)


def route(ledger: Ledger, people: Mapping[str, str], actor: str) -> int:
    """Give items that nobody ever had to whom their reason, else their bank account, leads.

    ``people``: a reason or the number of a bank account -> a name. Returns how many.
    """
    if not people:
        return 0
    with ledger.transaction() as connection:
        rows = connection.execute(text(_ROUTE)).all()
        given = [
            (number, line_id, people.get(reason) or people.get(account, ""))
            for number, line_id, reason, account in rows
        ]
        return _give(connection, "assign", [row for row in given if row[2]], actor, "routed")


def escalate(ledger: Ledger, to: str, before: str, actor: str, reason: str) -> int:
    """Give items that are older than ``before`` (ISO date) to a person; returns how many.

    What somebody put off waits for its day.
    """
    with ledger.transaction() as connection:
        values = {"before": before, "to": to, "today": now(connection)[:10]}
        rows = connection.execute(text(_ESCALATE), values).all()
        given = [(number, line_id, to) for number, line_id in rows]
        return _give(connection, "escalate", given, actor, reason)


def _give(
    connection: Connection, action: str, given: list[tuple[int, int, str]], actor: str, reason: str
) -> int:
    """Note and assign items (number, line, name)."""
    if not given:
        return 0
    notes = [(line_id, json.dumps({"to": name})) for _, line_id, name in given]
    decisions.note_lines(connection, action, notes, actor, reason)
    mark = placeholder(connection)
    sql = f"UPDATE exception_item SET assigned_to = {mark} WHERE id = {mark}"
    connection.exec_driver_sql(sql, [(name, number) for number, _, name in given])
    return len(given)
