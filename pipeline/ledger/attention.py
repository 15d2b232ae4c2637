"""What people do around an item without deciding it: see it, put it off, keep a filter."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import text

from pipeline.ledger import decisions
from pipeline.ledger.connection import Ledger, insert, next_id, now

Row = dict[str, Any]
UNTIL = (
    "(SELECT o.until FROM item_later o WHERE o.id = (SELECT max(n.id) FROM item_later n WHERE"
    " n.item_id = {item}))"
)
"""SQL: until when an item is put off; null or empty where it never was, or is no longer."""
PUT_OFF = (
    "SELECT o.item_id FROM item_later o WHERE o.until > :today AND NOT EXISTS (SELECT 1 FROM"
    " item_later n WHERE n.item_id = o.item_id AND n.id > o.id)"
)
"""SQL: the items that are put off on the day ``today``."""


def today(ledger: Ledger) -> str:
    """The day by the clock of the database (UTC): when something is put off is no business date."""
    with ledger.reading() as connection:
        return now(connection)[:10]


def put_off(ledger: Ledger, note: Mapping[str, Any], item_no: int, until: str) -> None:
    """Record a note and until when an item is put off; empty ends that."""
    with ledger.transaction() as connection:
        decisions.note_item(connection, note, item_no)
        row = [next_id(connection, "item_later"), item_no, until, note["actor"], now(connection)]
        insert(connection, "item_later", ("id", "item_id", "until", "actor", "recorded_at"), [row])


def put_off_until(ledger: Ledger, item_no: int) -> str:
    """Until when an item is put off; empty: it is not."""
    return str(ledger.rows(f"SELECT {UNTIL.format(item=int(item_no))}")[0][0] or "")


def saw(ledger: Ledger, item_no: int, name: str, version: str) -> None:
    """Keep that a person saw an item as it is; once for each version."""
    values = {"item": item_no, "name": name, "version": version}
    known = "SELECT 1 FROM item_seen WHERE item_id = :item AND name = :name AND version = :version"
    with ledger.transaction() as connection:
        if connection.execute(text(known), values).first():
            return
        row = [next_id(connection, "item_seen"), item_no, name, version, now(connection)]
        insert(connection, "item_seen", ("id", "item_id", "name", "version", "recorded_at"), [row])


def seen(ledger: Ledger, item_no: int) -> list[Row]:
    """Who saw an item, oldest first: ``name, version, recorded_at``."""
    sql = "SELECT name, version, recorded_at FROM item_seen WHERE item_id = :item ORDER BY id"
    return ledger.records(sql, item=item_no)


def keep_filter(ledger: Ledger, person: str, name: str, query: str) -> None:
    """Keep a filter of a person under a name; an empty query removes it."""
    with ledger.transaction() as connection:
        row = [next_id(connection, "saved_filter"), person, name, query, now(connection)]
        insert(connection, "saved_filter", ("id", "person", "name", "query", "recorded_at"), [row])


def filters(ledger: Ledger, person: str) -> dict[str, str]:
    """The filters of a person: name -> query."""
    sql = (
        "SELECT f.name, f.query FROM saved_filter f WHERE f.person = :person AND f.query <> '' AND"
        " NOT EXISTS (SELECT 1 FROM saved_filter n WHERE n.person = f.person AND n.name = f.name"
        " AND n.id > f.id) ORDER BY f.name"
    )
    return {row["name"]: row["query"] for row in ledger.records(sql, person=person)}
