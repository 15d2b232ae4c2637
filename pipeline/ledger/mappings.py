"""What people taught: text or payer -> party or G/L account. Every state of a mapping is a row.

Matching reads the mappings that hold (``in_force``) and nothing else; an edit, an approval and a
removal are newer states, with who and when. What a decision taught ends when the decision is
reversed.
"""

from collections.abc import Mapping
from typing import Any

import polars as pl
from sqlalchemy import Connection, text

from pipeline.domain import frames
from pipeline.domain.errors import DecisionError
from pipeline.ledger.connection import Ledger, insert, next_id, now

Row = dict[str, Any]
WHAT = ("kind", "pattern", "target_type", "target_no", "side", "amount_limit", "currency")
"""What a mapping says; the other columns tell how it came to say so."""

_COLUMNS = ("mapping_no", "action", *WHAT, "actor", "prepared_by", "decision_id", "reason")
_NEWEST = "m.id = (SELECT max(n.id) FROM mapping n WHERE n.mapping_no = m.mapping_no)"
_UNDONE = (
    "(m.action = 'add' AND EXISTS (SELECT 1 FROM decision u JOIN journal_entry j ON j.register_no ="
    " u.register_no AND j.line_id = u.line_id JOIN journal_entry r ON r.reverses_no = j.no WHERE"
    " u.id = m.decision_id))"
)
STANDING = f"{_NEWEST} AND m.action <> 'remove' AND NOT {_UNDONE}"
"""Of states ``m`` those by which mappings hold now."""
_AGREED = "(m.action = 'approve' OR m.target_type = 'gl' OR m.side = 'out')"
"""Of standing ones those that wait for no second person; the rest ask for one when they post."""
_STATES = (
    "SELECT m.*, x.id AS exception, coalesce(d.prepared_by, '') AS exception_prepared_by, CASE WHEN"
    f" {_UNDONE} THEN 1 ELSE 0 END AS undone FROM"
    " mapping m LEFT JOIN decision d ON d.id = m.decision_id"
    " LEFT JOIN exception_item x ON x.line_id = d.line_id"
)


def in_force(ledger: Ledger, *, two_people: bool = False) -> pl.DataFrame:
    """The mappings that hold now (``frames.MAPPINGS``), by their number.

    ``two_people``: who pays us is told by approved ones only.
    """
    special = {"approved": "CASE WHEN m.action = 'approve' THEN 1 ELSE 0 END AS approved"}
    columns = ", ".join(special.get(name, f"m.{name}") for name in frames.MAPPINGS)
    holds = f"{STANDING} AND {_AGREED}" if two_people else STANDING
    sql = f"SELECT {columns} FROM mapping m WHERE {holds} ORDER BY m.mapping_no"
    return ledger.frame(sql, frames.MAPPINGS)


def standing(ledger: Ledger) -> list[Row]:
    """The newest state of each mapping that holds now, by number."""
    return [row for row in states(ledger) if row["action"] != "remove" and not row["undone"]]


def states(ledger: Ledger, *, newest: bool = True) -> list[Row]:
    """Mappings by number: the newest state of each, removed ones too, or every state in order.

    ``exception`` is the item of the decision from which a mapping was learnt, else None, and
    ``exception_prepared_by`` who prepared that decision where another person accepted it;
    ``undone`` is set where that decision was reversed and nobody said more since.
    """
    where = f" WHERE {_NEWEST}" if newest else ""
    return ledger.records(f"{_STATES}{where} ORDER BY m.mapping_no, m.id")


def add(
    connection: Connection, said: Row, actor: str, *, reason: str = "", decision: int | None = None
) -> int:
    """Write a new mapping inside a transaction; ``said`` by ``WHAT``. Returns its number."""
    number = next_id(connection, "mapping", "mapping_no")
    _write(connection, number, "add", said, actor, reason=reason, decision=decision)
    return number


def change(ledger: Ledger, seen: Row, action: str, said: Row, actor: str, reason: str) -> None:
    """Write a newer state (``edit``, ``approve``, ``remove``) of the mapping whose state was seen.

    DecisionError when somebody changed it meanwhile.
    """
    number = seen["mapping_no"]
    with ledger.transaction() as connection:
        sql = text("SELECT max(id) FROM mapping WHERE mapping_no = :number")
        if connection.execute(sql, {"number": number}).scalar() != seen["id"]:
            raise DecisionError(
                f"mapping {number} was changed by somebody else meanwhile; nothing was written,"
                " see: lettrage mapping list"
            )
        before = seen["actor"] if action == "approve" else ""
        _write(connection, number, action, said, actor, prepared=before, reason=reason,
               decision=seen["decision_id"])  # fmt: skip


def _write(
    connection: Connection,
    number: int,
    action: str,
    said: Row,
    actor: str,
    *,
    prepared: str = "",
    reason: str = "",
    decision: int | None = None,
) -> None:
    cells: Mapping[str, Any] = {
        **{name: said[name] for name in WHAT},
        "mapping_no": number,
        "action": action,
        "actor": actor,
        "prepared_by": prepared,
        "decision_id": decision,
        "reason": reason,
    }
    row = [next_id(connection, "mapping"), *[cells[name] for name in _COLUMNS], now(connection)]
    insert(connection, "mapping", ("id", *_COLUMNS, "recorded_at"), [row])


_PAID = (
    "statement_line l JOIN journal_entry j ON j.line_id = l.line_id JOIN application a ON"
    " a.journal_entry_no = j.no WHERE l.amount > 0 AND j.reverses_no IS NULL AND NOT EXISTS (SELECT"
    " 1 FROM journal_entry r WHERE r.reverses_no = j.no) AND a.role = 'settles' AND a.party_type IN"
    " ('customer', 'vendor')"
)
"""Shares of parties in receipts that stand."""


def paid_before(ledger: Ledger, account: str, name: str) -> set[tuple[str, str]]:
    """The parties that posted receipts of this payer settle: of its account, else of its name."""
    column, value = ("counterparty_account", account) if account else ("counterparty_name", name)
    sql = f"SELECT DISTINCT a.party_type, a.party_no FROM {_PAID} AND l.{column} = :value"
    with ledger.reading() as connection:
        return {(row[0], row[1]) for row in connection.execute(text(sql), {"value": value})}


def paid_for_others(ledger: Ledger) -> dict[int, list[str]]:
    """By mapping of a payer to a party: other parties whose entries its receipts settled."""
    found: dict[int, list[str]] = {}
    for kind in ("account", "name"):
        sql = (
            f"SELECT DISTINCT m.mapping_no, a.party_type, a.party_no FROM mapping m, {_PAID} AND"
            f" l.counterparty_{kind} = m.pattern AND m.kind = 'payer_{kind}' AND {_NEWEST} AND"
            " m.target_type <> 'gl' AND (a.party_type <> m.target_type OR a.party_no <>"
            " m.target_no) ORDER BY 1, 2, 3"
        )
        for number, party_type, party_no in ledger.rows(sql):
            found.setdefault(number, []).append(f"{party_type} {party_no}")
    return found
