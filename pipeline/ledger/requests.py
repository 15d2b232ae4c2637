"""Requests of one person that a second one carries out: an append-only table, nothing else.

A request is used up by the row that names it; it stands only while its subject is as it was seen.
"""

from dataclasses import dataclass

from sqlalchemy import text

from pipeline.ledger.connection import Ledger, insert, next_id, now

POLICY = "policy"
"""The kind that approves a policy: its subject is the hash, and it says what the policy says."""


@dataclass(frozen=True, slots=True)
class Request:
    """What one person asked for."""

    number: int
    kind: str
    subject: str
    seen: str
    actor: str
    reason: str
    recorded_at: str


_SELECT = "SELECT id, kind, subject, seen, actor, reason, recorded_at FROM request"


def standing(ledger: Ledger, kind: str, subject: str, seen: str) -> list[Request]:
    """Requests for this that saw the same state, oldest first."""
    sql = text(f"{_SELECT} WHERE kind = :kind AND subject = :subject AND seen = :seen ORDER BY id")
    with ledger.reading() as connection:
        found = connection.execute(sql, {"kind": kind, "subject": subject, "seen": seen})
        return [Request(*row) for row in found]


def people(
    ledger: Ledger, kind: str, subject: str, *, until: str = "", seen: str | None = None
) -> list[str]:
    """Who asked for this, in that order, each once; ``until`` is a time, to the second.

    ``seen``: only who saw this state; None: any.
    """
    sql = text(
        "SELECT actor FROM request WHERE kind = :kind AND subject = :subject AND"
        " (:until = '' OR substr(recorded_at, 1, 19) <= :until)"
        f"{'' if seen is None else ' AND seen = :seen'} ORDER BY id"
    )
    values = {"kind": kind, "subject": subject, "until": until[:19]}
    values |= {} if seen is None else {"seen": seen}
    with ledger.reading() as connection:
        return _each_once([str(row[0]) for row in connection.execute(sql, values)])


def people_by_subject(ledger: Ledger, kind: str) -> dict[tuple[str, str], list[str]]:
    """As ``people``, for all subjects of a kind and each state that was seen of them."""
    names: dict[tuple[str, str], list[str]] = {}
    for request in of_kind(ledger, kind):
        names.setdefault((request.subject, request.seen), []).append(request.actor)
    return {key: _each_once(own) for key, own in names.items()}


def _each_once(names: list[str]) -> list[str]:
    return list({name.strip().casefold(): name for name in reversed(names)}.values())[::-1]


def of_kind(ledger: Ledger, kind: str) -> list[Request]:
    """All requests of a kind, oldest first."""
    with ledger.reading() as connection:
        found = connection.execute(text(f"{_SELECT} WHERE kind = :kind ORDER BY id"),
                                   {"kind": kind})  # fmt: skip
        return [Request(*row) for row in found]


def record(ledger: Ledger, kind: str, subject: str, seen: str, actor: str, reason: str) -> None:
    """Record a request, once for each person and state."""
    with ledger.transaction() as connection:
        known = connection.execute(
            text("SELECT 1 FROM request WHERE kind = :kind AND subject = :subject AND"
                 " seen = :seen AND actor = :actor"),
            {"kind": kind, "subject": subject, "seen": seen, "actor": actor},
        ).first()  # fmt: skip
        if known is None:
            row = (next_id(connection, "request"), kind, subject, seen, actor, reason,
                   now(connection))  # fmt: skip
            columns = ("id", "kind", "subject", "seen", "actor", "reason", "recorded_at")
            insert(connection, "request", columns, [row])
