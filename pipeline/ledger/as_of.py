"""What customers owed as of a date, as the ledger knew it at a register (accounting, section 9)."""

import datetime as dt
import json
from typing import Any

import polars as pl

from pipeline.ledger.connection import Ledger

_SCHEMA = {
    "entry_id": pl.Int64,
    **dict.fromkeys(("party_no", "document_type", "document_no"), pl.String),
    "instalment": pl.Int64,
    "posting_date": pl.Date,
    "due_date": pl.Date,
    "currency": pl.String,
    "amount": pl.Int64,
    "remaining_amount": pl.Int64,
}


def customer_entries(
    ledger: Ledger, as_of: dt.date, register_no: int, first: str = "", last: str = ""
) -> pl.DataFrame:
    """Entries of customers open as of a date, by registers up to ``register_no``.

    ``amount`` and ``remaining_amount`` are minor units, what the customer owes positive. An
    application counts from the latest posting date of the entries that it joins. ``first`` and
    ``last`` bound the customer numbers, both included.
    """
    between = _between(first, last, "e.")
    sql = (
        "WITH day AS (SELECT a.journal_entry_no AS no, max(e.posting_date) AS latest"
        " FROM application a JOIN entry e ON e.id = a.entry_id"
        f" WHERE e.party_type = 'customer' GROUP BY a.journal_entry_no),"
        " used AS (SELECT a.entry_id AS id, sum(a.entry_amount) AS amount FROM application a"
        " JOIN journal_entry j ON j.no = a.journal_entry_no JOIN day d ON d.no = j.no"
        f" WHERE j.posting_date <= '{as_of}' AND d.latest <= '{as_of}'"
        f" AND j.register_no <= {register_no} GROUP BY a.entry_id),"
        " known AS (SELECT e.id, e.party_no, e.document_type, e.document_no, e.instalment,"
        " e.posting_date, e.due_date, e.currency, e.amount,"
        " CAST(e.initial_amount - coalesce(u.amount, 0) AS BIGINT) AS remaining FROM entry e"
        " JOIN journal_entry j ON j.no = e.journal_entry_no LEFT JOIN used u ON u.id = e.id"
        f" WHERE e.party_type = 'customer' AND e.posting_date <= '{as_of}'"
        f" AND j.register_no <= {register_no}{between})"
        " SELECT * FROM known WHERE remaining <> 0"
        " ORDER BY party_no, currency, posting_date, document_no, instalment, id"
    )
    return ledger.frame(sql, _SCHEMA)


def customers(ledger: Ledger, first: str = "", last: str = "") -> list[dict[str, Any]]:
    """Number, name, second name and the other loaded fields of customers, in number order."""
    rows = ledger.rows(
        "SELECT e.party_no, e.name, e.name_2, e.fields FROM party e WHERE"
        f" e.party_type = 'customer'{_between(first, last, 'e.')} ORDER BY e.party_no"
    )
    return [{**json.loads(row[3]), "no": row[0], "name": row[1], "name_2": row[2]} for row in rows]


def _between(first: str, last: str, table: str) -> str:
    """Bounds on the customer number; quotes doubled, since numbers come from loaded files."""
    quoted = [text.replace("'", "''") for text in (first, last)]
    low = f" AND {table}party_no >= '{quoted[0]}'" if first else ""
    return low + (f" AND {table}party_no <= '{quoted[1]}'" if last else "")
