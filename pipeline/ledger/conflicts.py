"""Entries whose source says otherwise: what it said, and who ended that, as a log.

A row is a state: ``arose`` by a load, ``agreed`` by a later one, ``ended`` by a person. What a
person ended stays so until the source says something else.
"""

from typing import Any

import polars as pl
from sqlalchemy import Connection

from pipeline.domain.errors import StaleDecisionError
from pipeline.ledger.bulk import insert, placeholder
from pipeline.ledger.connection import Ledger, next_id, now
from pipeline.ledger.reading import quoted

HOLD = "source_conflict"
"""How ``entry.on_hold`` begins while the conflict stands; what the source itself holds follows."""
_COLUMNS = ("id", "entry_id", "action", "said", "actor", "second_actor", "reason",
            "after_register", "recorded_at")  # fmt: skip
_HEAD = "SELECT value FROM counter WHERE name = 'register'"
Row = dict[str, Any]


def last(ledger: Ledger) -> dict[int, tuple[str, str]]:
    """The last action of each entry of the log and what the source said, by entry id."""
    sql = (
        "SELECT c.entry_id, c.action, c.said FROM source_conflict c WHERE c.id ="
        " (SELECT max(m.id) FROM source_conflict m WHERE m.entry_id = c.entry_id)"
    )
    return {int(row[0]): (str(row[1]), str(row[2])) for row in ledger.rows(sql)}


def standing(ledger: Ledger, named: str = "", party: str = "") -> list[Row]:
    """Entries in conflict, those of a document number and party where they are named.

    ``id, party_type, party_no, document_type, document_no, instalment, currency, remaining_amount,
    on_hold, state, said, since, by``; ``state`` is the number of what is said in the log, or 0.
    """
    schema: dict[str, Any] = {
        "id": pl.Int64, "party_type": pl.String, "party_no": pl.String,
        "document_type": pl.String, "document_no": pl.String, "instalment": pl.Int64,
        "currency": pl.String, "remaining_amount": pl.Int64, "on_hold": pl.String,
        "state": pl.Int64, "said": pl.String, "since": pl.String, "by": pl.String,
    }  # fmt: skip
    also = f" AND e.document_no = {quoted(named)}" if named else ""
    also += f" AND e.party_no = {quoted(party)}" if party else ""
    sql = (
        "SELECT e.id, e.party_type, e.party_no, e.document_type, e.document_no, e.instalment,"
        " e.currency, e.remaining_amount, e.on_hold, coalesce(c.id, 0),"
        " coalesce(c.said, ''),"
        " coalesce(substr(c.recorded_at, 1, 10), ''), coalesce(c.actor, '') FROM entry e LEFT JOIN"
        " source_conflict c ON c.entry_id = e.id AND c.action = 'arose' AND c.id ="
        " (SELECT max(m.id) FROM source_conflict m WHERE m.entry_id = e.id) WHERE"
        f" substr(e.on_hold, 1, {len(HOLD)}) = '{HOLD}'{also} ORDER BY e.id"
    )
    return ledger.frame(sql, schema).to_dicts()


def record(connection: Connection, found: list[tuple[int, str, str]], actor: str) -> None:
    """Keep what a load says of conflicts: entry id, action and what the source said."""
    _write(connection, [(*one, actor, "", "") for one in found])


def end(connection: Connection, row: Row, people: tuple[str, str], reason: str) -> None:
    """A person ends the conflict of an entry as ``standing`` gave it; ``people``: who, who first.

    StaleDecisionError where a load has changed it since.
    """
    mark = placeholder(connection)
    rest = row["on_hold"].removeprefix(HOLD).removeprefix("; ")
    sql = (
        f"UPDATE entry SET on_hold = {mark} WHERE id = {mark} AND on_hold = {mark} AND"
        " coalesce((SELECT max(c.id) FROM source_conflict c WHERE c.entry_id = entry.id AND"
        f" c.action = 'arose'), 0) = {mark}"
    )
    done = connection.exec_driver_sql(sql, (rest, row["id"], row["on_hold"], row["state"]))
    if done.rowcount != 1:
        raise StaleDecisionError(
            f"{row['document_no']}: a load has changed what its source says; look again:"
            " lettrage conflict list; nothing was written"
        )
    _write(connection, [(row["id"], "ended", row["said"], *people, reason)])


def _write(connection: Connection, rows: list[tuple[Any, ...]]) -> None:
    first = next_id(connection, "source_conflict")
    head = connection.exec_driver_sql(_HEAD).scalar()
    time = now(connection)
    whole = [(first + place, *row, head, time) for place, row in enumerate(rows)]
    insert(connection, "source_conflict", _COLUMNS, whole)
