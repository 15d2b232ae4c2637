"""Addresses that get no mail any more: they bounced, or their owners asked for it."""

import hashlib

from sqlalchemy import Connection

from pipeline.ledger.bulk import insert, next_id
from pipeline.ledger.connection import Ledger, now


def address_hash(address: str) -> str:
    """What is kept of an address, whatever its case."""
    return hashlib.sha256(address.strip().lower().encode()).hexdigest()


def standing(ledger: Ledger) -> set[str]:
    """The hashes of the addresses that are suppressed now."""
    rows = ledger.rows("SELECT address_sha256, action FROM suppression ORDER BY id")
    return {sha256 for sha256, action in dict(map(tuple, rows)).items() if action == "add"}


def stands(ledger: Ledger, address: str) -> bool:
    """Whether an address is suppressed now."""
    last = "SELECT action FROM suppression WHERE address_sha256 = '{}' ORDER BY id DESC LIMIT 1"
    return any(row[0] == "add" for row in ledger.rows(last.format(address_hash(address))))


def record(ledger: Ledger, address: str, action: str, reason: str, actor: str) -> None:
    """``add`` an address or ``remove`` it."""
    with ledger.transaction() as connection:
        write(connection, address, action, reason, actor)


def write(connection: Connection, address: str, action: str, reason: str, actor: str) -> None:
    """``record`` inside a transaction."""
    columns = ("id", "address_sha256", "action", "reason", "actor", "recorded_at")
    row = (next_id(connection, "suppression"), address_hash(address), action, reason, actor,
           now(connection))  # fmt: skip
    insert(connection, "suppression", columns, [row])
