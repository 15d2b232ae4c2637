"""What people are told by mail: what waits for them in the queue, the reports of the nights."""

import json
from typing import Any

from pipeline.ledger import attention
from pipeline.ledger.connection import Ledger, insert, next_id, now
from pipeline.ledger.decisions import DECIDING

Row = dict[str, Any]
_COLUMNS = ("id", "name", "told", "message_id", "outcome", "reason", "actor", "recorded_at")
_WAITS = f"x.status = 'open' AND x.id NOT IN ({attention.PUT_OFF})"


def assigned(ledger: Ledger, today: str) -> list[Row]:
    """Open items that somebody has: ``id, assigned_to, opened_on, remaining, currency``.

    What is put off beyond ``today`` (ISO date) is none of them.
    """
    sql = (
        "SELECT x.id, x.assigned_to, x.opened_on, x.remaining, x.currency FROM exception_item x"
        f" WHERE {_WAITS} AND x.assigned_to <> '' ORDER BY x.id"
    )
    return ledger.records(sql, today=today)


def of_nobody(ledger: Ledger, today: str) -> tuple[int, int]:
    """How many open items nobody has, and the number of the newest; as ``assigned`` counts."""
    sql = (
        "SELECT count(*) AS items, coalesce(max(x.id), 0) AS newest FROM exception_item x WHERE"
        f" {_WAITS} AND x.assigned_to = ''"
    )
    found = ledger.records(sql, today=today)[0]
    return int(found["items"]), int(found["newest"])


def waiting(ledger: Ledger) -> list[Row]:
    """Decisions that wait for a second person: ``id`` of the item, ``decision``, ``actor``, ...

    ``amount`` of the line in minor units of ``currency``; ``written_off`` a magnitude.
    """
    sql = (
        "SELECT x.id, d.id AS decision, d.actor, d.written_off, l.amount, s.currency FROM decision"
        " d JOIN exception_item x ON x.line_id = d.line_id JOIN statement_line l ON l.line_id ="
        " d.line_id JOIN statement s ON s.id = l.statement_id WHERE d.outcome = 'waiting' AND"
        " x.status = 'open' AND NOT EXISTS (SELECT 1 FROM decision n WHERE n.line_id = d.line_id"
        f" AND n.id > d.id AND n.action IN {DECIDING}) ORDER BY x.id"
    )
    return ledger.records(sql)


def last(ledger: Ledger) -> dict[str, Row]:
    """What each person was told last, by name: the ``told`` of ``record``.

    A mail that the server refused told nobody anything.
    """
    sql = (
        "SELECT n.name, n.told FROM queue_notice n WHERE n.id = (SELECT max(m.id) FROM"
        " queue_notice m WHERE m.name = n.name AND m.outcome <> 'failed')"
    )
    return {row["name"]: json.loads(row["told"]) for row in ledger.records(sql)}


def was_told(ledger: Ledger, name: str, told: Row) -> bool:
    """Whether a person was told just this, however much was told since."""
    sql = (
        "SELECT 1 FROM queue_notice WHERE name = :name AND told = :told AND outcome <> 'failed'"
        " LIMIT 1"
    )
    return bool(ledger.records(sql, name=name, told=_kept(told)))


def record(
    ledger: Ledger, name: str, told: Row, message_id: str, outcome: tuple[str, str], actor: str
) -> None:
    """Keep what a person was told; ``outcome``: sent, unknown or failed, and why."""
    with ledger.transaction() as connection:
        row = [next_id(connection, "queue_notice"), name, _kept(told), message_id,
               *outcome, actor, now(connection)]  # fmt: skip
        insert(connection, "queue_notice", _COLUMNS, [row])


def _kept(told: Row) -> str:
    return json.dumps(told, sort_keys=True)
